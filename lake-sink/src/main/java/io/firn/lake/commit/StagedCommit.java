package io.firn.lake.commit;

import io.firn.lake.catalog.TableNames;
import io.firn.lake.guard.CommitGuard;
import io.firn.lake.guard.FirnProperties;
import io.firn.lake.guard.GuardedTableOperations;
import io.firn.lake.guard.Marker;
import io.firn.lake.guard.SourceSchema;
import io.firn.lake.layout.SchemaReplay;
import io.firn.lake.registry.LiveFiles;
import io.firn.lake.registry.PipelineTable;
import io.firn.lake.table.TableLayout;
import io.firn.model.error.InconsistentStateException;
import org.apache.iceberg.BaseTransaction;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.RowDelta;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotUpdate;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.Transactions;
import org.apache.iceberg.UpdateProperties;
import org.apache.iceberg.catalog.TableCommit;

/**
 * One Iceberg transaction with everything that a checkpoint does to a table: schema changes, files,
 * marker. Built on freshly read metadata that has passed the guard; nothing is visible yet.
 *
 * <p><b>Invariant</b>: every checkpoint makes exactly one snapshot, even if it changes properties
 * only, so that the marker in the summaries is never older than the one in the property.
 */
final class StagedCommit {
  private final PipelineTable table;
  private final CommitPayload payload;
  private final Marker marker;
  private final BaseTransaction transaction;

  private StagedCommit(
      PipelineTable table, CommitPayload payload, Marker marker, BaseTransaction transaction) {
    this.table = table;
    this.payload = payload;
    this.marker = marker;
    this.transaction = transaction;
  }

  /**
   * Stages a commit.
   *
   * @throws io.firn.lake.guard.AlreadyCommittedException if the table has the checkpoint
   * @throws io.firn.model.error.FencedException if a newer life has the table
   * @throws InconsistentStateException if the table is not what the payload continues from
   */
  static StagedCommit stage(
      PipelineTable table, CommitPayload payload, Marker marker, CommitGuard guard) {
    GuardedTableOperations operations = new GuardedTableOperations(table.operations(), guard);
    Transaction transaction = Transactions.newTransaction(table.table().name(), operations);
    StagedCommit staged = new StagedCommit(table, payload, marker, (BaseTransaction) transaction);
    staged.replaySchemaChanges();
    staged.changeFiles(guard);
    staged.setProperties();
    return staged;
  }

  private void replaySchemaChanges() {
    if (payload.schemaChanges().stream().noneMatch(SchemaReplay::concernsColumns)) {
      return;
    }
    TableMetadata start = transaction.startMetadata();
    if (payload.lastColumnId() >= 0 && start.lastColumnId() != payload.lastColumnId()) {
      throw new InconsistentStateException(
          "Changing the columns of table "
              + table.id()
              + " failed: somebody else added columns meanwhile (highest column id "
              + start.lastColumnId()
              + " instead of "
              + payload.lastColumnId()
              + "); start again");
    }
    TableLayout layout =
        new TableLayout(
            payload.layoutBefore(),
            start.schema(),
            start.lastColumnId(),
            start.spec(),
            table.mode(),
            start.formatVersion());
    TableLayout after = SchemaReplay.replayAll(transaction, layout, payload.schemaChanges());
    if (!transaction.currentMetadata().schema().sameSchema(after.schema())) {
      throw new InconsistentStateException(
          "Changing the columns of table "
              + table.id()
              + " failed: the table would get other column ids than the rows were written with;"
              + " start again");
    }
  }

  private void changeFiles(CommitGuard guard) {
    if (payload.isAppend()) {
      var append = transaction.newAppend();
      payload.addedData().forEach(append::appendFile);
      finish(append, guard);
      return;
    }
    RowDelta delta = transaction.newRowDelta();
    payload.addedData().forEach(delta::addRows);
    payload.addedDeletes().forEach(delta::addDeletes);
    Long from = payload.baseSnapshotId();
    if (payload.truncated()) {
      Snapshot current = transaction.startMetadata().currentSnapshot();
      LiveFiles live =
          LiveFiles.read(current, table.operations().io(), transaction.startMetadata().specsById());
      live.dataFiles().forEach(delta::removeRows);
      live.deleteFiles().forEach(delta::removeDeletes);
      from = current == null ? null : Long.valueOf(current.snapshotId());
    } else {
      for (DataFile file : payload.removedData()) {
        delta.removeRows(file);
      }
      for (DeleteFile file : payload.removedDeletes()) {
        delta.removeDeletes(file);
      }
      delta.validateDataFilesExist(payload.referencedData());
    }
    if (from != null) {
      delta.validateFromSnapshot(from);
    }
    // Whatever is replaced must still be there, or rows would come back or vanish.
    delta.validateDeletedFiles();
    finish(delta, guard);
  }

  private void finish(SnapshotUpdate<?> update, CommitGuard guard) {
    marker.toSummary().forEach(update::set);
    update.set(FirnProperties.OPERATION, "checkpoint");
    update.validateWith(
        guard.asValidator(
            () -> transaction.currentMetadata().properties(),
            transaction.startMetadata().location()));
    update.commit();
  }

  private void setProperties() {
    UpdateProperties properties = transaction.updateProperties();
    properties.set(FirnProperties.MARKER, marker.toJson());
    properties.set(
        FirnProperties.MARKER_SEQUENCE_NUMBER,
        Long.toString(transaction.currentMetadata().lastSequenceNumber()));
    properties.set(FirnProperties.LAST_FILE_ID, Long.toString(payload.lastFileId()));
    if (table.lakeTable() != null) {
      // What a later life has to repoint; this one knows. Settled with checkpoints before this one.
      String pending = PendingRepoints.format(table.lakeTable().files().relocations().pending());
      String known = transaction.startMetadata().properties().get(FirnProperties.PENDING_REPOINTS);
      if (!pending.isEmpty()) {
        properties.set(FirnProperties.PENDING_REPOINTS, pending);
      } else if (known != null) {
        properties.remove(FirnProperties.PENDING_REPOINTS);
      }
    }
    for (SourceSchema schema : payload.sourceSchemas()) {
      properties.set(
          FirnProperties.SOURCE_SCHEMA_PREFIX
              + TableNames.encodeStrictly(schema.sourceTable().database())
              + "."
              + TableNames.encodeStrictly(schema.sourceTable().name()),
          schema.toJson());
    }
    properties.commit();
  }

  /** Commits this table by itself. */
  void commit() {
    transaction.commitTransaction();
  }

  /** This table's part of a commit of several tables. */
  TableCommit part() {
    return TableCommit.create(
        table.identifier(), transaction.startMetadata(), transaction.currentMetadata());
  }
}
