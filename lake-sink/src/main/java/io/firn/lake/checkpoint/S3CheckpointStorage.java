package io.firn.lake.checkpoint;

import io.firn.model.checkpoint.CheckpointStorage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.apache.iceberg.aws.s3.S3FileIO;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Checkpoints in S3 and what is compatible with it. A PUT is whole or not at all and durable when
 * it returns; "if absent" is a conditional PUT ({@code If-None-Match: *}).
 *
 * <p>Client, endpoint and credentials come from Iceberg's {@code s3.*} and {@code client.*}
 * properties, the same as for the tables.
 *
 * <p><b>Threading</b>: thread-safe.
 */
final class S3CheckpointStorage implements CheckpointStorage {
  private static final int PRECONDITION_FAILED = 412;
  private static final int CONFLICT = 409;
  private static final int NOT_FOUND = 404;
  private static final String WRITER_METADATA = "firn-writer";

  private final S3FileIO io;
  private final S3Client client;
  private final String bucket;
  private final String prefix;

  private S3CheckpointStorage(S3FileIO io, String bucket, String prefix) {
    this.io = io;
    this.client = io.client();
    this.bucket = bucket;
    this.prefix = prefix;
  }

  static S3CheckpointStorage open(String url, Map<String, String> properties) {
    String rest = url.substring(url.indexOf("://") + 3);
    int slash = rest.indexOf('/');
    String bucket = slash < 0 ? rest : rest.substring(0, slash);
    String path = slash < 0 ? "" : rest.substring(slash + 1);
    if (bucket.isEmpty()) {
      throw new IllegalArgumentException("the bucket is missing");
    }
    if (!path.isEmpty() && !path.endsWith("/")) {
      path += "/";
    }
    S3FileIO io = new S3FileIO();
    io.initialize(properties);
    return new S3CheckpointStorage(io, bucket, path);
  }

  private PutObjectRequest.Builder put(String name) {
    return PutObjectRequest.builder().bucket(bucket).key(prefix + name);
  }

  @Override
  public void publish(String name, byte[] content) throws IOException {
    calling(name, () -> client.putObject(put(name).build(), RequestBody.fromBytes(content)));
  }

  @Override
  public boolean publishIfAbsent(String name, byte[] content) throws IOException {
    String writer = UUID.randomUUID().toString();
    PutObjectRequest request =
        put(name).ifNoneMatch("*").metadata(Map.of(WRITER_METADATA, writer)).build();
    try {
      client.putObject(request, RequestBody.fromBytes(content));
      return true;
    } catch (S3Exception e) {
      if (e.statusCode() == PRECONDITION_FAILED) {
        return isBy(name, writer);
      }
      if (e.statusCode() == CONFLICT) {
        return false; // somebody else is writing it at this moment
      }
      throw new IOException("Writing '" + location(name) + "' failed: " + e.getMessage(), e);
    } catch (SdkException e) {
      throw new IOException("Writing '" + location(name) + "' failed: " + e.getMessage(), e);
    }
  }

  /** The client repeats a PUT whose reply got lost, and is then refused by its own object. */
  private boolean isBy(String name, String writer) throws IOException {
    HeadObjectResponse head =
        calling(name, () -> client.headObject(r -> r.bucket(bucket).key(prefix + name)));
    return writer.equals(head.metadata().get(WRITER_METADATA));
  }

  @Override
  public void store(Path localFile, String name) throws IOException {
    calling(name, () -> client.putObject(put(name).build(), RequestBody.fromFile(localFile)));
  }

  @Override
  public void fetch(String name, Path localFile) throws IOException {
    try (InputStream in = open(name)) {
      Files.copy(in, localFile);
    }
  }

  @Override
  public InputStream open(String name) throws IOException {
    try {
      return client.getObject(request -> request.bucket(bucket).key(prefix + name));
    } catch (NoSuchKeyException e) {
      throw missing(name, e);
    } catch (S3Exception e) {
      if (e.statusCode() == NOT_FOUND) {
        throw missing(name, e);
      }
      throw new IOException("Reading '" + location(name) + "' failed: " + e.getMessage(), e);
    } catch (SdkException e) {
      throw new IOException("Reading '" + location(name) + "' failed: " + e.getMessage(), e);
    }
  }

  private NoSuchFileException missing(String name, Exception cause) {
    NoSuchFileException missing = new NoSuchFileException(location(name));
    missing.initCause(cause);
    return missing;
  }

  @Override
  public List<String> list(String namePrefix) throws IOException {
    return calling(
        namePrefix,
        () -> {
          List<String> names = new ArrayList<>();
          for (S3Object object :
              client
                  .listObjectsV2Paginator(
                      request -> request.bucket(bucket).prefix(prefix + namePrefix))
                  .contents()) {
            names.add(object.key().substring(prefix.length()));
          }
          return names;
        });
  }

  @Override
  public void delete(String name) throws IOException {
    calling(name, () -> client.deleteObject(r -> r.bucket(bucket).key(prefix + name)));
  }

  private <T> T calling(String name, Supplier<T> call) throws IOException {
    try {
      return call.get();
    } catch (SdkException e) {
      throw new IOException("A request for '" + location(name) + "' failed: " + e.getMessage(), e);
    }
  }

  private String location(String name) {
    return "s3://" + bucket + "/" + prefix + name;
  }

  @Override
  public String location() {
    return location("");
  }

  @Override
  public void close() {
    io.close();
  }
}
