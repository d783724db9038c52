package io.firn.app.command;

import io.firn.app.ExitCode;
import io.firn.app.assembly.PipelineFiles;
import io.firn.app.assembly.PlanText;
import io.firn.app.assembly.Preflight;
import io.firn.dsl.spec.PipelineSpec;
import io.firn.model.error.ConfigurationException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Shows what a pipeline file means. */
@Command(
    name = "plan",
    description =
        "Shows what will run: tables, columns, keys, routes, tasks and state. Changes nothing.",
    mixinStandardHelpOptions = true)
public final class PlanCommand implements Callable<Integer> {
  private final Session session;

  @Mixin private FileArgument file;
  @Mixin private LogOptions log;

  /** The command in a session. */
  public PlanCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    PipelineSpec spec = file.parse(session).orThrow();
    if (log.file() != null) {
      session.startLog(log, PipelineFiles.defaultLog(spec));
    }
    Preflight preflight = Preflight.ofTables(spec);
    FileArgument.warn(session.console(), preflight.warnings());
    if (!preflight.problems().isEmpty()) {
      throw new ConfigurationException(String.join("\n", preflight.problems()));
    }
    session.console().print(PlanText.of(preflight.plan().orElseThrow()));
    return ExitCode.DONE;
  }
}
