package io.firn.app.command;

import io.firn.app.ExitCode;
import io.firn.app.assembly.PipelineFiles;
import io.firn.app.assembly.Preflight;
import io.firn.app.terminal.Console;
import io.firn.dsl.finding.Result;
import io.firn.dsl.spec.PipelineSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Checks a pipeline file. */
@Command(
    name = "validate",
    description = "Reports every problem of a pipeline file at once. Changes nothing.",
    mixinStandardHelpOptions = true)
public final class ValidateCommand implements Callable<Integer> {
  private final Session session;

  @Mixin private FileArgument file;
  @Mixin private LogOptions log;

  @Option(names = "--offline", description = "Do not ask the source about its tables and settings.")
  private boolean offline;

  /** The command in a session. */
  public ValidateCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    Console console = session.console();
    Result<PipelineSpec> parsed = file.parse(session);
    List<String> warnings = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    parsed.findings().forEach(f -> (f.isError() ? problems : warnings).add(f.toString()));
    if (parsed.value().isPresent()) {
      PipelineSpec spec = parsed.value().get();
      if (log.file() != null) {
        session.startLog(log, PipelineFiles.defaultLog(spec));
      }
      if (!offline) {
        Preflight preflight = Preflight.of(spec);
        warnings.addAll(preflight.warnings());
        problems.addAll(preflight.problems());
      }
    }
    FileArgument.warn(console, warnings);
    problems.forEach(console::error);
    if (!problems.isEmpty()) {
      console.error(problems.size() == 1 ? "1 problem." : problems.size() + " problems.");
      return ExitCode.BAD_CONFIGURATION;
    }
    console.print(
        file.path() + ": valid" + (offline ? " as far as can be told without the source." : "."));
    return ExitCode.DONE;
  }
}
