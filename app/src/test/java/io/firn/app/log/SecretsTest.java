package io.firn.app.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.app.terminal.Console;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class SecretsTest {
  @TempDir Path directory;

  private static Secrets secrets() {
    Secrets secrets = new Secrets();
    secrets.add("canary");
    secrets.add("canary-and-more");
    return secrets;
  }

  @Test
  void aSecretThatContainsAnotherLeavesNoTail() {
    assertThat(secrets().redact("a canary-and-more b canary c")).isEqualTo("a ****** b ****** c");
  }

  @Test
  void theLogHasOneLinePerEventAndNoSecretEvenInStackTraces() throws IOException {
    Path file = directory.resolve("a/firn.log");
    LogFile.start(file, false, secrets());
    LoggerFactory.getLogger("io.firn.test")
        .error("two\nlines with \"canary\"", new IllegalStateException("canary-and-more"));
    java.util.logging.Logger.getLogger("x.y").warning("from java.util.logging: canary");
    LogFile.silence();
    String log = Files.readString(file);
    assertThat(log.lines()).hasSize(2).allMatch(line -> line.startsWith("time="));
    assertThat(log)
        .contains("level=ERROR", "two\\nlines", "IllegalStateException", "java.util.logging")
        .doesNotContain("canary");
  }

  @Test
  void theConsoleShowsNeitherSecretsNorControlCharacters() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
    Console console = new Console(stream, stream, false, secrets());
    console.print("\u001b[31mred canary\nnext");
    console.error("canary");
    assertThat(out.toString(StandardCharsets.UTF_8))
        .isEqualTo(String.format("\\u001b[31mred ******\nnext%n******%n"));
  }
}
