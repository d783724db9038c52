package io.firn.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.model.error.ConfigurationException;
import io.firn.model.error.FencedException;
import io.firn.model.error.PositionLostException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FirnCommandTest {
  private static final String GOOD =
      """
      source:
        type: mysql
        hostname: 127.0.0.1
        port: 1
        username: firn
        password: canary-password
        tables: shop.\\.*
      sink:
        type: iceberg
        catalog.properties.type: hadoop
        catalog.properties.warehouse: %s/warehouse
      pipeline:
        name: test
        checkpoint.directory: %s/checkpoints
        state.directory: %s/state
      """;

  @TempDir Path directory;

  private Path write(String text) throws IOException {
    return Files.writeString(directory.resolve("test.yaml"), text.replace("%s", "" + directory));
  }

  @Test
  void withoutACommandTheUsageIsShownAndTheCodeIs2() {
    CommandKit.Outcome outcome = CommandKit.run(Map.of());
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.err()).contains("Usage: firn", "demo", "run", "validate", "plan", "verify");
  }

  @Test
  void unknownOptionsEndWith2() {
    assertThat(CommandKit.run(Map.of(), "run", "--fast", "x.yaml").code()).isEqualTo(2);
  }

  @Test
  void aDemoOfNoTimeIsRefused() {
    CommandKit.Outcome outcome = CommandKit.run(Map.of(), "demo", "--seconds", "-5");
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.err()).contains("'--seconds' cannot be '-5'");
  }

  @Test
  void theVersionIsShown() {
    CommandKit.Outcome outcome = CommandKit.run(Map.of(), "--version");
    assertThat(outcome.code()).isZero();
    assertThat(outcome.out()).startsWith("firn ");
  }

  @Test
  void allFindingsOfABadFileAreReportedAtOnceWithTheirPlaces() throws IOException {
    Path file = write(GOOD.replace("hostname", "hostnam").replace("name: test", "nam: test"));
    CommandKit.Outcome outcome = CommandKit.run(Map.of(), "validate", "--offline", file);
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.err())
        .contains(file + ":3:3: ", "hostname", file + ":13:3: ", "problems.")
        .doesNotContain("\tat ", "canary-password");
  }

  @Test
  void runValidateAndPlanRefuseABadFileInTheSameWords() throws IOException {
    Path file = write(GOOD.replace("hostname", "hostnam"));
    String validate = CommandKit.run(Map.of(), "validate", file).err();
    for (String command : new String[] {"run", "plan", "verify"}) {
      CommandKit.Outcome outcome = CommandKit.run(Map.of(), command, file);
      assertThat(outcome.code()).as(command).isEqualTo(2);
      assertThat(validate).as(command).contains(outcome.err().strip());
    }
  }

  @Test
  void aServerThatIsNotThereIsAPrerequisiteAndNothingIsTouched() throws IOException {
    Path file = write(GOOD);
    Path log = directory.resolve("log/firn.log");
    CommandKit.Outcome outcome = CommandKit.run(Map.of(), "run", "--log-file", log, file);
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.err()).contains("127.0.0.1:1").doesNotContain("\tat ", "canary-password");
    assertThat(directory.resolve("warehouse")).doesNotExist();
    assertThat(directory.resolve("checkpoints")).doesNotExist();
    assertThat(directory.resolve("state")).doesNotExist();
    assertThat(Files.readString(log)).contains("level=ERROR").doesNotContain("canary-password");
  }

  @Test
  void placesThatCannotBeWrittenToAreReportedTogether() throws IOException {
    Files.writeString(directory.resolve("occupied"), "a file");
    Path file = write(GOOD.replace("%s/", "%s/occupied/"));
    CommandKit.Outcome outcome = CommandKit.run(Map.of(), "validate", file);
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.err())
        .contains("127.0.0.1:1", "checkpoint.directory", "state.directory", "warehouse");
  }

  @Test
  void exitCodesFollowTheNextAction() {
    assertThat(ExitCode.of(new ConfigurationException("x"))).isEqualTo(2);
    assertThat(ExitCode.of(new IllegalStateException(new OutOfMemoryError()))).isEqualTo(3);
    assertThat(ExitCode.of(new IllegalStateException(new FencedException("x")))).isEqualTo(4);
    assertThat(ExitCode.of(new PositionLostException("x"))).isEqualTo(1);
    assertThat(ExitCode.of(new IllegalStateException())).isEqualTo(1);
  }
}
