package io.firn.app.verify;

import io.firn.lake.read.LakeReader;
import io.firn.lake.read.RowCursor;
import io.firn.model.row.Row;
import io.firn.model.schema.Column;
import io.firn.model.schema.TableId;
import io.firn.model.schema.TableSchema;
import java.util.List;

/** The rows of a table's newest snapshot. */
final class LakeSide implements RowSide {
  private final LakeReader reader;
  private final TableId table;

  LakeSide(LakeReader reader, TableId table) {
    this.reader = reader;
    this.table = table;
  }

  @Override
  public void scan(RowVisitor visitor) {
    try (RowCursor cursor = reader.rows(table)) {
      TableSchema layout = layout(cursor);
      for (Row row = cursor.next(); row != null; row = cursor.next()) {
        visitor.row(layout, row);
      }
    }
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
