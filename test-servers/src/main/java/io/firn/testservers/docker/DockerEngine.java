package io.firn.testservers.docker;

import io.firn.testservers.ServerException;
import io.firn.testservers.ServerMode;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.testcontainers.DockerClientFactory;

/** Finds out whether containers can be used here. */
public final class DockerEngine {
  private DockerEngine() {}

  /**
   * Whether servers should run in containers.
   *
   * @throws ServerException if they must and no engine answers
   */
  public static boolean shouldBeUsed() {
    return switch (ServerMode.configured()) {
      case LOCAL -> false;
      case AUTO -> Answer.ENGINE && DockerClientFactory.instance().isDockerAvailable();
      case DOCKER -> {
        if (!DockerClientFactory.instance().isDockerAvailable()) {
          throw new ServerException(
              "firn.servers is 'docker', but no Docker engine answers; start one, or use 'auto'.");
        }
        yield true;
      }
    };
  }

  /** Asked once: Testcontainers' own search for an engine is slow and loud where there is none. */
  private static final class Answer {
    static final boolean ENGINE = ask();

    private static boolean ask() {
      try {
        Process process =
            new ProcessBuilder(List.of("docker", "version", "--format", "{{.Server.Version}}"))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        process.getOutputStream().close();
        if (!process.waitFor(5, TimeUnit.SECONDS)) {
          process.destroyForcibly();
          return false;
        }
        return process.exitValue() == 0;
      } catch (IOException e) {
        return false;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }
  }
}
