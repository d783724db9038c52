package io.firn.testservers;

import io.firn.testservers.docker.DockerEngine;
import io.firn.testservers.docker.MinioContainer;
import io.firn.testservers.process.FreePort;
import io.firn.testservers.provision.Trees;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * An object store that speaks S3 and checks signatures: MinIO in a container, or S3Proxy in this
 * process. Conditional writes are atomic in both.
 */
public final class S3Server implements AutoCloseable {
  private static final Account ACCOUNT = new Account("firn-access", "firn-s3-s3cret");
  private static final String REGION = "us-east-1";

  private final URI endpoint;
  private final AutoCloseable server;

  private S3Server(URI endpoint, AutoCloseable server) {
    this.endpoint = endpoint;
    this.server = server;
  }

  /** Starts an empty store. */
  public static S3Server start() {
    if (DockerEngine.shouldBeUsed()) {
      MinioContainer container = MinioContainer.create(ACCOUNT);
      container.start();
      return new S3Server(container.endpoint(), container::stop);
    }
    return inProcess();
  }

  private static S3Server inProcess() {
    try {
      Path root = Path.of(System.getProperty("java.io.tmpdir"), "firn-servers").toAbsolutePath();
      Path directory = Files.createTempDirectory(Files.createDirectories(root), "s3-");
      URI endpoint = URI.create("http://127.0.0.1:" + FreePort.find());
      S3Proxy proxy =
          S3Proxy.builder()
              .blobStore(new FilesystemNio2BlobStore(directory.toString()))
              .endpoint(endpoint)
              .awsAuthentication(AuthenticationType.AWS_V4, ACCOUNT.user(), ACCOUNT.password())
              .ignoreUnknownHeaders(true)
              .build();
      proxy.start();
      Thread cleaner = new Thread(() -> delete(directory), "delete-" + directory.getFileName());
      Runtime.getRuntime().addShutdownHook(cleaner);
      return new S3Server(
          endpoint,
          () -> {
            proxy.stop();
            delete(directory);
            Runtime.getRuntime().removeShutdownHook(cleaner);
          });
    } catch (Exception e) {
      throw new ServerException("Cannot start the object store: " + e, e);
    }
  }

  private static void delete(Path directory) {
    try {
      Trees.delete(directory);
    } catch (IOException e) {
      System.err.println("Cannot delete '" + directory + "': " + e);
    }
  }

  /** Where it listens. */
  public URI endpoint() {
    return endpoint;
  }

  /** Access key and secret key. */
  public Account account() {
    return ACCOUNT;
  }

  /** The region that requests are signed for. */
  public String region() {
    return REGION;
  }

  /** A new client; the caller closes it. */
  public S3Client client() {
    return S3Client.builder()
        .endpointOverride(endpoint)
        .region(Region.of(REGION))
        .forcePathStyle(true)
        .credentialsProvider(
            StaticCredentialsProvider.create(
                AwsBasicCredentials.create(ACCOUNT.user(), ACCOUNT.password())))
        .httpClientBuilder(Apache5HttpClient.builder())
        .build();
  }

  /** Creates a bucket and returns its {@code s3://} URL. */
  public String createBucket(String name) {
    try (S3Client client = client()) {
      client.createBucket(request -> request.bucket(name));
      return "s3://" + name;
    }
  }

  /** Properties with which an Iceberg catalog, or its S3FileIO, reaches this store. */
  public Map<String, String> catalogProperties() {
    return Map.of(
        "io-impl",
        "org.apache.iceberg.aws.s3.S3FileIO",
        "s3.endpoint",
        endpoint.toString(),
        "s3.path-style-access",
        "true",
        "s3.access-key-id",
        ACCOUNT.user(),
        "s3.secret-access-key",
        ACCOUNT.password(),
        "client.region",
        REGION);
  }

  /** Stops it and deletes everything in it. */
  @Override
  public void close() {
    try {
      server.close();
    } catch (Exception e) {
      throw new ServerException("Cannot stop the object store: " + e, e);
    }
  }
}
