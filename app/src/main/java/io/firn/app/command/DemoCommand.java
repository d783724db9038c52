package io.firn.app.command;

import io.firn.app.ExitCode;
import io.firn.app.demo.Demo;
import io.firn.model.error.ConfigurationException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows everything with nothing installed. */
@Command(
    name = "demo",
    description =
        "Boots a database, keeps changing it, mirrors it into a local lake, and compares both row"
            + " by row. Running it again goes on where it stopped.",
    mixinStandardHelpOptions = true)
public final class DemoCommand implements Callable<Integer> {
  private final Session session;

  @Mixin private LogOptions log;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "60",
      description = "How long to keep changing the database (default: 60).")
  private int seconds;

  @Option(
      names = "--directory",
      paramLabel = "DIRECTORY",
      defaultValue = "firn-data/demo",
      description = "Where database and lake are kept (default: ./firn-data/demo).")
  private Path directory;

  /** The command in a session. */
  public DemoCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws Exception {
    if (seconds < 1) {
      throw new ConfigurationException(
          "The option '--seconds' cannot be '"
              + seconds
              + "': the demo needs at least one second.");
    }
    Path absolute = directory.toAbsolutePath().normalize();
    session.startLog(log, absolute.resolve("firn.log"));
    return new Demo(session.console(), session.environment(), absolute, seconds).run()
        ? ExitCode.DONE
        : ExitCode.FAILED;
  }
}
