package io.firn.simulation.source;

import io.firn.model.row.Row;
import io.firn.model.schema.Column;
import io.firn.model.schema.TableSchema;
import io.firn.model.stream.SourcePosition;
import java.util.Map;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;

/** From the simulated source's terms to the pipeline's. */
final class Conversions {
  private Conversions() {}

  static TableSchema schema(SourceTable table) {
    return new TableSchema(
        table.id(), table.columns().stream().map(Conversions::column).toList(), table.key());
  }

  private static Column column(SourceColumn column) {
    Type type =
        switch (column.kind()) {
          case INT -> Types.IntegerType.get();
          case LONG -> Types.LongType.get();
          case TEXT -> Types.StringType.get();
        };
    return new Column(column.name(), type, column.optional(), null, column.defaultValue());
  }

  static Row row(SourceTable table, Map<String, Object> values) {
    if (values == null) {
      return null;
    }
    return Row.wrap(table.columns().stream().map(c -> values.get(c.name())).toArray());
  }

  static SourcePosition position(int transaction, long row) {
    return SourcePosition.binlog(
        SourceHistory.fileOf(transaction), SourceHistory.offsetOf(transaction), row, null);
  }
}
