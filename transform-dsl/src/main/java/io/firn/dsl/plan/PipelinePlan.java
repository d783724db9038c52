package io.firn.dsl.plan;

import io.firn.dsl.spec.PipelineSpec;
import io.firn.dsl.transform.RuleTransform;
import io.firn.model.schema.TableId;
import io.firn.model.transform.Transform;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A pipeline file held against the source's tables: complete and checked, so that running it can
 * only fail on data.
 *
 * <p><b>Threading</b>: immutable, but for the expressions inside of {@link CompiledTable}: tasks
 * get their own from {@link #transformFactory}.
 */
public final class PipelinePlan {
  private final PipelineSpec spec;
  private final Rules rules;
  private final SortedMap<TableId, TablePlan> tables;
  private final SortedMap<TableId, TargetPlan> targets;

  PipelinePlan(
      PipelineSpec spec,
      Rules rules,
      SortedMap<TableId, TablePlan> tables,
      SortedMap<TableId, TargetPlan> targets) {
    this.spec = spec;
    this.rules = rules;
    this.tables = Collections.unmodifiableSortedMap(new TreeMap<>(tables));
    this.targets = Collections.unmodifiableSortedMap(new TreeMap<>(targets));
  }

  /** The file that was planned. */
  public PipelineSpec spec() {
    return spec;
  }

  /** What happens to each captured table, by source table. */
  public SortedMap<TableId, TablePlan> tables() {
    return tables;
  }

  /** The target tables. */
  public SortedMap<TableId, TargetPlan> targets() {
    return targets;
  }

  /**
   * How a target table is created, also if it only appears while the pipeline runs.
   *
   * @param target the target table
   * @param source one of its source tables ({@code SchemaChange.Origin#sourceTable})
   */
  public TableSettings settings(TableId target, TableId source) {
    TargetPlan planned = targets.get(target);
    return planned != null ? planned.settings() : rules.settings(target, source);
  }

  /** Whether every row keeps its key group on the way to its target. */
  public boolean preservesKeys() {
    return tables.values().stream()
        .allMatch(t -> t.compiled().preservesKey(targets.get(t.target()).schema()));
  }

  /** Makes the transforms of the tasks. */
  public Transform.Factory transformFactory() {
    boolean preservesKeys = preservesKeys();
    return new Transform.Factory() {
      @Override
      public Transform create() {
        return new RuleTransform(PipelinePlan.this, System::currentTimeMillis);
      }

      @Override
      public boolean preservesKeys() {
        return preservesKeys;
      }
    };
  }

  /** The rules, for tables that appear while the pipeline runs. */
  public Rules rules() {
    return rules;
  }

  /** The plan for people; stable, without secrets. */
  @Override
  public String toString() {
    return PlanPrinter.print(this);
  }
}
