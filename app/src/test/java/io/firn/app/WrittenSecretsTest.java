package io.firn.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A pipeline file with secrets in it that others may read is worth a warning. */
class WrittenSecretsTest {
  private static final String FILE =
      """
      source:
        type: mysql
        hostname: 127.0.0.1
        username: firn
        password: PASSWORD
        tables: shop.\\.*
      sink:
        type: iceberg
        catalog.properties.type: hadoop
        catalog.properties.warehouse: /tmp/lake
        catalog.properties.s3.secret-access-key: KEY
      """;

  @TempDir Path directory;

  private String warnings(String password, String key, String mode) throws IOException {
    Path file = directory.resolve("p.yaml");
    Files.writeString(file, FILE.replace("PASSWORD", password).replace("KEY", key));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    CommandKit.Outcome outcome =
        CommandKit.run(Map.of("SECRET", "s3cret-canary"), "validate", "--offline", file);
    assertThat(outcome.code()).as(outcome.err()).isZero();
    assertThat(outcome.err()).doesNotContain("s3cret-canary");
    return outcome.err();
  }

  @Test
  void aSecretInAFileThatOthersMayReadIsNamed() throws IOException {
    for (String mode : new String[] {"rw-r--r--", "rw-r-----", "rw----r--"}) {
      assertThat(warnings("s3cret-canary", "${env:SECRET}", mode))
          .contains("warning: source.password")
          .contains(mode)
          .contains("${env:NAME}");
    }
    assertThat(warnings("${env:SECRET}", "s3cret-canary", "rw-r--r--"))
        .contains("sink.catalog.properties.s3.secret-access-key");
  }

  @Test
  void referencesAndPrivateFilesAreFine() throws IOException {
    assertThat(warnings("${env:SECRET}", "${env:SECRET}", "rw-r--r--")).isEmpty();
    assertThat(warnings("s3cret-canary", "s3cret-canary", "rw-------")).isEmpty();
  }
}
