package io.firn.app.verify;

import io.firn.lake.read.LakeReader;
import io.firn.lake.read.RowCursor;
import io.firn.lake.table.DeletionColumns;
import io.firn.lake.table.ValidityColumns;
import io.firn.lake.table.WriteMode;
import io.firn.model.row.Row;
import io.firn.model.schema.Column;
import io.firn.model.schema.TableId;
import io.firn.model.schema.TableSchema;
import java.util.List;

/**
 * The rows of a table's newest snapshot that the source has, too: without those of deleted keys and
 * without versions that ended.
 */
final class LakeSide implements RowSide {
  private final LakeReader reader;
  private final TableId table;
  private final WriteMode mode;

  LakeSide(LakeReader reader, TableId table) {
    this.reader = reader;
    this.table = table;
    this.mode = reader.writeMode(table);
  }

  @Override
  public void scan(RowVisitor visitor) {
    try (RowCursor cursor = reader.rows(table)) {
      TableSchema layout = layout(cursor);
      String marked =
          switch (mode) {
            case SOFT_DELETE -> DeletionColumns.DELETED;
            case HISTORY -> ValidityColumns.IS_CURRENT;
            default -> null;
          };
      int mark = marked == null ? -1 : layout.indexOf(marked);
      Boolean skipped = mode == WriteMode.SOFT_DELETE;
      for (Row row = cursor.next(); row != null; row = cursor.next()) {
        if (mark < 0 || !skipped.equals(row.get(mark))) {
          visitor.row(layout, row);
        }
      }
    }
  }

  /** How the table is written. */
  WriteMode mode() {
    return mode;
  }

  /** The columns of the table as it is now. */
  TableSchema layout() {
    try (RowCursor cursor = reader.rows(table)) {
      return layout(cursor);
    }
  }

  private TableSchema layout(RowCursor cursor) {
    List<Column> columns =
        cursor.schema().columns().stream()
            .map(field -> Column.of(field.name(), field.type(), field.isOptional()))
            .toList();
    return new TableSchema(table, columns, List.of());
  }
}
