package io.firn.app.run;

import io.firn.app.terminal.StopSignal;
import io.firn.runtime.Pipeline;
import io.firn.runtime.PipelineRunner;
import io.firn.runtime.PipelineSummary;
import io.firn.runtime.StopCondition;

/** One run of a pipeline that ends cleanly when it is asked to stop. */
public final class PipelineRun {
  private PipelineRun() {}

  /**
   * Runs until the end, on the calling thread.
   *
   * @param signal asks for a clean end, with a last checkpoint
   */
  public static PipelineSummary run(Pipeline pipeline, StopCondition until, StopSignal signal) {
    PipelineRunner runner = new PipelineRunner(pipeline);
    Thread watcher =
        new Thread(
            () -> {
              try {
                signal.await();
                runner.stop();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            },
            "stop-signal");
    watcher.setDaemon(true);
    watcher.start();
    try {
      return runner.run(until);
    } finally {
      watcher.interrupt();
    }
  }
}
