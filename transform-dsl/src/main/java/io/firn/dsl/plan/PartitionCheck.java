package io.firn.dsl.plan;

import io.firn.dsl.finding.ClosestName;
import io.firn.dsl.finding.Findings;
import io.firn.dsl.finding.Position;
import io.firn.dsl.finding.Quoted;
import io.firn.dsl.table.PartitionField;
import io.firn.model.schema.Column;
import io.firn.model.schema.TableSchema;
import java.util.HashSet;
import java.util.Set;
import org.apache.iceberg.types.Type;

/** Checks a partitioning against a target's columns. */
final class PartitionCheck {
  private final Findings findings;

  PartitionCheck(Findings findings) {
    this.findings = findings;
  }

  void check(TableSchema schema, TableSettings settings, Position position, String path) {
    Set<String> seen = new HashSet<>();
    for (PartitionField field : settings.partitionFields()) {
      int index = schema.indexOf(field.column());
      if (index < 0) {
        findings.error(
            position,
            path,
            "The partition column "
                + Quoted.of(field.column())
                + " is not a column of "
                + Quoted.of(schema.table()),
            ClosestName.hint(
                field.column(),
                schema.columns().stream().map(Column::name).toList(),
                "name a column of the target"));
        continue;
      }
      Type type = schema.columns().get(index).type();
      if (!fits(field.transform(), type)) {
        findings.error(
            position,
            path,
            "The partition transform " + Quoted.of(field) + " cannot be applied to a " + type,
            "use one that fits the column's type");
      }
      if (!seen.add(field.toString())) {
        findings.error(
            position,
            path,
            "The partition field " + Quoted.of(field) + " is given twice",
            "keep one");
      }
    }
  }

  private static boolean fits(PartitionField.Transform transform, Type type) {
    boolean temporal = type.typeId() == Type.TypeID.DATE || type.typeId() == Type.TypeID.TIMESTAMP;
    return switch (transform) {
      case IDENTITY -> type.isPrimitiveType();
      case YEAR, MONTH, DAY -> temporal;
      case HOUR -> type.typeId() == Type.TypeID.TIMESTAMP;
      case BUCKET ->
          switch (type.typeId()) {
            case INTEGER, LONG, DECIMAL, DATE, TIME, TIMESTAMP, STRING, UUID, FIXED, BINARY -> true;
            default -> false;
          };
      case TRUNCATE ->
          switch (type.typeId()) {
            case INTEGER, LONG, DECIMAL, STRING, BINARY -> true;
            default -> false;
          };
    };
  }
}
