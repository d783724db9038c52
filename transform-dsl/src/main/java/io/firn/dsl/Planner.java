package io.firn.dsl;

import io.firn.dsl.finding.Result;
import io.firn.dsl.plan.PipelinePlan;
import io.firn.dsl.plan.PlanBuilder;
import io.firn.dsl.spec.PipelineSpec;
import io.firn.model.schema.TableId;
import io.firn.model.schema.TableSchema;
import java.util.Map;

/** Holds pipeline files against the tables there are. Connects to nothing. */
public final class Planner {
  private Planner() {}

  /**
   * Plans a pipeline.
   *
   * @param spec the pipeline file
   * @param tables the source's tables; those that the file does not capture are left aside
   * @return the plan, or every finding at once
   */
  public static Result<PipelinePlan> plan(PipelineSpec spec, Map<TableId, TableSchema> tables) {
    return new PlanBuilder(spec).build(tables);
  }
}
