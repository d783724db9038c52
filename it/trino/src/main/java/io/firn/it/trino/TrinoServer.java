package io.firn.it.trino;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * A Trino server from jars, without its distribution: the same class path serves as the server's
 * and, without what a plugin must share with the server, as the plugin's.
 */
final class TrinoServer implements AutoCloseable {
  /** What a plugin sees of the server; a copy of its own would be another class. */
  private static final Pattern SHARED =
      Pattern.compile(
          "(trino-spi|slice|jackson-annotations|opentelemetry-(api|context|common))-[0-9].*\\.jar");

  private static final Pattern HADOOP = Pattern.compile("(trino-hdfs|hadoop-apache)-[0-9].*");

  private static final long START_SECONDS = 180;

  private final Process process;
  private final int port;
  private final Path log;

  private TrinoServer(Process process, int port, Path log) {
    this.process = process;
    this.port = port;
    this.log = log;
  }

  /**
   * Starts a server with one catalog, {@code lake}, and waits until it takes queries.
   *
   * @param java the beginning of a command that runs a Java that is new enough
   * @param jars the class path
   * @param catalog address of the REST catalog
   * @param directory for its files
   */
  static TrinoServer start(List<String> java, List<Path> jars, String catalog, Path directory)
      throws IOException, InterruptedException {
    Path etc = Files.createDirectories(directory.resolve("etc/catalog")).getParent();
    Path plugin = Files.createDirectories(directory.resolve("plugin/iceberg"));
    // Trino wants the file system of Hadoop, which it needs for local files, apart.
    Path hadoop = Files.createDirectories(plugin.resolve("hdfs"));
    for (Path jar : jars) {
      String name = jar.getFileName().toString();
      if (!SHARED.matcher(name).matches()) {
        Files.createSymbolicLink(hadoop.resolve(name), jar);
        if (!HADOOP.matcher(name).matches()) {
          Files.createSymbolicLink(plugin.resolve(name), jar);
        }
      }
    }
    int port = freePort();
    Files.writeString(
        etc.resolve("config.properties"),
        """
        node.environment=test
        node.bind-ip=127.0.0.1
        node.internal-address=127.0.0.1
        coordinator=true
        node-scheduler.include-coordinator=true
        http-server.http.port=%1$d
        discovery.uri=http://127.0.0.1:%1$d
        plugin.dir=%2$s
        catalog.config-dir=%3$s
        query.max-memory-per-node=256MB
        memory.heap-headroom-per-node=128MB
        """
            .formatted(port, plugin.getParent(), etc.resolve("catalog")));
    Files.writeString(
        etc.resolve("catalog/lake.properties"),
        """
        connector.name=iceberg
        iceberg.catalog.type=rest
        iceberg.rest-catalog.uri=%s
        fs.hadoop.enabled=true
        """
            .formatted(catalog));
    Path service = Files.createDirectories(directory.resolve("service/META-INF/services"));
    Files.writeString(
        service.resolve("io.trino.spi.Plugin"), "io.trino.plugin.iceberg.IcebergPlugin\n");
    jar(directory.resolve("service"), plugin.resolve("firn-plugin-service.jar"));

    List<String> command = new ArrayList<>(java);
    command.addAll(
        List.of(
            "-Xmx1g",
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Dconfig=" + etc.resolve("config.properties"),
            "-Djava.io.tmpdir=" + directory,
            "-Duser.timezone=UTC",
            "--add-modules=jdk.incubator.vector",
            "--add-opens=java.base/java.nio=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "--enable-native-access=ALL-UNNAMED"));
    Path arguments = directory.resolve("trino.arguments");
    Files.writeString(
        arguments,
        "-cp "
            + classes()
            + ":"
            + String.join(":", jars.stream().map(Path::toString).toList())
            + "\n");
    command.add("@" + arguments);
    command.add(TrinoLauncher.class.getName());
    command.add(version(jars));
    Path log = directory.resolve("trino-server.log");
    Process process =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    TrinoServer server = new TrinoServer(process, port, log);
    server.awaitStart();
    return server;
  }

  /** Where the launcher's class is. */
  private static Path classes() {
    return Path.of(
        TrinoLauncher.class.getProtectionDomain().getCodeSource().getLocation().getPath());
  }

  private static String version(List<Path> jars) {
    return jars.stream()
        .map(jar -> jar.getFileName().toString())
        .filter(name -> name.startsWith("trino-main-"))
        .map(name -> name.substring("trino-main-".length(), name.length() - ".jar".length()))
        .findFirst()
        .orElseThrow();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static void jar(Path tree, Path target) throws IOException {
    try (var out = new java.util.jar.JarOutputStream(Files.newOutputStream(target))) {
      String name = "META-INF/services/io.trino.spi.Plugin";
      out.putNextEntry(new java.util.jar.JarEntry(name));
      out.write(Files.readAllBytes(tree.resolve(name)));
      out.closeEntry();
    }
  }

  private void awaitStart() throws InterruptedException, IOException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
    while (System.nanoTime() < end && process.isAlive()) {
      if (hasStarted()) {
        return;
      }
      Thread.sleep(200);
    }
    process.destroyForcibly();
    throw new IllegalStateException("Trino did not start:\n" + Files.readString(log));
  }

  private boolean hasStarted() {
    try {
      HttpURLConnection connection =
          (HttpURLConnection)
              URI.create("http://127.0.0.1:" + port + "/v1/info").toURL().openConnection();
      connection.setConnectTimeout(1_000);
      connection.setReadTimeout(5_000);
      try (InputStream in = connection.getInputStream()) {
        String answer = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        return answer.replace(" ", "").contains("\"starting\":false");
      }
    } catch (IOException e) {
      return false;
    }
  }

  /** Where it listens. */
  String jdbcUrl() {
    return "jdbc:trino://127.0.0.1:" + port + "/lake";
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
