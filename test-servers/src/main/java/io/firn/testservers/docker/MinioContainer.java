package io.firn.testservers.docker;

import io.firn.testservers.Account;
import java.net.URI;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.HttpWaitStrategy;
import org.testcontainers.utility.DockerImageName;

/** MinIO in a container. */
public final class MinioContainer extends GenericContainer<MinioContainer> {
  private static final int INNER_PORT = 9000;

  private MinioContainer(Account account) {
    super(DockerImageName.parse("minio/minio"));
    withEnv("MINIO_ROOT_USER", account.user());
    withEnv("MINIO_ROOT_PASSWORD", account.password());
    withCommand("server", "/data");
    withExposedPorts(INNER_PORT);
    waitingFor(new HttpWaitStrategy().forPort(INNER_PORT).forPath("/minio/health/live"));
  }

  /** A container, not started. */
  public static MinioContainer create(Account account) {
    return new MinioContainer(account);
  }

  /** Where the started container answers. */
  public URI endpoint() {
    return URI.create("http://" + getHost() + ":" + getMappedPort(INNER_PORT));
  }
}
