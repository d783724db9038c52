package io.firn.lake.registry;

import io.firn.lake.guard.FirnProperties;
import io.firn.lake.guard.GuardedTableOperations;
import io.firn.lake.guard.Marker;
import io.firn.lake.guard.MetadataGuard;
import io.firn.lake.guard.Possession;
import io.firn.lake.guard.TableMark;
import io.firn.model.error.RetryableException;
import java.util.Map;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableOperations;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.Transactions;
import org.apache.iceberg.UpdateProperties;

/**
 * Takes possession of a table, so that whatever an older life has under way is refused.
 *
 * <p>Where the catalog compares the whole metadata (Hadoop, JDBC, Hive, Glue), a new table property
 * is enough: the older life's commit conflicts, refreshes, and its guard sees the new epoch. A REST
 * catalog only compares what a request names, and a commit names the branch's snapshot, so there an
 * empty snapshot is added that carries the newest marker on.
 */
final class TableFence {
  private TableFence() {}

  /**
   * Sets pipeline, epoch and owner of a table.
   *
   * @param table as loaded from the catalog; refreshed afterwards
   * @param possession who takes it
   * @param more further table properties to set in the same commit
   * @return what the table says afterwards
   * @throws io.firn.model.error.FencedException if somebody newer has it
   */
  static TableMark take(Table table, Possession possession, Map<String, String> more) {
    TableOperations operations = ((HasTableOperations) table).operations();
    TableMark before = markOf(operations.refresh());
    MetadataGuard guard =
        refreshed -> {
          TableMark mark = markOf(refreshed);
          possession.requireAvailable(mark, refreshed.location());
          requireUnchanged(before, mark, refreshed.location());
        };
    GuardedTableOperations guarded = new GuardedTableOperations(operations, guard);
    guard.check(guarded.current());
    if (!possession.holds(before) || !containsAll(guarded.current().properties(), more)) {
      Transaction transaction = Transactions.newTransaction(table.name(), guarded);
      if (!possession.holds(before) && !GuardedTableOperations.comparesMetadata(operations)) {
        AppendFiles carrier = transaction.newFastAppend();
        before.newest().ifPresent(marker -> marker.toSummary().forEach(carrier::set));
        carrier.set(FirnProperties.PIPELINE_ID, possession.pipelineId());
        carrier.set(FirnProperties.OPERATION, "fence");
        carrier.commit();
      }
      UpdateProperties properties = transaction.updateProperties();
      properties.set(FirnProperties.PIPELINE_ID, possession.pipelineId());
      properties.set(FirnProperties.EPOCH, Long.toString(possession.epoch()));
      properties.set(FirnProperties.OWNER, possession.owner());
      more.forEach(properties::set);
      properties.commit();
      transaction.commitTransaction();
    }
    table.refresh();
    return markOf(operations.current());
  }

  /** Iceberg tries again on newer metadata, and the marker to carry on would be an old one then. */
  private static void requireUnchanged(TableMark before, TableMark now, String location) {
    if (!now.newest().equals(before.newest())) {
      throw new RetryableException(
          "Taking possession of the table at '"
              + location
              + "' came late: another instance committed "
              + now.newest().map(Marker::describe).orElse("nothing")
              + " meanwhile; start again from there");
    }
  }

  private static boolean containsAll(Map<String, String> properties, Map<String, String> wanted) {
    return properties.entrySet().containsAll(wanted.entrySet());
  }

  private static TableMark markOf(TableMetadata metadata) {
    return TableMark.of(metadata);
  }
}
