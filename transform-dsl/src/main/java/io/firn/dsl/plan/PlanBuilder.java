package io.firn.dsl.plan;

import io.firn.dsl.finding.ClosestName;
import io.firn.dsl.finding.Findings;
import io.firn.dsl.finding.Position;
import io.firn.dsl.finding.Quoted;
import io.firn.dsl.finding.Result;
import io.firn.dsl.spec.PipelineSpec;
import io.firn.dsl.spec.RouteRule;
import io.firn.dsl.spec.TransformRule;
import io.firn.dsl.table.PartitionKeys;
import io.firn.model.pattern.TablePattern;
import io.firn.model.schema.TableId;
import io.firn.model.schema.TableSchema;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Builds a plan and notes everything that keeps the pipeline from running. */
public final class PlanBuilder {
  private final PipelineSpec spec;
  private final Rules rules;
  private final Findings findings;

  /** A builder for one file. */
  public PlanBuilder(PipelineSpec spec) {
    this.spec = spec;
    this.rules = new Rules(spec);
    this.findings = new Findings(spec.file());
  }

  /** The plan for these source tables, or every finding. */
  public Result<PipelinePlan> build(Map<TableId, TableSchema> all) {
    SortedMap<TableId, TableSchema> captured = new TreeMap<>();
    all.forEach(
        (table, schema) -> {
          if (spec.source().captures(table)) {
            captured.put(table, schema);
          }
        });
    checkCapture(captured.keySet(), all.keySet());
    checkRules(captured.keySet());
    SortedMap<TableId, TablePlan> tables = new TreeMap<>();
    captured.forEach((table, schema) -> plan(schema).ifPresent(p -> tables.put(table, p)));
    SortedMap<TableId, TargetPlan> targets = targets(tables);
    checkPartitionPatterns(targets.keySet());
    new WriteModeCheck(spec, findings).checkPatterns(targets.keySet());
    return findings.hasErrors()
        ? Result.failed(findings)
        : Result.of(new PipelinePlan(spec, rules, tables, targets), findings);
  }

  private void checkCapture(Collection<TableId> captured, Collection<TableId> all) {
    TablePattern pattern = spec.source().tables();
    if (captured.isEmpty()) {
      findings.error(
          spec.source().tablesPosition(),
          "source.tables",
          Quoted.of(pattern) + " names none of the " + all.size() + " tables of the source",
          ClosestName.hint(
              pattern.toString(),
              all.stream().map(TableId::toString).toList(),
              "check names, case and the user's grants; a dot of an expression is written '\\.'"));
      return;
    }
    for (TablePattern.Part part : pattern.parts()) {
      if (captured.stream().noneMatch(part.matcher())) {
        findings.warning(
            spec.source().tablesPosition(),
            "source.tables",
            Quoted.of(part.text()) + " names no table of the source",
            ClosestName.hint(
                part.text(),
                all.stream().map(TableId::toString).toList(),
                "tables of that name will be captured once they exist"));
      }
    }
  }

  private void checkRules(Collection<TableId> captured) {
    for (TransformRule rule : spec.transforms()) {
      checkUse(rule.sourceTable(), rule.position(), rule.path(), captured);
    }
    for (RouteRule rule : spec.routes()) {
      checkUse(rule.sourceTable(), rule.position(), rule.path(), captured);
    }
  }

  private void checkUse(
      TablePattern pattern, Position position, String path, Collection<TableId> captured) {
    if (!captured.isEmpty() && captured.stream().noneMatch(pattern::matches)) {
      findings.warning(
          position,
          path + ".source-table",
          Quoted.of(pattern) + " names no captured table, so the rule has no effect",
          ClosestName.hint(
              pattern.toString(),
              captured.stream().map(TableId::toString).toList(),
              "correct the name or remove the rule"));
    }
  }

  private Optional<TablePlan> plan(TableSchema schema) {
    TableId table = schema.table();
    List<RouteRule> routes = rules.routes(table);
    if (routes.size() > 1) {
      findings.error(
          routes.get(1).position(),
          routes.get(1).path() + ".source-table",
          "The table "
              + Quoted.of(table)
              + " is already routed by "
              + routes.get(0).path()
              + "; several targets for one table are not supported yet",
          "narrow the patterns, or set 'pipeline.route-mode: FIRST_MATCH'");
      return Optional.empty();
    }
    TableId target;
    try {
      target = rules.target(table);
    } catch (IllegalArgumentException e) {
      findings.error(
          routes.get(0).position(),
          routes.get(0).path() + ".sink-table",
          "The target of " + Quoted.of(table) + " has an empty name",
          "check what the pattern captures");
      return Optional.empty();
    }
    return rules
        .compile(schema, Map.of(), findings)
        .map(compiled -> new TablePlan(table, compiled, routes.stream().findFirst(), target));
  }

  private SortedMap<TableId, TargetPlan> targets(SortedMap<TableId, TablePlan> tables) {
    SortedMap<TableId, List<TablePlan>> bySource = new TreeMap<>();
    tables
        .values()
        .forEach(t -> bySource.computeIfAbsent(t.target(), id -> new ArrayList<>()).add(t));
    SortedMap<TableId, TargetPlan> targets = new TreeMap<>();
    bySource.forEach((id, sources) -> target(id, sources).ifPresent(t -> targets.put(id, t)));
    return targets;
  }

  private Optional<TargetPlan> target(TableId id, List<TablePlan> sources) {
    TablePlan last = sources.get(sources.size() - 1);
    try {
      TableSchema schema = TargetLayout.of(id, sources.stream().map(TablePlan::compiled).toList());
      TableSettings settings = rules.settings(id, sources.get(0).source());
      for (TablePlan source : sources) {
        if (!rules.settings(id, source.source()).equals(settings)) {
          throw new MergeException(
              "The tables merged into "
                  + Quoted.of(id)
                  + " have different 'partition-keys' or 'table-options'",
              "give them the same, best in one transform rule");
        }
      }
      new PartitionCheck(findings).check(schema, settings, position(sources.get(0)), path(last));
      new WriteModeCheck(spec, findings)
          .check(schema, settings, sources.stream().map(TablePlan::compiled).toList());
      return Optional.of(
          new TargetPlan(schema, sources.stream().map(TablePlan::source).toList(), settings));
    } catch (MergeException e) {
      Position position = last.route().map(RouteRule::position).orElse(Position.START);
      String path = last.route().map(RouteRule::path).orElse("route");
      findings.error(position, path, e.getMessage(), e.remedy());
      return Optional.empty();
    }
  }

  private Position position(TablePlan plan) {
    return plan.compiled()
        .rule()
        .filter(r -> !r.partitionKeys().isEmpty())
        .map(TransformRule::partitionKeysPosition)
        .orElse(spec.sink().partitionKeyPosition());
  }

  private static String path(TablePlan plan) {
    return plan.compiled()
        .rule()
        .filter(r -> !r.partitionKeys().isEmpty())
        .map(r -> r.path() + ".partition-keys")
        .orElse("sink.partition.key");
  }

  private void checkPartitionPatterns(Collection<TableId> targets) {
    for (PartitionKeys.Table table : spec.sink().partitionKeys().tables()) {
      if (!targets.isEmpty() && targets.stream().noneMatch(table.pattern()::matches)) {
        findings.warning(
            spec.sink().partitionKeyPosition(),
            "sink.partition.key",
            Quoted.of(table.pattern()) + " names no target table",
            ClosestName.hint(
                table.pattern().toString(),
                targets.stream().map(TableId::toString).toList(),
                "correct the name or remove the entry"));
      }
    }
  }
}
