package io.firn.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.it.process.FirnProcess;
import io.firn.it.process.Pipeline;
import io.firn.testservers.Account;
import io.firn.testservers.MySqlServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SecretsTest {
  private static final String CANARY = "canary-S3cr3t-9f2e";
  private static final int LIMIT_SECONDS = 120;

  @Test
  void aPasswordIsInNoOutputLogCheckpointOrTable() throws Exception {
    MySqlServer server = Source.server();
    Account spy =
        server.createUser(
            "spy",
            CANARY,
            "SELECT",
            "RELOAD",
            "LOCK TABLES",
            "SHOW DATABASES",
            "REPLICATION SLAVE",
            "REPLICATION CLIENT");
    Source.Shop shop = Source.shop("secrets", 500);
    Pipeline pipeline = shop.pipeline().account(spy);
    String file = pipeline.write().toString();
    FirnProcess.Options options = FirnProcess.Options.of(pipeline);
    for (String command : List.of("validate", "plan")) {
      FirnProcess.start(options, command, file).expectExit(0, LIMIT_SECONDS);
    }
    FirnProcess.start(options, "run", file, "--until-caught-up").expectExit(0, LIMIT_SECONDS);
    FirnProcess.start(options, "verify", file).expectExit(0, LIMIT_SECONDS);
    // The failures that are most likely to quote it: refused, and unreachable.
    server.execute("ALTER USER 'spy'@'%' IDENTIFIED BY 'another'");
    for (String command : List.of("validate", "run", "verify")) {
      assertThat(FirnProcess.start(options, command, file).waitFor(LIMIT_SECONDS)).isNotZero();
    }
    try (Stream<Path> files = Files.walk(pipeline.directory())) {
      List<Path> all = files.filter(Files::isRegularFile).toList();
      assertThat(all).hasSizeGreaterThan(15);
      for (Path path : all) {
        String content = new String(Files.readAllBytes(path), StandardCharsets.ISO_8859_1);
        assertThat(content.contains(CANARY)).as("the password is in " + path).isFalse();
      }
    }
  }
}
