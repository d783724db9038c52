package io.firn.app.assembly;

import io.firn.dsl.plan.PipelinePlan;
import io.firn.dsl.spec.PipelineSettings;
import io.firn.model.state.KeyGroupRange;
import io.firn.model.state.KeyGroups;

/** A plan for people, with what the runtime will make of it. */
public final class PlanText {
  private PlanText() {}

  /** The text; the same for the same plan. */
  public static String of(PipelinePlan plan) {
    PipelineSettings settings = plan.spec().pipeline();
    int parallelism = settings.parallelism();
    StringBuilder text = new StringBuilder(plan.toString());
    text.append("\ntasks\n");
    text.append("  1 x source\n");
    boolean fused = plan.preservesKeys() || parallelism == 1;
    if (fused) {
      text.append("  exchange by key\n");
      text.append("  ").append(parallelism).append(" x transform + sink writer\n");
    } else {
      text.append("  exchange in turn\n");
      text.append("  ").append(parallelism).append(" x transform\n");
      text.append("  exchange by target key, order kept\n");
      text.append("  ").append(parallelism).append(" x sink writer\n");
    }
    for (int task = 0; task < parallelism; task++) {
      KeyGroupRange range = KeyGroups.rangeOf(task, parallelism);
      text.append("    task ").append(task).append(": key groups ").append(range.start());
      text.append(" to ").append(range.end() - 1).append('\n');
    }
    text.append("  1 x committer\n");
    text.append("state\n");
    text.append("  primary-key index of every table with a key, in RocksDB behind ");
    text.append(settings.indexMemoryBytes() >> 20).append(" MiB of memory\n");
    text.append("  working files  ").append(settings.stateDirectory()).append('\n');
    text.append("  checkpoints    ").append(settings.checkpointDirectory());
    return text.toString();
  }
}
