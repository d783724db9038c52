package io.firn.testservers;

import java.nio.file.Path;

/** How a database server is run: as a process of this machine, or in a container. */
interface DatabaseBackend {

  /** Starts it on the port it had before, if it ran before. Does not wait until it answers. */
  void start();

  /** Stops it in good order. */
  void stop();

  /** Kills it with SIGKILL. */
  void kill();

  boolean isAlive();

  int port();

  Path directory();

  /** The end of its log, and where all of it is. */
  String describeLog();

  /** Ends it and removes its data. */
  void remove();
}
