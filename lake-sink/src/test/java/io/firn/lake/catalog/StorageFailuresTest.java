package io.firn.lake.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.model.error.ConfigurationException;
import io.firn.model.error.FencedException;
import io.firn.model.error.RetryableException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.sql.SQLException;
import java.util.List;
import org.apache.iceberg.exceptions.ForbiddenException;
import org.apache.iceberg.exceptions.NotAuthorizedException;
import org.apache.iceberg.exceptions.RuntimeIOException;
import org.apache.iceberg.exceptions.ServiceUnavailableException;
import org.apache.iceberg.jdbc.UncheckedSQLException;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.s3.model.NoSuchBucketException;
import software.amazon.awssdk.services.s3.model.S3Exception;

class StorageFailuresTest {
  private static RuntimeException thrownFor(Exception failure) {
    return StorageFailures.of("Writing", "try again", failure, Secrets.NONE);
  }

  private static Exception s3(int status, String code) {
    return S3Exception.builder()
        .statusCode(status)
        .message("refused")
        .awsErrorDetails(AwsErrorDetails.builder().errorCode(code).build())
        .build();
  }

  @Test
  void whatStorageAndCatalogsThrowMayPass() {
    for (Exception failure :
        List.of(
            new IOException("disk full"),
            new UncheckedIOException(new IOException("reset")),
            new RuntimeIOException("no route"),
            new ServiceUnavailableException("503"),
            SdkClientException.create("Unable to execute HTTP request"),
            s3(500, "InternalError"),
            s3(503, "SlowDown"),
            s3(403, "RequestTimeTooSkewed"),
            s3(400, "ExpiredToken"),
            new UncheckedSQLException(new SQLException("down", "08006"), "Failed to connect"),
            new IllegalStateException("wrapped", new IOException("reset")))) {
      assertThat(thrownFor(failure))
          .as("%s", failure)
          .isInstanceOf(RetryableException.class)
          .hasMessageStartingWith("Writing failed: ")
          .hasMessageEndingWith("; try again");
    }
  }

  @Test
  void aRefusalDoesNotPass() {
    for (Exception failure :
        List.of(
            new ForbiddenException("no"),
            new NotAuthorizedException("no"),
            new UncheckedIOException(new AccessDeniedException("/lake")),
            NoSuchBucketException.builder().message("no bucket").statusCode(404).build(),
            s3(403, "AccessDenied"),
            s3(403, "InvalidAccessKeyId"),
            s3(401, null),
            new RuntimeException("wrapped", s3(403, "SignatureDoesNotMatch")),
            new UncheckedSQLException(new SQLException("who?", "28000"), "Failed"))) {
      assertThat(thrownFor(failure)).as("%s", failure).isInstanceOf(ConfigurationException.class);
    }
  }

  @Test
  void mistakesAndFirnsOwnExceptionsStayWhatTheyAre() {
    for (RuntimeException failure :
        List.of(
            new NullPointerException("x"),
            new IllegalStateException("x"),
            new ArithmeticException("value does not fit"),
            new FencedException("older"))) {
      assertThat(thrownFor(failure)).isSameAs(failure);
    }
  }
}
