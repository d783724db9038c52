package io.firn.app.command;

import io.firn.app.ExitCode;
import io.firn.app.assembly.Assembly;
import io.firn.app.assembly.Preflight;
import io.firn.app.run.PipelineRun;
import io.firn.app.run.ProgressDisplay;
import io.firn.app.run.RunProgress;
import io.firn.app.terminal.Console;
import io.firn.app.terminal.Humane;
import io.firn.app.terminal.StopSignal;
import io.firn.dsl.plan.PipelinePlan;
import io.firn.dsl.spec.PipelineSpec;
import io.firn.model.error.ConfigurationException;
import io.firn.model.stream.SourcePosition;
import io.firn.runtime.Pipeline;
import io.firn.runtime.PipelineSummary;
import io.firn.runtime.StopCondition;
import io.firn.source.MySqlSource;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Runs a pipeline. */
@Command(
    name = "run",
    description =
        "Runs a pipeline until it is stopped (Ctrl-C or SIGTERM: with a last checkpoint).",
    mixinStandardHelpOptions = true)
public final class RunCommand implements Callable<Integer> {
  private final Session session;

  @Mixin private FileArgument file;
  @Mixin private LogOptions log;

  @Option(
      names = "--until-caught-up",
      description = "End when everything is in the lake that the source had at the start.")
  private boolean untilCaughtUp;

  /** The command in a session. */
  public RunCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    Console console = session.console();
    PipelineSpec spec = file.read(session, log);
    Assembly assembly = new Assembly(checked(spec));
    assembly.checkTargets();
    StopCondition until = StopCondition.UNTIL_STOPPED;
    if (untilCaughtUp) {
      until = StopCondition.untilPosition(end(assembly));
    }
    RunProgress progress = new RunProgress();
    Pipeline pipeline = assembly.pipeline(progress);
    PipelineSummary summary;
    try (StopSignal signal = new StopSignal();
        ProgressDisplay display =
            new ProgressDisplay(
                console, progress, ((MySqlSource) pipeline.source())::snapshotProgress)) {
      summary = PipelineRun.run(pipeline, until, signal);
    }
    report(summary, progress);
    return summary.clean() ? ExitCode.DONE : ExitCode.FAILED;
  }

  private PipelinePlan checked(PipelineSpec spec) {
    Preflight preflight = Preflight.of(spec);
    FileArgument.warn(session.console(), preflight.warnings());
    if (!preflight.problems().isEmpty()) {
      throw new ConfigurationException(String.join("\n", preflight.problems()));
    }
    return preflight.plan().orElseThrow();
  }

  private static SourcePosition end(Assembly assembly) {
    try (MySqlSource source = assembly.openSource()) {
      return source.currentEnd();
    }
  }

  private void report(PipelineSummary summary, RunProgress progress) {
    Console console = session.console();
    String position = summary.source().map(s -> ", position " + s.position().encode()).orElse("");
    console.print(
        (summary.clean() ? "Done: " : "Stopped without a last checkpoint: ")
            + Humane.count(progress.rows())
            + " rows read, "
            + summary.checkpoints()
            + " checkpoints"
            + (summary.restarts() > 0 ? ", " + summary.restarts() + " restarts" : "")
            + position);
    if (!summary.clean()) {
      console.error("What is not committed is read again by the next start.");
    }
  }
}
