package io.firn.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.it.check.LakeCheck;
import io.firn.it.fault.Fault;
import io.firn.it.fault.FaultLog;
import io.firn.it.process.FirnProcess;
import io.firn.it.process.Pipeline;

/** What most tests do with a pipeline. */
final class Firn {
  static final int LIMIT_SECONDS = 300;

  private Firn() {}

  static FirnProcess start(Pipeline pipeline) {
    return FirnProcess.start(FirnProcess.Options.of(pipeline), "run", pipeline.write().toString());
  }

  /** Runs until everything is in the lake. */
  static void catchUp(Pipeline pipeline) {
    FirnProcess.start(
            FirnProcess.Options.of(pipeline),
            "run",
            pipeline.write().toString(),
            "--until-caught-up")
        .expectExit(0, LIMIT_SECONDS);
  }

  /** Runs until everything is in the lake, which must not be possible; returns what it said. */
  static String fail(Pipeline pipeline, int exitCode) {
    FirnProcess process =
        FirnProcess.start(
            FirnProcess.Options.of(pipeline),
            "run",
            pipeline.write().toString(),
            "--until-caught-up");
    process.expectExit(exitCode, LIMIT_SECONDS);
    return process.output();
  }

  /** Waits until the orders have this many more checkpoints than now. */
  static void awaitCheckpoints(FirnProcess process, Pipeline pipeline, int more) {
    int wanted = LakeCheck.checkpoints(pipeline, "orders") + more;
    assertThat(
            process.await(() -> LakeCheck.checkpoints(pipeline, "orders") >= wanted, LIMIT_SECONDS))
        .as(process.output())
        .isTrue();
    assertThat(process.isAlive()).as(process.output()).isTrue();
  }

  static void stop(FirnProcess process) throws Exception {
    process.terminate();
    process.expectExit(0, LIMIT_SECONDS);
  }

  /** Notes that a fault happened. */
  static void reached(Fault fault) {
    FaultLog.ofThisRun().reached(fault);
  }
}
