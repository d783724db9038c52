package io.firn.testservers.provision;

/** Tells a waiting person what provisioning is doing, on standard error. */
public final class Progress {
  private Progress() {}

  /** Prints one line. */
  public static void say(String line) {
    System.err.println("[firn servers] " + line);
  }
}
