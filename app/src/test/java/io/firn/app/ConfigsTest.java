package io.firn.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ConfigsTest {
  private static final Path CONFIGS = Path.of("..", "configs");

  private static final Map<String, String> VARIABLES =
      Map.ofEntries(
          Map.entry("MYSQL_HOST", "127.0.0.1"),
          Map.entry("MYSQL_PORT", "3306"),
          Map.entry("MYSQL_USER", "firn"),
          Map.entry("MYSQL_PASSWORD", "canary-password"),
          Map.entry("FIRN_LAKE", "/var/lib/firn"),
          Map.entry("FIRN_DATA", "/var/lib/firn"),
          Map.entry("FIRN_DEMO_PORT", "3306"),
          Map.entry("FIRN_DEMO_PASSWORD", "canary-password"),
          Map.entry("FIRN_DEMO_DIRECTORY", "/var/lib/firn"),
          Map.entry("ICEBERG_REST_URI", "http://catalog:8181"),
          Map.entry("ICEBERG_WAREHOUSE", "s3://warehouse/"),
          Map.entry("S3_ENDPOINT", "http://minio:9000"),
          Map.entry("AWS_ACCESS_KEY_ID", "canary-key"),
          Map.entry("AWS_SECRET_ACCESS_KEY", "canary-secret"),
          Map.entry("AWS_REGION", "us-east-1"));

  static Stream<Path> files() throws IOException {
    return Files.list(CONFIGS).filter(file -> file.toString().endsWith(".yaml"));
  }

  @Test
  void thereAreFive() throws IOException {
    assertThat(files()).hasSize(5);
  }

  @ParameterizedTest
  @MethodSource("files")
  void everyShippedFileIsValidAndHasNoWarnings(Path file) {
    CommandKit.Outcome outcome = CommandKit.run(VARIABLES, "validate", "--offline", file);
    assertThat(outcome.err()).isEmpty();
    assertThat(outcome.code()).isEqualTo(ExitCode.DONE);
    assertThat(outcome.out()).contains("valid").doesNotContain("canary");
  }

  @ParameterizedTest
  @MethodSource("files")
  void aMissingVariableIsNamedWithItsPlace(Path file) {
    CommandKit.Outcome outcome = CommandKit.run(Map.of(), "validate", "--offline", file);
    assertThat(outcome.code()).isEqualTo(ExitCode.BAD_CONFIGURATION);
    assertThat(outcome.err()).containsPattern("\\.yaml:\\d+:\\d+: .*PASSWORD");
  }
}
