package io.firn.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.it.oracle.BackgroundLoad;
import io.firn.it.oracle.ShopTables;
import io.firn.it.oracle.ShopWorkload;
import io.firn.testservers.MySqlServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

class WorkloadTest {

  @Test
  void sameSeedGivesSameTables() throws Exception {
    try (MySqlServer server = MySqlServer.start()) {
      for (String database : new String[] {"one", "two"}) {
        ShopTables.create(server, database);
        ShopWorkload workload = new ShopWorkload(server, database, 42);
        long start = System.nanoTime();
        workload.fill(50_000);
        System.err.printf("fill %d ms%n", (System.nanoTime() - start) / 1_000_000);
        start = System.nanoTime();
        assertThat(workload.change(10_000)).isBetween(10_000, 10_200);
        System.err.printf("change %d ms%n", (System.nanoTime() - start) / 1_000_000);
        workload.addColumn();
        workload.renameColumn();
        workload.change(2_000);
        assertThat(workload.giantTransaction(4_000)).isGreaterThanOrEqualTo(4_000);
      }
      for (String table : ShopTables.NAMES) {
        assertThat(checksum(server, "one." + table))
            .isEqualTo(checksum(server, "two." + table))
            .isNotZero();
      }
    }
  }

  @Test
  void backgroundLoadChangesRowsUntilItIsClosed() throws Exception {
    try (MySqlServer server = MySqlServer.start()) {
      ShopTables.create(server, "shop");
      ShopWorkload workload = new ShopWorkload(server, "shop", 42);
      workload.fill(5_000);
      BackgroundLoad load = workload.background(2, 2_000);
      try (load) {
        workload.change(1_000);
        Thread.sleep(500);
      }
      assertThat(load.changes()).isGreaterThan(200);
      long before = checksum(server, "shop.orders");
      Thread.sleep(100);
      assertThat(checksum(server, "shop.orders")).isEqualTo(before);
    }
  }

  private static long checksum(MySqlServer server, String table) throws Exception {
    try (Connection connection = server.connect();
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("CHECKSUM TABLE " + table)) {
      result.next();
      return result.getLong(2);
    }
  }
}
