package io.firn.app.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.rolling.RollingFileAppender;
import io.firn.app.terminal.Console;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
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
  void shortSecretIsBlackedOutWhereItStandsAlone() {
    Secrets secrets = new Secrets();
    secrets.add("pw");
    secrets.add("");
    assertThat(secrets.redact("pw 'pw' spwan =pw& pw1"))
        .isEqualTo("****** '******' spwan =******& pw1");
  }

  @Test
  void secretIsKnownInTheFormsInWhichLibrariesWriteIt() {
    Secrets secrets = new Secrets();
    secrets.add("a b/c\u001bd+e");
    secrets.add("x%2Fyz%2F");
    for (String form :
        new String[] {
          "a b/c\u001bd+e",
          "a b/c\\u001bd+e",
          "a+b%2Fc%1Bd%2Be",
          "a%20b%2Fc%1Bd%2Be",
          "a%20b%2fc%1bd%2be",
          "x/yz/",
          "x%2Fyz%2F"
        }) {
      assertThat(secrets.redact(form)).isEqualTo("******");
    }
  }

  @Test
  void secretPartsOfUrlsAreKnown() {
    Secrets secrets = new Secrets();
    secrets.addPartsOf("jdbc:x://user:pass%40@host/db?a=b&accessToken=t0ken;Password=s3cret");
    assertThat(secrets.redact("user pass%40 pass@ host b t0ken s3cret"))
        .isEqualTo("user ****** ****** host b ****** ******");
  }

  @Test
  void secretThatIsTooLongForAMessageIsBlackedOutInItsCutForm() {
    Secrets secrets = new Secrets();
    String secret = "k".repeat(150) + "m".repeat(500);
    secrets.add(secret);
    assertThat(secrets.redact("'" + secret.substring(0, 200) + "...'")).isEqualTo("'******...'");
  }

  @Test
  void theLogHasOneLinePerEventAndNoSecretEvenInStackTraces() throws IOException {
    Path file = directory.resolve("a/firn.log");
    LogFile.start(file, false, secrets());
    LoggerFactory.getLogger("io.firn.test")
        .error("two\nlines \u202e with \"canary\"", new IllegalStateException("canary-and-more"));
    java.util.logging.Logger.getLogger("x.y").warning("from java.util.logging: canary");
    LogFile.silence();
    String log = Files.readString(file);
    assertThat(log.lines()).hasSize(2).allMatch(line -> line.startsWith("time="));
    assertThat(log)
        .contains(
            "level=ERROR", "two\\nlines \\u202e with", "IllegalStateException", "java.util.logging")
        .doesNotContain("canary");
  }

  @Test
  void onlyTheOwnerMayReadTheLogEvenAfterItWasRolledOver() throws IOException {
    Path file = directory.resolve("b/firn.log");
    LogFile.start(file, false, secrets());
    LoggerFactory.getLogger("io.firn.test").warn("before");
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    var appender = context.getLogger(Logger.ROOT_LOGGER_NAME).iteratorForAppenders().next();
    ((RollingFileAppender<ILoggingEvent>) appender).rollover();
    LoggerFactory.getLogger("io.firn.test").warn("after");
    LogFile.silence();
    Path rolled = file.resolveSibling("firn.log.1");
    assertThat(rolled).content().contains("before");
    assertThat(file).content().contains("after").doesNotContain("before");
    for (Path path : List.of(file, rolled)) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
          .as(path.toString())
          .isEqualTo("rw-------");
    }
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.getParent())))
        .isEqualTo("rwx------");
  }

  @Test
  void theConsoleShowsNeitherSecretsNorControlCharacters() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
    Console console = new Console(stream, stream, false, secrets());
    console.print("\u001b[31mred\u202e canary\nnext");
    console.error("canary");
    assertThat(out.toString(StandardCharsets.UTF_8))
        .isEqualTo(String.format("\\u001b[31mred\\u202e ******\nnext%n******%n"));
  }
}
