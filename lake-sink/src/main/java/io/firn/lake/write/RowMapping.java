package io.firn.lake.write;

import io.firn.lake.table.TableLayout;
import io.firn.model.error.InconsistentStateException;
import io.firn.model.row.Row;
import io.firn.model.schema.TableSchema;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.TypeUtil;
import org.apache.iceberg.types.Types;

/**
 * Where the values of a table's columns are in rows of one incoming layout; compiled once per pair
 * of layouts. Columns that the rows do not have are NULL; values of a narrower type are widened.
 *
 * <p>Immutable.
 */
final class RowMapping {
  /** Index of a column that the rows do not have. */
  static final int ABSENT = -1;

  /** Index of the first column that the write mode adds; the others follow downwards. */
  static final int ADDED = -2;

  private static final int ROW_OVERHEAD_BYTES = 96;
  private static final int VALUE_BYTES = 24;

  private final TableSchema rows;
  private final int[] indexes;
  private final Type.TypeID[] widenTo;
  private final int[] sizedIndexes;
  private final int fixedBytes;

  private RowMapping(TableSchema rows, int[] indexes, Type.TypeID[] widenTo) {
    this.rows = rows;
    this.indexes = indexes;
    this.widenTo = widenTo;
    this.sizedIndexes =
        java.util.stream.IntStream.range(0, rows.columns().size())
            .filter(i -> hasVariableSize(rows.columns().get(i).type()))
            .toArray();
    this.fixedBytes = ROW_OVERHEAD_BYTES + VALUE_BYTES * rows.columns().size();
  }

  private static boolean hasVariableSize(Type type) {
    return switch (type.typeId()) {
      case STRING, BINARY, FIXED -> true;
      default -> false;
    };
  }

  /**
   * The mapping from rows of a layout to a table's columns.
   *
   * @throws InconsistentStateException if the table has no place for a column of the rows
   */
  static RowMapping of(TableSchema rows, TableLayout layout) {
    List<Types.NestedField> fields = layout.schema().columns();
    int[] indexes = new int[fields.size()];
    Type.TypeID[] widenTo = new Type.TypeID[fields.size()];
    int mapped = 0;
    for (int i = 0; i < indexes.length; i++) {
      Types.NestedField field = fields.get(i);
      indexes[i] = rows.indexOf(field.name());
      if (indexes[i] == ABSENT) {
        int added = layout.mode().indexOf(field.name());
        indexes[i] = added < 0 ? ABSENT : ADDED - added;
        continue;
      }
      mapped++;
      Type type = rows.columns().get(indexes[i]).type();
      if (!TypeUtil.isPromotionAllowed(type, field.type().asPrimitiveType())) {
        throw misfit(rows, field.name(), "there it is of type '" + field.type() + "'");
      }
      if (type.typeId() != field.type().typeId()) {
        widenTo[i] = field.type().typeId();
      }
    }
    if (mapped < rows.columns().size()) {
      for (var column : rows.columns()) {
        if (layout.schema().asStruct().field(column.name()) == null) {
          throw misfit(rows, column.name(), "there is no such column there");
        }
      }
    }
    return new RowMapping(rows, indexes, widenTo);
  }

  private static InconsistentStateException misfit(TableSchema rows, String column, String cause) {
    return new InconsistentStateException(
        "Rows of "
            + rows.table()
            + " do not fit the table in the lake: column '"
            + column
            + "': "
            + cause
            + "; undo foreign changes of the table's columns, then start again");
  }

  /** How many columns the table has. */
  int size() {
    return indexes.length;
  }

  /** The index of a table column in rows, {@link #ABSENT}, or at most {@link #ADDED}. */
  int index(int column) {
    return indexes[column];
  }

  /** The value of a table column that the rows have. */
  Object value(Row row, int column) {
    Object value = row.get(indexes[column]);
    Type.TypeID wide = widenTo[column];
    if (wide == null || value == null) {
      return value;
    }
    return wide == Type.TypeID.LONG
        ? (Object) ((Number) value).longValue()
        : (Object) ((Number) value).doubleValue();
  }

  /** About how much heap a row takes, in bytes. */
  int sizeInBytes(Row row) {
    int bytes = fixedBytes;
    for (int index : sizedIndexes) {
      Object value = row.get(index);
      if (value instanceof CharSequence text) {
        bytes += text.length();
      } else if (value instanceof ByteBuffer buffer) {
        bytes += buffer.remaining();
      }
    }
    return bytes;
  }

  /** The incoming layout. */
  TableSchema rows() {
    return rows;
  }
}
