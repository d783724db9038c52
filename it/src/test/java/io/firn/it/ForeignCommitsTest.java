package io.firn.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.it.check.LakeCheck;
import io.firn.it.fault.Fault;
import io.firn.it.process.Pipeline;
import java.io.Closeable;
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
