package io.firn.lake.commit;

import io.firn.lake.guard.CommitGuard.BaseMark;
import io.firn.lake.guard.SourceSchema;
import io.firn.model.schema.TableSchema;
import io.firn.model.stream.SchemaChange;
import java.util.List;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DeleteFile;

/**
 * One table's part of a checkpoint, complete: whoever reads it later can commit it without knowing
 * anything else.
 *
 * @param base the checkpoint it continues from
 * @param baseSnapshotId the snapshot that its deletes were computed against; null if the table had
 *     none
 * @param truncated whether everything in the table is void, apart from {@code addedData}
 * @param lastColumnId the table's highest column id before {@code schemaChanges}; -1 if unknown
 * @param layoutBefore the layout of rows before {@code schemaChanges}; null if there are none
 * @param schemaChanges in stream order
 * @param sourceSchemas descriptions of source tables that are new
 * @param lastFileId highest number that a data file of the table ever had
 * @param addedData data files to add
 * @param addedDeletes deletion vectors or position delete files to add
 * @param removedData data files without any row left
 * @param removedDeletes deletion vectors that were merged into new ones
 * @param referencedData locations of older data files that {@code addedDeletes} are for
 */
record CommitPayload(
    BaseMark base,
    Long baseSnapshotId,
    boolean truncated,
    int lastColumnId,
    TableSchema layoutBefore,
    List<SchemaChange> schemaChanges,
    List<SourceSchema> sourceSchemas,
    long lastFileId,
    List<DataFile> addedData,
    List<DeleteFile> addedDeletes,
    List<DataFile> removedData,
    List<DeleteFile> removedDeletes,
    List<String> referencedData) {

  /** Copies the lists. */
  CommitPayload {
    schemaChanges = List.copyOf(schemaChanges);
    sourceSchemas = List.copyOf(sourceSchemas);
    addedData = List.copyOf(addedData);
    addedDeletes = List.copyOf(addedDeletes);
    removedData = List.copyOf(removedData);
    removedDeletes = List.copyOf(removedDeletes);
    referencedData = List.copyOf(referencedData);
  }

  /** Whether only files are added, which no concurrent change can invalidate. */
  boolean isAppend() {
    return !truncated
        && addedDeletes.isEmpty()
        && removedData.isEmpty()
        && removedDeletes.isEmpty();
  }
}
