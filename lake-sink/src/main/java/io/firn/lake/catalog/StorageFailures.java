package io.firn.lake.catalog;

import io.firn.model.error.ConfigurationException;
import io.firn.model.error.FirnException;
import io.firn.model.error.RetryableException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.sql.SQLException;
import java.util.Set;
import org.apache.hadoop.security.AccessControlException;
import org.apache.iceberg.exceptions.ForbiddenException;
import org.apache.iceberg.exceptions.NotAuthorizedException;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.exceptions.RESTException;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.exception.SdkServiceException;
import software.amazon.awssdk.services.s3.model.NoSuchBucketException;

/**
 * Tells failures of storage and catalogs, which may pass, from those that will not pass, and from
 * mistakes of our own and values that do not fit, which trying again would only hide.
 */
public final class StorageFailures {
  /** Answers with status 403 that pass by themselves: clocks are set, tokens are renewed. */
  private static final Set<String> PASSING_CODES =
      Set.of("RequestTimeTooSkewed", "RequestExpired", "ExpiredToken", "TokenRefreshRequired");

  private static final int MAX_DEPTH = 20;

  private StorageFailures() {}

  /** Whether storage or the catalog failed, and not the program or a value. */
  public static boolean isStorage(Throwable failure) {
    int depth = 0;
    for (Throwable t = failure; t != null && depth < MAX_DEPTH; t = t.getCause(), depth++) {
      if (t instanceof IOException
          || t instanceof UncheckedIOException
          || t instanceof SdkException
          || t instanceof RESTException
          || t instanceof NotFoundException
          || t instanceof SQLException) {
        return true;
      }
    }
    return isPermanent(failure);
  }

  /** Whether it certainly fails again: no right, wrong credentials, no such bucket. */
  public static boolean isPermanent(Throwable failure) {
    int depth = 0;
    for (Throwable t = failure; t != null && depth < MAX_DEPTH; t = t.getCause(), depth++) {
      if (t instanceof ForbiddenException
          || t instanceof NotAuthorizedException
          || t instanceof AccessDeniedException
          || t instanceof AccessControlException
          || t instanceof NoSuchBucketException
          || (t instanceof SdkServiceException answer && isRefusal(answer))
          || (t instanceof SQLException sql && isRefusal(sql))) {
        return true;
      }
    }
    return false;
  }

  private static boolean isRefusal(SdkServiceException answer) {
    String code =
        answer instanceof AwsServiceException aws && aws.awsErrorDetails() != null
            ? aws.awsErrorDetails().errorCode()
            : null;
    if ("NoSuchBucket".equals(code)) {
      return true;
    }
    boolean refused = answer.statusCode() == 401 || answer.statusCode() == 403;
    return refused && (code == null || !PASSING_CODES.contains(code));
  }

  /** Class 28 of the SQL standard: invalid authorization. */
  private static boolean isRefusal(SQLException sql) {
    return sql.getSQLState() != null && sql.getSQLState().startsWith("28");
  }

  /**
   * The exception to throw.
   *
   * @param what what failed, as the beginning of a message
   * @param advice what to do if it may pass, as the end of a message
   * @return a {@link RetryableException}, a {@link ConfigurationException} if it will not pass, or
   *     what was given if it is something else
   */
  public static RuntimeException of(
      String what, String advice, Exception failure, Secrets secrets) {
    if (failure instanceof FirnException known) {
      return known;
    }
    String message = secrets.clean(what) + " failed: " + secrets.explain(failure);
    if (isPermanent(failure)) {
      return new ConfigurationException(
          message + "; check the credentials and the rights of the sink's user, and the bucket",
          secrets.asCause(failure));
    }
    if (isStorage(failure)) {
      return new RetryableException(message + "; " + advice, secrets.asCause(failure));
    }
    return failure instanceof RuntimeException e ? e : new IllegalStateException(failure);
  }
}
