package io.firn.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.testservers.MariaDbServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A secret from a reference is in no output, wherever it is put and whoever complains about it. */
class SecretValuesTest {
  private static final String CANARY = "c@nary/9f2e&S3";
  private static final String ENCODED = "c%40nary%2F9f2e%26S3";

  @TempDir Path directory;

  private static MariaDbServer server;

  @BeforeAll
  static void start() {
    server = MariaDbServer.start();
    server.execute(
        "CREATE DATABASE shop", "USE shop", "CREATE TABLE shop.orders (id INT PRIMARY KEY)");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "catalog.properties.type: jdbc | catalog.properties.uri: jdbc:nosuch://h/x?password=${env:CANARY}",
        "catalog.properties.type: jdbc | catalog.properties.uri: ${env:URL}",
        "catalog.properties.type: rest | catalog.properties.uri: http://u:${env:ENCODED}@127.0.0.1:1/x",
        "catalog.properties.type: rest | catalog.properties.uri: 'nosuch:// ${env:CANARY}'",
        "catalog.properties.type: rest | catalog.properties.uri: ${env:ENCODED}",
        "catalog.properties.type: hadoop | catalog.properties.io-impl: no.such.${env:CANARY}",
        "catalog.properties.type: hadoop | hadoop.conf.fs.file.impl: no.such.${env:CANARY}",
        "catalog.properties.type: hadoop | table.properties.format-version: ${env:CANARY}",
        "catalog.properties.type: hadoop | table.properties.write.metadata.metrics.default: ${env:CANARY}",
      })
  void sinkProperties(String type, String property) throws IOException {
    check("connect.timeout: 5s", type + "\n  " + property);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "jdbc.properties.sslMode: ${env:CANARY}",
        "jdbc.properties.connectTimeout: ${env:CANARY}",
        "jdbc.properties.serverTimezone: ${env:CANARY}",
        "jdbc.properties.trustStore: /no/such/${env:CANARY}",
        "debezium.database.ssl.mode: ${env:CANARY}",
        "debezium.max.batch.size: ${env:CANARY}",
        "debezium.database.ssl.keystore: /no/such/${env:CANARY}",
        "debezium.decimal.handling.mode: ${env:CANARY}",
        "connect.timeout: ${env:CANARY}",
        "port: ${env:CANARY}",
      })
  void sourceProperties(String property) throws IOException {
    check(property, "catalog.properties.type: hadoop");
  }

  private void check(String source, String sink) throws IOException {
    Path file =
        Files.writeString(
            directory.resolve("secret.yaml"),
            """
            source:
              type: mariadb
              hostname: 127.0.0.1
            PORT  username: USER
              password: ${env:PASSWORD}
              tables: shop.\\.*
              SOURCE
            sink:
              type: iceberg
              catalog.properties.warehouse: DIRECTORY/lake
              SINK
            pipeline:
              checkpoint.interval: 1s
              checkpoint.directory: DIRECTORY/checkpoints
              state.directory: DIRECTORY/state
            """
                .replace("PORT", source.startsWith("port") ? "" : "  port: " + server.port() + "\n")
                .replace("SOURCE", source)
                .replace("SINK", sink)
                .replace("USER", server.cdc().user())
                .replace("DIRECTORY", directory.toString()));
    Path log = directory.resolve("firn.log");
    Map<String, String> variables =
        Map.of(
            "PASSWORD",
            server.cdc().password(),
            "CANARY",
            CANARY,
            "ENCODED",
            ENCODED,
            "URL",
            "jdbc:postgresql://u:" + ENCODED + "@127.0.0.1:1/x?password=" + CANARY);
    for (String command : new String[] {"validate", "plan", "run", "verify"}) {
      CommandKit.Outcome outcome =
          command.equals("run")
              ? CommandKit.run(variables, command, file, "--until-caught-up", "--log-file", log)
              : CommandKit.run(variables, command, file);
      assertThat(outcome.out() + outcome.err())
          .as(command)
          .doesNotContain("nary", "9f2e", "\tat ", server.cdc().password());
    }
    if (Files.exists(log)) {
      assertThat(Files.readString(log)).doesNotContain("nary", "9f2e", server.cdc().password());
    }
  }
}
