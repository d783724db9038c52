package io.firn.dsl.plan;

import io.firn.dsl.expression.ValueType;
import io.firn.dsl.expression.ValueType.Kind;
import io.firn.dsl.sql.Columns;
import io.firn.dsl.sql.Volatility;
import java.util.Set;

/** The columns that every table has besides its own, for use in expressions. */
final class MetadataColumns {
  private static final Set<String> RESERVED =
      Set.of("__schema_name__", "__table_name__", "__namespace_name__", "__data_event_type__");

  private MetadataColumns() {}

  static boolean isReserved(String name) {
    return RESERVED.contains(name);
  }

  static void addTo(Columns columns, Set<String> metadata) {
    ValueType text = ValueType.of(Kind.TEXT, false);
    // MySQL has databases and tables only: the middle level is the database, the outer is empty.
    columns.addHidden("__namespace_name__", text, scope -> "");
    columns.addHidden("__schema_name__", text, scope -> scope.table().database());
    columns.addHidden("__table_name__", text, scope -> scope.table().name());
    columns.addHidden(
        new Columns.Column(
            "__data_event_type__", text, scope -> scope.eventType(), Volatility.KIND_OF_CHANGE));
    if (metadata.contains("op_ts") && columns.find("op_ts").isEmpty()) {
      columns.addHidden(
          new Columns.Column(
              "op_ts",
              ValueType.of(Kind.LONG, false),
              scope -> Math.floorDiv(scope.commitTimestampMicros(), 1000L),
              Volatility.TIME));
    }
  }
}
