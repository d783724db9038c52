package io.firn.dsl.plan;

import io.firn.dsl.expression.Session;
import io.firn.dsl.finding.Findings;
import io.firn.dsl.spec.PipelineSection;
import io.firn.dsl.spec.PipelineSpec;
import io.firn.dsl.spec.RouteRule;
import io.firn.dsl.spec.SchemaChangeBehavior;
import io.firn.dsl.spec.TransformRule;
import io.firn.dsl.table.PartitionField;
import io.firn.dsl.table.PartitionKeys;
import io.firn.model.schema.TableId;
import io.firn.model.schema.TableSchema;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The rules of a pipeline file, applicable to any table: also to those that appear while the
 * pipeline runs.
 *
 * <p><b>Threading</b>: immutable.
 */
public final class Rules {
  private final PipelineSpec spec;
  private final Session session;

  /** The rules of a file. */
  public Rules(PipelineSpec spec) {
    this.spec = spec;
    this.session = new Session(spec.pipeline().localTimeZone());
  }

  /** What holds for all expressions. */
  public Session session() {
    return session;
  }

  /** The pipeline file, for messages. */
  public String file() {
    return spec.file();
  }

  /** What changes of source tables do. */
  public SchemaChangeBehavior behavior() {
    return spec.pipeline().schemaChangeBehavior();
  }

  /** The first transform rule that matches a table. */
  public Optional<TransformRule> transform(TableId table) {
    return spec.transforms().stream().filter(r -> r.sourceTable().matches(table)).findFirst();
  }

  /** The route rules that apply to a table: more than one is not supported. */
  public List<RouteRule> routes(TableId table) {
    List<RouteRule> matching =
        spec.routes().stream().filter(r -> r.sourceTable().matches(table)).toList();
    boolean firstOnly = spec.pipeline().routeMode() == PipelineSection.RouteMode.FIRST_MATCH;
    return firstOnly && matching.size() > 1 ? matching.subList(0, 1) : matching;
  }

  /** The target of a table. */
  public TableId target(TableId table) {
    List<RouteRule> matching = routes(table);
    return matching.isEmpty() ? table : matching.get(0).target(table).orElseThrow();
  }

  /**
   * Applies the transform rule of a table.
   *
   * @param renamed names in the rule that stand for columns that have other names by now
   */
  public Optional<CompiledTable> compile(
      TableSchema table, Map<String, String> renamed, Findings findings) {
    return new TableCompiler(session, spec.source().metadata(), findings)
        .compile(table, transform(table.table()), renamed);
  }

  /** How a target table is created, given one of its source tables. */
  public TableSettings settings(TableId target, TableId source) {
    Optional<TransformRule> rule = transform(source);
    Map<String, String> properties = new LinkedHashMap<>(spec.sink().tableProperties().reveal());
    rule.ifPresent(r -> properties.putAll(r.tableOptions()));
    List<PartitionField> fields = rule.map(TransformRule::partitionKeys).orElse(List.of());
    if (fields.isEmpty()) {
      fields =
          spec.sink().partitionKeys().tables().stream()
              .filter(t -> t.pattern().matches(target))
              .findFirst()
              .map(PartitionKeys.Table::fields)
              .orElse(List.of());
    }
    return new TableSettings(fields, properties, spec.sink().writeModes().of(target));
  }
}
