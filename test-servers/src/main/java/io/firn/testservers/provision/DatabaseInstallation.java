package io.firn.testservers.provision;

import java.nio.file.Path;
import java.util.List;

/** Binaries of a database server on this machine, and a data directory to start from. */
public interface DatabaseInstallation {

  /** An initialised data directory with the {@link Accounts}; to be copied, never to be used. */
  Path template();

  /**
   * The command that runs the server.
   *
   * @param data the server's data directory; a temporary file may be put next to it
   */
  List<String> command(Path data);
}
