package io.firn.source.snapshot;

import io.firn.model.row.Row;
import io.firn.source.Flavour;
import io.firn.source.connect.Names;
import io.firn.source.decode.TextCells;
import io.firn.source.decode.ValueException;
import io.firn.source.table.TableDefinition;
import io.firn.source.type.ColumnKind;
import io.firn.source.type.ColumnType;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.StringJoiner;

/**
 * Reads rows of one table from result sets, with the same values as the binlog gives.
 *
 * <p><b>Assumptions</b>: the connection comes from {@link io.firn.source.connect.Connector}, and
 * the query selects exactly {@link #columns}.
 */
public final class RowReader {
  private final Flavour flavour;
  private final String columns;
  private final List<String> names;
  private final ColumnType[] types;
  private final boolean[] binary;
  private long bytesRead;

  /** A reader for a version of a table. */
  public RowReader(Flavour flavour, TableDefinition definition) {
    this.flavour = flavour;
    this.names = definition.columnNames();
    this.types = definition.types().toArray(ColumnType[]::new);
    this.binary = new boolean[types.length];
    StringJoiner list = new StringJoiner(", ");
    for (int i = 0; i < types.length; i++) {
      ColumnKind kind = types[i].kind();
      String expression = TextCells.expression(Names.quote(names.get(i)), types[i]);
      boolean fractional = kind == ColumnKind.DATETIME || kind == ColumnKind.TIMESTAMP;
      // MariaDB's driver writes the fraction .002 of a DATETIME(3) as .2000; the server does not.
      list.add(
          flavour == Flavour.MARIADB && fractional
              ? "CAST(" + expression + " AS CHAR)"
              : expression);
      binary[i] =
          kind == ColumnKind.BYTES
              || kind == ColumnKind.BITS
              || kind == ColumnKind.GEOMETRY
              || kind == ColumnKind.BOOLEAN && types[i].length() == 1;
    }
    this.columns = list.toString();
  }

  /** What to select, in the order of the table's columns. */
  public String columns() {
    return columns;
  }

  /** Bytes read since the last call, roughly. */
  long takeBytesRead() {
    long bytes = bytesRead;
    bytesRead = 0;
    return bytes;
  }

  /**
   * The row at the cursor.
   *
   * @throws ValueException if a value does not fit its column in the lake
   */
  public Row read(ResultSet rows) throws SQLException {
    Object[] values = new Object[types.length];
    for (int i = 0; i < types.length; i++) {
      byte[] value = bytes(rows, i);
      if (value != null) {
        bytesRead += value.length + 16;
        try {
          values[i] = TextCells.decode(value, types[i]);
        } catch (ValueException e) {
          throw new ValueException("column '" + names.get(i) + "': " + e.getMessage());
        }
      }
    }
    return Row.wrap(values);
  }

  private byte[] bytes(ResultSet rows, int index) throws SQLException {
    if (flavour == Flavour.MYSQL || binary[index]) {
      return rows.getBytes(index + 1);
    }
    // MariaDB's driver gives bytes of binary types only.
    String text = rows.getString(index + 1);
    return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
  }
}
