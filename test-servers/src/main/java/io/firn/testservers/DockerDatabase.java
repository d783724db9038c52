package io.firn.testservers;

import com.github.dockerjava.api.DockerClient;
import io.firn.testservers.docker.MySqlContainer;
import java.nio.file.Path;

/** A database server in a container. */
final class DockerDatabase implements DatabaseBackend {
  private static final int STOP_SECONDS = 60;

  private final MySqlContainer container;
  private boolean created;

  DockerDatabase(MySqlContainer container) {
    this.container = container;
  }

  @Override
  public void start() {
    if (created) {
      client().startContainerCmd(container.getContainerId()).exec();
    } else {
      container.start();
      created = true;
    }
  }

  @Override
  public void stop() {
    if (isAlive()) {
      client().stopContainerCmd(container.getContainerId()).withTimeout(STOP_SECONDS).exec();
    }
  }

  @Override
  public void kill() {
    if (isAlive()) {
      client().killContainerCmd(container.getContainerId()).exec();
    }
  }

  @Override
  public boolean isAlive() {
    return created && container.isRunning();
  }

  @Override
  public int port() {
    return container.port();
  }

  @Override
  public Path directory() {
    return Path.of("/var/lib/mysql");
  }

  @Override
  public String describeLog() {
    return created ? "its log:\n" + container.getLogs() : "the container was not created";
  }

  @Override
  public void remove() {
    container.stop();
  }

  private DockerClient client() {
    return container.getDockerClient();
  }
}
