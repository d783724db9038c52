package io.firn.app.command;

import io.firn.app.assembly.PipelineFiles;
import io.firn.app.terminal.Console;
import io.firn.dsl.finding.Finding;
import io.firn.dsl.finding.Result;
import io.firn.dsl.spec.PipelineSpec;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Parameters;

/** The pipeline file on the command line. */
final class FileArgument {
  @Parameters(paramLabel = "FILE", description = "The pipeline file.")
  private Path file;

  /**
   * Reads the file and starts the log. Warnings are printed.
   *
   * @throws io.firn.model.error.ConfigurationException with every error of the file
   */
  PipelineSpec read(Session session, LogOptions log) {
    Result<PipelineSpec> result = parse(session);
    PipelineSpec spec = result.orThrow();
    warn(session.console(), result.findings().stream().map(Finding::toString).toList());
    session.startLog(log, PipelineFiles.defaultLog(spec));
    return spec;
  }

  Result<PipelineSpec> parse(Session session) {
    return PipelineFiles.read(file, session.environment(), session.console().secrets());
  }

  Path path() {
    return file;
  }

  static void warn(Console console, List<String> warnings) {
    warnings.forEach(console::error);
  }
}
