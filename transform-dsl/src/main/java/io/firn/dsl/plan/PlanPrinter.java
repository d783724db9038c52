package io.firn.dsl.plan;

import io.firn.dsl.field.PropertyMap;
import io.firn.dsl.finding.Quoted;
import io.firn.dsl.spec.PipelineSettings;
import io.firn.dsl.spec.PipelineSpec;
import io.firn.dsl.spec.SinkSpec;
import io.firn.dsl.spec.SourceSpec;
import io.firn.dsl.table.PartitionField;
import io.firn.model.schema.Column;
import io.firn.model.schema.TableId;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Prints a plan for people. The same plan gives the same text. Of the settings that are passed on
 * to other systems only a few that cannot be secret are shown with their value, of the others the
 * name; nothing that came from a reference is ever shown.
 */
final class PlanPrinter {
  private static final Set<String> HARMLESS =
      Set.of("type", "catalog-impl", "io-impl", "warehouse", "client.region");

  private final StringBuilder out = new StringBuilder();

  private PlanPrinter() {}

  static String print(PipelinePlan plan) {
    PlanPrinter printer = new PlanPrinter();
    printer.header(plan);
    plan.targets().forEach((id, target) -> printer.target(plan, id, target));
    return printer.out.toString();
  }

  private void line(String text) {
    out.append(text).append('\n');
  }

  private void header(PipelinePlan plan) {
    PipelineSpec spec = plan.spec();
    PipelineSettings pipeline = spec.pipeline();
    line("pipeline " + Quoted.of(pipeline.name()));
    line("  parallelism " + pipeline.parallelism());
    line("  checkpoints every " + pipeline.checkpointInterval().toMillis() + " ms");
    line("  schema changes: " + word(pipeline.schemaChangeBehavior()));
    line("  time zone " + pipeline.localTimeZone());
    line(
        "  exchange between transform and sink: "
            + (plan.preservesKeys() ? "none" : "by target key"));
    SourceSpec source = spec.source();
    line(
        "source "
            + word(source.type())
            + " "
            + Quoted.escape(source.usernameWritten())
            + "@"
            + Quoted.escape(source.hostnameWritten())
            + ":"
            + source.port());
    line("  captured tables: " + plan.tables().size());
    properties("jdbc", source.jdbcProperties());
    properties("debezium", source.debeziumProperties());
    SinkSpec sink = spec.sink();
    line("sink iceberg");
    properties("catalog", sink.catalogProperties());
    properties("hadoop", sink.hadoopConfiguration());
  }

  private void properties(String title, PropertyMap properties) {
    for (String name : properties.names()) {
      String value = HARMLESS.contains(name) ? withoutUserInfo(properties.show(name)) : "***";
      line("  " + title + " " + Quoted.escape(name) + " = " + Quoted.escape(value));
    }
  }

  /** A location may carry credentials before its host, or after its question mark. */
  private static String withoutUserInfo(String value) {
    String path = value.replaceFirst("\\?.*", "?***");
    return path.replaceFirst("//[^/@]*@", "//***@");
  }

  private void target(PipelinePlan plan, TableId id, TargetPlan target) {
    line("");
    line("table " + Quoted.escape(id.toString()));
    for (TableId sourceId : target.sources()) {
      TablePlan source = plan.tables().get(sourceId);
      StringBuilder text = new StringBuilder("  from " + Quoted.escape(sourceId.toString()));
      source.compiled().rule().ifPresent(r -> text.append(", ").append(r.path()));
      source.route().ifPresent(r -> text.append(", ").append(r.path()));
      text.append(source.compiled().isIdentity() ? ", rows as they are" : "");
      text.append(source.compiled().softDelete() ? ", deletes become upserts" : "");
      line(text.toString());
      source
          .compiled()
          .filterText()
          .ifPresent(f -> line("    where " + Quoted.escape(f.text().strip())));
    }
    String key = String.join(", ", target.schema().primaryKey());
    line("  key " + (key.isEmpty() ? "none: changes are appended" : Quoted.escape(key)));
    target.settings().writeMode().ifPresent(mode -> line("  written as " + mode));
    if (!target.settings().partitionFields().isEmpty()) {
      line(
          "  partitioned by "
              + target.settings().partitionFields().stream()
                  .map(PartitionField::toString)
                  .map(Quoted::escape)
                  .collect(Collectors.joining(", ")));
    }
    tableProperties(plan, target.settings().properties());
    CompiledTable first = plan.tables().get(target.sources().get(0)).compiled();
    for (Column column : target.schema().columns()) {
      line("  " + column(column, first));
    }
  }

  private void tableProperties(PipelinePlan plan, Map<String, String> properties) {
    PropertyMap common = plan.spec().sink().tableProperties();
    new TreeMap<>(properties)
        .forEach(
            (name, value) -> {
              boolean own = !value.equals(common.reveal().get(name));
              line(
                  "  property "
                      + Quoted.escape(name)
                      + " = "
                      + Quoted.escape(own ? value : common.show(name)));
            });
  }

  private static String column(Column column, CompiledTable first) {
    StringBuilder text = new StringBuilder();
    text.append(Quoted.escape(column.name())).append(' ').append(column.type());
    text.append(column.optional() ? "" : " not null");
    first
        .column(column.name())
        .ifPresent(
            from -> {
              from.sql().ifPresent(sql -> text.append(" = ").append(Quoted.escape(sql.text())));
              from.source()
                  .filter(name -> !name.equals(column.name()))
                  .ifPresent(name -> text.append(" = ").append(Quoted.escape(name)));
            });
    return text.toString();
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
