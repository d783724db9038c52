package io.firn.testservers;

import io.firn.testservers.process.Commands;
import io.firn.testservers.process.FreePort;
import io.firn.testservers.process.ServerProcess;
import io.firn.testservers.provision.DatabaseInstallation;
import io.firn.testservers.provision.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A database server as a child process, on a copy of an installation's data directory. */
final class LocalDatabase implements DatabaseBackend {
  private static final long STOP_SECONDS = 60;

  private final DatabaseInstallation installation;
  private final List<String> options;
  private final Path directory;
  private final Path log;
  private final Thread cleaner;
  private int port;
  private ServerProcess process;

  LocalDatabase(String name, DatabaseInstallation installation, List<String> options) {
    this.installation = installation;
    this.options = List.copyOf(options);
    try {
      Path root = Path.of(System.getProperty("java.io.tmpdir"), "firn-servers").toAbsolutePath();
      this.directory = Files.createTempDirectory(Files.createDirectories(root), name + "-");
      this.log = root.resolve(directory.getFileName() + ".log");
      Trees.copy(installation.template(), data());
    } catch (IOException e) {
      throw new ServerException("Cannot make a data directory for " + name + ": " + e, e);
    }
    this.port = FreePort.find();
    this.cleaner = new Thread(this::deleteFiles, "delete-" + directory.getFileName());
    Runtime.getRuntime().addShutdownHook(cleaner);
  }

  private Path data() {
    return directory.resolve("data");
  }

  @Override
  public void start() {
    List<String> command = new ArrayList<>(installation.command(data()));
    command.add("--bind-address=127.0.0.1");
    command.add("--port=" + port);
    command.addAll(options);
    process = ServerProcess.start(command, data(), log);
  }

  /** Takes another port for the next start; for a first start that found its port taken. */
  void takeAnotherPort() {
    port = FreePort.find();
  }

  @Override
  public void stop() {
    if (process != null) {
      process.stop(STOP_SECONDS);
    }
  }

  @Override
  public void kill() {
    if (process != null) {
      process.close();
    }
  }

  @Override
  public boolean isAlive() {
    return process != null && process.isAlive();
  }

  @Override
  public int port() {
    return port;
  }

  @Override
  public Path directory() {
    return data();
  }

  @Override
  public String describeLog() {
    return "log in '" + log + "', which ends with:\n" + Commands.end(log);
  }

  @Override
  public void remove() {
    kill();
    deleteFiles();
    try {
      Runtime.getRuntime().removeShutdownHook(cleaner);
    } catch (IllegalStateException e) {
      // The JVM is shutting down; the hook finds nothing left to delete.
      return;
    }
  }

  private void deleteFiles() {
    kill();
    try {
      Trees.delete(directory);
    } catch (IOException e) {
      System.err.println("Cannot delete '" + directory + "': " + e);
    }
  }
}
