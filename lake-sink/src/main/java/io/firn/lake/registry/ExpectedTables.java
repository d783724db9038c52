package io.firn.lake.registry;

import io.firn.lake.catalog.LakeCatalog;
import io.firn.lake.catalog.TableNames;
import io.firn.lake.guard.FirnProperties;
import io.firn.lake.guard.Marker;
import io.firn.lake.guard.TableMark;
import io.firn.model.error.InconsistentStateException;
import io.firn.model.sink.TableState;
import java.util.function.Function;
import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.catalog.TableIdentifier;

/**
 * Finds out whether tables are still the ones that a checkpoint was committed to. Without it a
 * table that somebody dropped would be created again, empty, and everything committed to it would
 * be missing without an error.
 */
final class ExpectedTables {
  private final LakeCatalog catalog;
  private final String pipelineId;
  private final Function<TableIdentifier, Table> loadOrNull;

  ExpectedTables(
      LakeCatalog catalog, String pipelineId, Function<TableIdentifier, Table> loadOrNull) {
    this.catalog = catalog;
    this.pipelineId = pipelineId;
    this.loadOrNull = loadOrNull;
  }

  /**
   * Checks one table. Looks into the catalog if it was not found, because it may lie where the
   * pipeline does not look for tables any more.
   *
   * @param found the pipeline's table of that name, or null
   * @throws InconsistentStateException if it is not what it was
   */
  void require(TableState expected, PipelineTable found) {
    TableIdentifier identifier = TableNames.identifier(expected.table());
    TableMetadata metadata;
    if (found != null) {
      identifier = found.identifier();
      metadata = found.metadata();
    } else {
      TableIdentifier wanted = identifier;
      Table table =
          catalog.calling("Loading table '" + wanted + "'", () -> loadOrNull.apply(wanted));
      if (table == null) {
        throw refused(expected, "the catalog has no table '" + identifier + "': it was dropped");
      }
      metadata = ((HasTableOperations) table).operations().current();
    }
    String uuid = metadata.uuid();
    if (!expected.identity().isEmpty() && !expected.identity().equals(uuid)) {
      throw refused(
          expected,
          "'"
              + identifier
              + "' is another table, with uuid '"
              + uuid
              + "': it was dropped and created again");
    }
    String owner = metadata.property(FirnProperties.PIPELINE_ID, null);
    if (!pipelineId.equals(owner)) {
      throw refused(
          expected,
          "table property '"
              + FirnProperties.PIPELINE_ID
              + "' of '"
              + identifier
              + (owner == null ? "' is gone" : "' is now '" + owner + "'"));
    }
    TableMark mark = found != null ? found.mark() : TableMark.of(metadata);
    long checkpointId = mark.newest().map(Marker::checkpointId).orElse(0L);
    if (checkpointId < expected.checkpointId()) {
      throw refused(
          expected,
          "'"
              + identifier
              + "' has "
              + mark.newest().map(Marker::describe).orElse("lost its marker, or all its rows")
              + ": it is an older version of the table");
    }
  }

  private InconsistentStateException refused(TableState expected, String cause) {
    String committed =
        expected.checkpointId() > 0
            ? "checkpoint " + expected.checkpointId() + " was committed to it"
            : "a checkpoint promised rows to it";
    String uuid = expected.identity().isEmpty() ? "" : " (uuid '" + expected.identity() + "')";
    return new InconsistentStateException(
        "Table "
            + expected.table()
            + " cannot be continued: "
            + committed
            + uuid
            + ", and "
            + cause
            + "; nothing was changed. Restore the table and start again. If it is lost, mirror anew"
            + " into new tables under another pipeline name");
  }
}
