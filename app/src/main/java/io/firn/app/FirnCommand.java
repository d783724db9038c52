package io.firn.app;

import io.firn.app.command.DemoCommand;
import io.firn.app.command.MaintainCommand;
import io.firn.app.command.PlanCommand;
import io.firn.app.command.RunCommand;
import io.firn.app.command.Session;
import io.firn.app.command.ValidateCommand;
import io.firn.app.command.VerifyCommand;
import io.firn.app.log.LogFile;
import io.firn.app.log.Secrets;
import io.firn.app.terminal.Console;
import io.firn.dsl.Environment;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line. */
@Command(
    name = "firn",
    description = "Keeps MySQL tables continuously mirrored in Apache Iceberg, exactly once.",
    mixinStandardHelpOptions = true,
    versionProvider = FirnCommand.Version.class,
    synopsisSubcommandLabel = "COMMAND",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "1:failed, or a comparison found a difference",
      "2:bad pipeline file, arguments or prerequisites",
      "3:out of memory",
      "4:a newer instance of the pipeline has taken over"
    })
public final class FirnCommand implements Runnable {
  @Spec private CommandSpec spec;

  private FirnCommand() {}

  /** Runs a command and ends the process with its exit code. */
  public static void main(String[] args) {
    LogFile.silence();
    PrintStream out = utf8(FileDescriptor.out);
    PrintStream err = utf8(FileDescriptor.err);
    // What libraries print must not get into the way; nothing of ours uses these streams.
    System.setErr(err);
    System.setOut(err);
    Console console = new Console(out, err, Boolean.getBoolean("firn.terminal"), new Secrets());
    int code = execute(new Session(console, Environment.ofProcess()), args);
    err.flush();
    out.flush();
    // Not exit: shutdown hooks of libraries wait for threads that nobody needs any more.
    Runtime.getRuntime().halt(code);
  }

  /** Runs a command; for tests too. */
  static int execute(Session session, String... args) {
    CommandLine line = new CommandLine(new FirnCommand());
    line.addSubcommand(new DemoCommand(session));
    line.addSubcommand(new RunCommand(session));
    line.addSubcommand(new ValidateCommand(session));
    line.addSubcommand(new PlanCommand(session));
    line.addSubcommand(new VerifyCommand(session));
    line.addSubcommand(new MaintainCommand(session));
    line.setOut(new PrintWriter(session.console().lines(), true));
    line.setErr(new PrintWriter(session.console().errorLines(), true));
    // Escape sequences would not survive the console.
    line.setColorScheme(Help.defaultColorScheme(Help.Ansi.OFF));
    line.setExecutionExceptionHandler((failure, command, parsed) -> session.report(failure));
    try {
      return line.execute(args);
    } catch (Error e) { // picocli hands on exceptions only
      return session.report(e);
    } finally {
      session.close();
    }
  }

  private static PrintStream utf8(FileDescriptor descriptor) {
    return new PrintStream(new FileOutputStream(descriptor), false, StandardCharsets.UTF_8);
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Say what to do.");
  }

  /** The version from the jar. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = FirnCommand.class.getPackage().getImplementationVersion();
      return new String[] {"firn " + (version == null ? "(not packaged)" : version)};
    }
  }
}
