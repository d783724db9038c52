package io.firn.app.command;

import io.firn.app.ExitCode;
import io.firn.app.assembly.MaintenanceAssembly;
import io.firn.app.terminal.Console;
import io.firn.dsl.spec.PipelineSpec;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Compacts and tidies up the tables of a pipeline that is not running. */
@Command(
    name = "maintain",
    description =
        "Compacts the tables of a pipeline, expires snapshots and removes files that nothing refers"
            + " to, without ingesting. An instance that is running is taken over and ends.",
    mixinStandardHelpOptions = true)
public final class MaintainCommand implements Callable<Integer> {
  private final Session session;

  @Mixin private FileArgument file;
  @Mixin private LogOptions log;

  @Option(names = "--dry-run", description = "Say what would be done, and change nothing.")
  private boolean dryRun;

  /** The command in a session. */
  public MaintainCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    Console console = session.console();
    PipelineSpec spec = file.read(session, log);
    MaintenanceAssembly assembly = new MaintenanceAssembly(spec);
    List<String> plan = assembly.plan();
    plan.forEach(console::print);
    if (plan.isEmpty()) {
      console.print("Nothing to do.");
    } else if (!dryRun) {
      assembly.run();
      List<String> left = assembly.plan();
      console.print("Done.");
      left.forEach(line -> console.print("Left for the next time: " + line));
    }
    return ExitCode.DONE;
  }
}
