package io.firn.source.decode;

import io.firn.model.row.Row;
import io.firn.source.type.ColumnType;
import java.nio.charset.Charset;
import java.util.List;

/**
 * Decodes the rows of one table as the binlog encodes them; compiled once per table map.
 *
 * <p><b>Threading</b>: stateless after construction.
 */
public final class BinlogRowDecoder {
  private final CellDecoder[] cells;
  private final String[] names;

  /**
   * @param wireTypes type codes of the table map event
   * @param metadata metadata of the table map event
   * @param charsets per column, the character set that the binlog names for it, or null
   * @param names column names, for messages
   * @param types the columns as defined
   * @throws ValueException if the encoding cannot belong to these columns
   */
  public BinlogRowDecoder(
      byte[] wireTypes,
      int[] metadata,
      Charset[] charsets,
      List<String> names,
      List<ColumnType> types) {
    if (wireTypes.length != types.size()) {
      throw new ValueException(
          "the binlog has " + wireTypes.length + " columns, the definition has " + types.size());
    }
    this.cells = new CellDecoder[wireTypes.length];
    this.names = names.toArray(String[]::new);
    for (int i = 0; i < cells.length; i++) {
      ColumnType type = charsets[i] == null ? types.get(i) : types.get(i).withCharset(charsets[i]);
      cells[i] = BinlogCells.of(wireTypes[i] & 0xff, metadata[i], type);
      if (cells[i] == null) {
        throw new ValueException(
            "column '"
                + names.get(i)
                + "' is defined as "
                + types.get(i).kind()
                + " but encoded as type "
                + (wireTypes[i] & 0xff));
      }
    }
  }

  /** How many columns a row has. */
  public int columnCount() {
    return cells.length;
  }

  /**
   * Reads one row image with all columns.
   *
   * @throws ValueException if a value does not fit its column in the lake
   */
  public Row read(ByteCursor in) {
    int nulls = in.position();
    in.skip((cells.length + 7) / 8);
    byte[] array = in.array();
    Object[] values = new Object[cells.length];
    for (int i = 0; i < cells.length; i++) {
      if ((array[nulls + (i >> 3)] & 1 << (i & 7)) == 0) {
        try {
          values[i] = cells[i].decode(in);
        } catch (ValueException e) {
          throw new ValueException("column '" + names[i] + "': " + e.getMessage());
        }
      }
    }
    return Row.wrap(values);
  }
}
