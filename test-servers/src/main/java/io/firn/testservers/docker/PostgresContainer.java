package io.firn.testservers.docker;

import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.PortBinding;
import com.github.dockerjava.api.model.Ports;
import io.firn.testservers.process.FreePort;
import io.firn.testservers.provision.Accounts;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.LogMessageWaitStrategy;
import org.testcontainers.utility.DockerImageName;

/** PostgreSQL in a container whose port on the loopback address stays the same over restarts. */
public final class PostgresContainer extends GenericContainer<PostgresContainer> {
  private static final int INNER_PORT = 5432;

  private final int port = FreePort.find();

  private PostgresContainer() {
    super(DockerImageName.parse("postgres:17"));
    withEnv("POSTGRES_USER", Accounts.ROOT.user());
    withEnv("POSTGRES_PASSWORD", Accounts.ROOT.password());
    withEnv("POSTGRES_DB", "postgres");
    withCreateContainerCmdModifier(
        command ->
            command
                .withExposedPorts(ExposedPort.tcp(INNER_PORT))
                .withHostConfig(
                    HostConfig.newHostConfig()
                        .withPortBindings(
                            new PortBinding(
                                Ports.Binding.bindIpAndPort("127.0.0.1", port),
                                ExposedPort.tcp(INNER_PORT)))));
    // It starts twice: once to set itself up.
    waitingFor(
        new LogMessageWaitStrategy()
            .withRegEx(".*database system is ready to accept connections.*\\s")
            .withTimes(2));
  }

  /** A container, not started. */
  public static PostgresContainer create() {
    return new PostgresContainer();
  }

  /** The port on this machine. */
  public int port() {
    return port;
  }

  /** Kills the server and starts it again on its data. */
  public void crash() {
    getDockerClient().killContainerCmd(getContainerId()).exec();
    getDockerClient().startContainerCmd(getContainerId()).exec();
  }
}
