package io.firn.it.trino;

/**
 * Starts Trino's server, as the launcher of its distribution does, which is not published as a jar.
 * By reflection: the compiler here cannot read class files for Java 25.
 */
public final class TrinoLauncher {
  private TrinoLauncher() {}

  /** Runs until the process is ended; the configuration is named by system properties. */
  public static void main(String[] arguments) throws ReflectiveOperationException {
    Class<?> server = Class.forName("io.trino.server.Server");
    Object instance = server.getConstructor().newInstance();
    server.getMethod("start", String.class).invoke(instance, arguments[0]);
  }
}
