package io.firn.testservers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;

class S3ServerTest {

  @Test
  void startsAnswersAndStopsTwiceInARow() {
    for (int round = 0; round < 2; round++) {
      try (S3Server server = S3Server.start();
          S3Client client = server.client()) {
        assertThat(server.createBucket("lake")).isEqualTo("s3://lake");
        client.putObject(r -> r.bucket("lake").key("a/b"), RequestBody.fromString("content"));
        assertThat(client.getObjectAsBytes(r -> r.bucket("lake").key("a/b")).asUtf8String())
            .isEqualTo("content");
        assertThat(client.listObjectsV2(r -> r.bucket("lake").prefix("a/")).contents()).hasSize(1);
      }
    }
  }

  @Test
  void aWrongSecretIsRefused() {
    try (S3Server server = S3Server.start()) {
      server.createBucket("lake");
      try (S3Client stranger =
          S3Client.builder()
              .endpointOverride(server.endpoint())
              .region(software.amazon.awssdk.regions.Region.of(server.region()))
              .forcePathStyle(true)
              .credentialsProvider(
                  software.amazon.awssdk.auth.credentials.StaticCredentialsProvider.create(
                      software.amazon.awssdk.auth.credentials.AwsBasicCredentials.create(
                          server.account().user(), "wrong")))
              .httpClientBuilder(software.amazon.awssdk.http.apache5.Apache5HttpClient.builder())
              .build()) {
        assertThatThrownBy(() -> stranger.listObjectsV2(r -> r.bucket("lake")))
            .isInstanceOfSatisfying(
                S3Exception.class, e -> assertThat(e.statusCode()).isEqualTo(403));
      }
    }
  }

  @Test
  void oneOfManyConditionalWritesWins() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try (S3Server server = S3Server.start();
        S3Client client = server.client()) {
      server.createBucket("lake");
      Map<Boolean, Integer> outcomes = new HashMap<>();
      Callable<Boolean> write =
          () -> {
            try {
              client.putObject(
                  r -> r.bucket("lake").key("once").ifNoneMatch("*"),
                  RequestBody.fromString(Thread.currentThread().getName()));
              return true;
            } catch (S3Exception e) {
              assertThat(e.statusCode()).isIn(409, 412);
              return false;
            }
          };
      for (Future<Boolean> future :
          threads.invokeAll(Stream.generate(() -> write).limit(16).toList())) {
        outcomes.merge(future.get(), 1, Integer::sum);
      }
      assertThat(outcomes).containsEntry(true, 1).containsEntry(false, 15);
    } finally {
      threads.shutdownNow();
    }
  }
}
