package io.firn.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.app.assembly.PipelineFiles;
import io.firn.app.log.Secrets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What comes from references and yet is printed. */
class ShownValuesTest {
  @TempDir Path directory;

  @Test
  void directoriesOfThisMachineAreNoSecrets() throws IOException {
    Path file =
        Files.writeString(
            directory.resolve("shown.yaml"),
            """
            source:
              type: mysql
              hostname: 127.0.0.1
              username: firn
              password: ${env:PASSWORD}
              tables: shop.\\.*
            sink:
              type: iceberg
              catalog.properties.type: jdbc
              catalog.properties.uri: jdbc:sqlite:${env:DIRECTORY}/catalog.db
              catalog.properties.warehouse: file://${env:DIRECTORY}/warehouse
            """);
    Secrets secrets = new Secrets();
    PipelineFiles.read(
        file,
        CommandKit.environment(Map.of("DIRECTORY", directory.toString(), "PASSWORD", "Pa55word")),
        secrets);
    assertThat(secrets.redact("'" + directory + "/catalog.db' with 'Pa55word'"))
        .isEqualTo("'" + directory + "/catalog.db' with '******'");
  }
}
