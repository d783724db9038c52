package io.firn.testservers.provision;

import io.firn.testservers.process.Commands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * MySQL server binaries in a directory of their own, with the C library they were built for, and a
 * data directory ready to be copied.
 */
public final class MySqlInstallation implements DatabaseInstallation {
  private static final String SUITE = "sid";
  private static final List<String> PACKAGES = List.of("mysql-server-core", "mysql-client-core");
  private static final List<String> SKIPPED =
      List.of("perl", "libperl", "dpkg", "debconf", "libgdbm", "libdb5", "systemd");

  private final Path prefix;
  private final Path template;

  private MySqlInstallation(Path prefix, Path template) {
    this.prefix = prefix;
    this.template = template;
  }

  /** The installation in a cache, downloaded first if it is not there yet. */
  public static MySqlInstallation in(ServerCache cache) throws IOException, InterruptedException {
    Path prefix = cache.directory("mysql", MySqlInstallation::install);
    MySqlInstallation binaries = new MySqlInstallation(prefix, null);
    Path template = cache.directory("mysql-data-" + Accounts.fingerprint(), binaries::initialise);
    return new MySqlInstallation(prefix, template);
  }

  private static void install(Path prefix) throws IOException, InterruptedException {
    Path work = Files.createTempDirectory("firn-apt");
    try {
      Progress.say("downloading MySQL through apt (about 65 MB, once) ...");
      List<Path> archives = new DebianPackages(work).download(SUITE, PACKAGES);
      Progress.say("unpacking " + archives.size() + " packages ...");
      DebianPackages.unpack(archives, SKIPPED, prefix);
    } finally {
      Trees.delete(work);
    }
  }

  private void initialise(Path directory) throws IOException, InterruptedException {
    Progress.say("initialising a MySQL data directory (once) ...");
    Path accounts = directory.resolve("accounts.sql");
    Files.writeString(accounts, Accounts.statements());
    Path data = directory.resolve("data");
    List<String> command = new ArrayList<>(command(data));
    command.add("--initialize-insecure");
    command.add("--init-file=" + accounts);
    command.add("--innodb-redo-log-capacity=16M");
    Commands.run(command, null, 300);
    // Every copy must get a server id of its own.
    Files.deleteIfExists(data.resolve("auto.cnf"));
  }

  @Override
  public Path template() {
    return template.resolve("data");
  }

  @Override
  public List<String> command(Path data) {
    Path loader = LibraryDirectory.loader(prefix);
    Path share = prefix.resolve("usr/share/mysql");
    List<String> command = new ArrayList<>();
    command.add(loader.toString());
    command.add("--library-path");
    command.add(loader.getParent().toString());
    command.add(prefix.resolve("usr/sbin/mysqld").toString());
    command.add("--no-defaults");
    command.add("--datadir=" + data);
    command.add("--lc-messages-dir=" + share);
    command.add("--character-sets-dir=" + share.resolve("charsets"));
    command.add("--plugin-dir=" + prefix.resolve("usr/lib/mysql/plugin"));
    // The directory that is compiled in does not exist here, and then the server refuses to start.
    command.add("--secure-file-priv=" + data.getParent());
    command.add("--mysqlx=OFF");
    command.add("--socket=mysql.sock");
    if (isRoot()) {
      command.add("--user=root");
    }
    return command;
  }

  private static boolean isRoot() {
    return System.getProperty("user.name").equals("root");
  }
}
