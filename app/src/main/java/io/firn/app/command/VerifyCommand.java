package io.firn.app.command;

import io.firn.app.ExitCode;
import io.firn.app.assembly.Assembly;
import io.firn.app.assembly.Preflight;
import io.firn.app.verify.TableResult;
import io.firn.app.verify.VerifyReport;
import io.firn.dsl.spec.PipelineSpec;
import io.firn.model.checkpoint.CheckpointStorage;
import io.firn.model.error.ConfigurationException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Compares source and lake. */
@Command(
    name = "verify",
    description = "Compares source and lake row by row, also while changes flow.",
    mixinStandardHelpOptions = true)
public final class VerifyCommand implements Callable<Integer> {
  private final Session session;

  @Mixin private FileArgument file;
  @Mixin private LogOptions log;

  @Option(
      names = "--wait",
      paramLabel = "SECONDS",
      defaultValue = "60",
      description =
          "How long to wait for the lake to reach the source's position (default: 60). Rows that"
              + " differ until then are reported as undecided.")
  private int waitSeconds;

  /** The command in a session. */
  public VerifyCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws InterruptedException, IOException {
    PipelineSpec spec = file.read(session, log);
    Preflight preflight = Preflight.ofTables(spec);
    FileArgument.warn(session.console(), preflight.warnings());
    if (!preflight.problems().isEmpty()) {
      throw new ConfigurationException(String.join("\n", preflight.problems()));
    }
    Assembly assembly = new Assembly(preflight.plan().orElseThrow());
    assembly.verifiedTables().notes().forEach(session.console()::print);
    VerifyReport report = new VerifyReport(session.console());
    try (CheckpointStorage storage = assembly.openStorage()) {
      List<TableResult> results =
          assembly.verifier(storage).verify(Duration.ofSeconds(waitSeconds), report::print);
      return report.printTotal(results) ? ExitCode.DONE : ExitCode.FAILED;
    }
  }
}
