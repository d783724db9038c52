package io.firn.it;

import io.firn.it.oracle.ShopTables;
import io.firn.it.oracle.ShopWorkload;
import io.firn.it.process.Pipeline;
import io.firn.testservers.DatabaseServer;
import io.firn.testservers.MySqlServer;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The MySQL server that the tests of one JVM share, each with a database of its own; it goes away
 * with the JVM.
 */
final class Source {
  private static final AtomicInteger NUMBER = new AtomicInteger();

  private Source() {}

  private static final class Shared {
    static final MySqlServer SERVER = MySqlServer.start();
  }

  static MySqlServer server() {
    return Shared.SERVER;
  }

  /**
   * A filled database and a pipeline for it.
   *
   * @param workload makes the changes
   * @param pipeline from the database into a new lake
   */
  record Shop(ShopWorkload workload, Pipeline pipeline) {}

  /** A new database with this many rows. */
  static Shop shop(String name, int rows) throws SQLException {
    return shop(name, rows, server());
  }

  static Shop shop(String name, int rows, DatabaseServer server) throws SQLException {
    String database = name.replace('-', '_') + "_" + NUMBER.incrementAndGet();
    ShopTables.create(server, database);
    ShopWorkload workload = new ShopWorkload(server, database, seed());
    workload.fill(rows);
    return new Shop(workload, Pipeline.of(database, server, database, directory(database)));
  }

  /** A directory for a pipeline's files; kept when a test fails, like everything in target. */
  static Path directory(String name) {
    return Path.of(System.getProperty("firn.it.work", "target/it-work"))
        .resolve(ProcessHandle.current().pid() + "-" + name)
        .toAbsolutePath();
  }

  /** Seed of everything random; printed, and taken from {@code firn.it.seed} to run it again. */
  static long seed() {
    return Seed.VALUE;
  }

  private static final class Seed {
    static final long VALUE = Long.getLong("firn.it.seed", System.nanoTime() % 1_000_000);

    static {
      System.err.println("seed=" + VALUE + " (run again with -Dfirn.it.seed=" + VALUE + ")");
    }
  }
}
