package io.firn.testservers.docker;

import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.PortBinding;
import com.github.dockerjava.api.model.Ports;
import io.firn.testservers.process.FreePort;
import io.firn.testservers.provision.Accounts;
import java.util.List;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.images.builder.Transferable;
import org.testcontainers.utility.DockerImageName;

/** MySQL in a container whose port on the loopback address stays the same over restarts. */
public final class MySqlContainer extends GenericContainer<MySqlContainer> {
  private static final DockerImageName IMAGE = DockerImageName.parse("mysql:9");
  private static final int INNER_PORT = 3306;

  private final int port = FreePort.find();

  private MySqlContainer(List<String> options) {
    super(IMAGE);
    withEnv("MYSQL_ROOT_PASSWORD", Accounts.ROOT.password());
    // The image makes root@'%' itself, so only the other account's statements are given to it.
    withCopyToContainer(
        Transferable.of(
            Accounts.statements()
                .lines()
                .filter(line -> line.contains("'cdc'"))
                .reduce("", (all, line) -> all + line + "\n")),
        "/docker-entrypoint-initdb.d/accounts.sql");
    withCommand(options.toArray(String[]::new));
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
    waitingFor(
        new org.testcontainers.containers.wait.strategy.LogMessageWaitStrategy()
            .withRegEx(".*port: 3306 .*\\s"));
  }

  /** A container, not started. */
  public static MySqlContainer create(List<String> options) {
    return new MySqlContainer(options);
  }

  /** The port on this machine. */
  public int port() {
    return port;
  }
}
