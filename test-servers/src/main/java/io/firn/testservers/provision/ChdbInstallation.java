package io.firn.testservers.provision;

import io.firn.testservers.ServerException;
import io.firn.testservers.process.Commands;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** ClickHouse as a library of Node.js, installed through this machine's npm. */
public final class ChdbInstallation {
  private static final String PACKAGE = "chdb@3.4.0";
  private static final long INSTALL_SECONDS = 900;

  private ChdbInstallation() {}

  /**
   * The directory with {@code node_modules}, made first if it is not there yet.
   *
   * @throws ServerException if there is no Node.js or the package cannot be had
   */
  public static Path in(ServerCache cache) throws IOException, InterruptedException {
    return cache.directory(PACKAGE.replace('@', '-'), ChdbInstallation::install);
  }

  private static void install(Path directory) throws IOException, InterruptedException {
    Progress.say("installing " + PACKAGE + " through npm (about 550 MB on disk, once) ...");
    try {
      Commands.run(
          List.of(
              "npm",
              "install",
              "--prefix",
              directory.toString(),
              "--no-fund",
              "--no-audit",
              "--no-save",
              PACKAGE),
          null,
          INSTALL_SECONDS);
    } catch (IOException | ServerException e) {
      throw new ServerException(
          "ClickHouse needs Node.js 20 or newer with npm and cannot be installed ("
              + e.getMessage()
              + "); install nodejs and npm, or leave CLICKHOUSE out of firn.it.engines.",
          e);
    }
  }
}
