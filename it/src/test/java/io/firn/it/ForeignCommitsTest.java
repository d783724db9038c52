package io.firn.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.it.check.LakeCheck;
import io.firn.it.fault.Fault;
import io.firn.it.oracle.BackgroundLoad;
import io.firn.it.process.FirnProcess;
import io.firn.it.process.Pipeline;
import io.firn.testservers.provision.Trees;
import java.io.Closeable;
import java.util.List;
import java.util.function.Consumer;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.jdbc.UncheckedSQLException;
import org.junit.jupiter.api.Test;

/** Somebody else works on the tables of a pipeline. */
class ForeignCommitsTest {
  @Test
  void commitsAndExpiryOfOthersDisturbNothing() throws Exception {
    Source.Shop shop = Source.shop("foreign", 1_000);
    Pipeline pipeline = shop.pipeline().setting("checkpoint.interval", "200ms");
    try (FirnProcess process = Firn.start(pipeline)) {
      try (BackgroundLoad load = shop.workload().background(1, 500)) {
        Firn.awaitCheckpoints(process, pipeline, 2);
        for (int round = 0; round < 3; round++) {
          String value = Integer.toString(round);
          with(pipeline, orders -> orders.updateProperties().set("owner", value).commit());
          with(pipeline, ForeignCommitsTest::rewriteManifests);
          Firn.awaitCheckpoints(process, pipeline, 1);
        }
        Firn.reached(Fault.FOREIGN_COMMIT);
        with(pipeline, ForeignCommitsTest::expire);
        // Checkpoints are counted by snapshots.
        Firn.awaitCheckpoints(process, pipeline, 2);
        assertThat(load.changes()).isPositive();
      }
      Firn.stop(process);
    }
    // Now no snapshot of Firn is left in that table, and nothing beside the tables either.
    with(pipeline, ForeignCommitsTest::rewriteManifests);
    with(pipeline, ForeignCommitsTest::expire);
    assertThat(LakeCheck.checkpoints(pipeline, "orders")).isZero();
    Firn.reached(Fault.FOREIGN_EXPIRY);
    for (String lost : List.of("checkpoints", "state")) {
      Trees.delete(pipeline.directory().resolve(lost));
    }
    shop.workload().change(200);
    Firn.catchUp(pipeline);
    with(pipeline, ForeignCommitsTest::expire);
    LakeCheck.assertMirrors(pipeline);
  }

  /** A snapshot without Firn's marker, and with the same rows. */
  private static void rewriteManifests(Table table) {
    table.rewriteManifests().clusterBy(file -> "all").commit();
  }

  /** In the way that does not damage tables with deletion vectors. */
  private static void expire(Table table) {
    table
        .expireSnapshots()
        .expireOlderThan(Long.MAX_VALUE)
        .retainLast(1)
        .cleanExpiredFiles(false)
        .commit();
  }

  @Test
  void aRollbackStopsTheStartAndRollingForwardAgainIsEnough() throws Exception {
    Source.Shop shop = Source.shop("rollback", 500);
    Pipeline pipeline = shop.pipeline();
    Firn.catchUp(pipeline);
    shop.workload().change(200);
    Firn.catchUp(pipeline);
    long[] newest = new long[1];
    with(
        pipeline,
        orders -> {
          newest[0] = orders.currentSnapshot().snapshotId();
          orders.manageSnapshots().rollbackTo(orders.currentSnapshot().parentId()).commit();
        });
    Firn.reached(Fault.FOREIGN_ROLLBACK);
    shop.workload().change(200);
    assertThat(Firn.fail(pipeline, 1)).contains("orders").contains("cannot be continued");
    with(pipeline, orders -> orders.manageSnapshots().setCurrentSnapshot(newest[0]).commit());
    Firn.catchUp(pipeline);
    LakeCheck.assertMirrors(pipeline);
  }

  private static void with(Pipeline pipeline, Consumer<Table> action) throws Exception {
    for (int attempt = 1; ; attempt++) {
      Catalog catalog = pipeline.openCatalog();
      try {
        action.accept(catalog.loadTable(TableIdentifier.of(pipeline.database(), "orders")));
        return;
      } catch (CommitFailedException | UncheckedSQLException e) {
        // Firn was in the way: it has as many attempts as we have.
        if (attempt == 20) {
          throw e;
        }
      } finally {
        ((Closeable) catalog).close();
      }
    }
  }
}
