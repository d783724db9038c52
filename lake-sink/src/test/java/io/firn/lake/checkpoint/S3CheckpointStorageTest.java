package io.firn.lake.checkpoint;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.model.checkpoint.CheckpointStorage;
import io.firn.model.error.ConfigurationException;
import io.firn.testservers.S3Server;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class S3CheckpointStorageTest extends CheckpointStorageContract {
  private static S3Server server;

  @BeforeAll
  static void startServer() {
    server = S3Server.start();
    server.createBucket("lake");
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @Override
  CheckpointStorage open() {
    return CheckpointStorages.open(
        "s3a://lake/" + UUID.randomUUID() + "/checkpoints", Map.of(), server.catalogProperties());
  }

  @Test
  void aMissingBucketIsAConfigurationErrorWithoutSecrets() {
    assertThatThrownBy(
            () ->
                CheckpointStorages.open(
                    "s3://no-such-bucket/x", Map.of(), server.catalogProperties()))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("s3://no-such-bucket/x")
        .hasMessageNotContaining(server.account().password());
  }

  @Test
  void wrongCredentialsAreAConfigurationError() {
    Map<String, String> wrong = new HashMap<>(server.catalogProperties());
    wrong.put("s3.secret-access-key", "canary-wrong");
    assertThatThrownBy(() -> CheckpointStorages.open("s3://lake/x", Map.of(), wrong))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageNotContaining("canary");
  }
}
