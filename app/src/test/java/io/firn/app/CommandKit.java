package io.firn.app;

import io.firn.app.command.Session;
import io.firn.app.log.Secrets;
import io.firn.app.terminal.Console;
import io.firn.dsl.Environment;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Runs commands in this process and keeps what they print. */
final class CommandKit {
  private CommandKit() {}

  /**
   * How a command ended.
   *
   * @param code its exit code
   * @param out what it printed
   * @param err what it complained about
   */
  record Outcome(int code, String out, String err) {}

  static Outcome run(Map<String, String> variables, Object... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Console console =
        new Console(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            false,
            new Secrets());
    String[] texts = java.util.Arrays.stream(args).map(String::valueOf).toArray(String[]::new);
    int code = FirnCommand.execute(new Session(console, environment(variables)), texts);
    return new Outcome(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  static Environment environment(Map<String, String> variables) {
    return new Environment() {
      @Override
      public Optional<String> variable(String name) {
        return Optional.ofNullable(variables.get(name));
      }

      @Override
      public String file(Path path) throws IOException {
        return Environment.ofProcess().file(path);
      }
    };
  }
}
