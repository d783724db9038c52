package io.firn.lake.commit;

import io.firn.lake.registry.LiveFiles;
import io.firn.lake.registry.PipelineTable;
import io.firn.lake.table.DataFileRef;
import io.firn.lake.write.PositionDeleteFiles;
import io.firn.lake.write.PositionDeleteFiles.Positions;
import io.firn.model.error.InconsistentStateException;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.LongStream;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.StructLike;
import org.apache.iceberg.Table;
import org.apache.iceberg.deletes.BaseDVFileWriter;
import org.apache.iceberg.deletes.PositionDeleteIndex;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.util.StructLikeMap;

/**
 * Writes the delete files of one table and checkpoint: one Puffin file with a deletion vector per
 * data file (format version 3), or one sorted position delete file per partition (version 2). Files
 * without any live row are not given deletes but left out or removed.
 *
 * <p><b>Threading</b>: one thread at a time.
 */
final class DeletePlanner {
  private final PipelineTable table;
  private final DeletionVectorCache cache;
  private final Function<String, String> newLocation;

  /**
   * @param newLocation gives each new delete file its name, by extension
   */
  DeletePlanner(
      PipelineTable table, DeletionVectorCache cache, Function<String, String> newLocation) {
    this.table = table;
    this.cache = cache;
    this.newLocation = newLocation;
  }

  /** Superseded rows of one file. */
  private record Target(DataFileRef ref, DataFile file, boolean isNew, long[] positions) {}

  /** Plans and writes. Nothing becomes visible. */
  PlannedDeletes plan(MergedCommittable work) throws IOException {
    PlannedDeletes planned = new PlannedDeletes();
    if (work.superseded().isEmpty()) {
      return planned;
    }
    Map<String, DataFile> newFiles = new HashMap<>();
    work.dataFiles().forEach(file -> newFiles.put(file.location(), file));
    Map<String, Target> targets = new TreeMap<>();
    work.superseded()
        .forEach(
            (fileId, positions) -> {
              DataFileRef ref = find(fileId);
              DataFile file = newFiles.get(ref.path());
              boolean isNew = file != null;
              if (!isNew && work.truncated()) {
                return; // void in any case
              }
              file = isNew ? file : table.liveFiles().dataFile(ref.path());
              check(ref, file, positions);
              if (isNew && positions.length == file.recordCount()) {
                planned.stillborn.add(ref.path());
              } else {
                targets.put(ref.path(), new Target(ref, file, isNew, positions));
                if (!isNew) {
                  planned.referencedData.add(ref.path());
                }
              }
            });
    if (targets.isEmpty()) {
      return planned;
    }
    if (table.metadata().formatVersion() >= 3) {
      writeVectors(targets, planned);
    } else {
      writePositions(targets, planned);
    }
    return planned;
  }

  private DataFileRef find(long fileId) {
    try {
      return table.files().get(fileId);
    } catch (IllegalStateException e) {
      throw new InconsistentStateException(
          "Deleting rows of table "
              + table.id()
              + " failed: "
              + e.getMessage()
              + "; was the table dropped or rewritten? Start again without the local state"
              + " directory and checkpoints, so that the index is rebuilt from the table",
          e);
    }
  }

  private void check(DataFileRef ref, DataFile file, long[] positions) {
    if (file == null) {
      throw new InconsistentStateException(
          "Deleting rows of table "
              + table.id()
              + " failed: the key index refers to data file '"
              + ref.path()
              + "', which is no longer in the table; somebody else rewrote it: start again"
              + " without the local state directory and checkpoints, so that the index is rebuilt");
    }
    if (positions[positions.length - 1] >= file.recordCount()) {
      throw new InconsistentStateException(
          "Deleting rows of table "
              + table.id()
              + " failed: the key index refers to row "
              + positions[positions.length - 1]
              + " of data file '"
              + ref.path()
              + "', which has "
              + file.recordCount()
              + " rows; start again without the local state directory, so that the index is"
              + " rebuilt");
    }
  }

  private void writeVectors(Map<String, Target> targets, PlannedDeletes planned)
      throws IOException {
    LiveFiles live = table.liveFiles();
    live.requireDeletionVectorsOnly(table.id());
    Table iceberg = table.table();
    BaseDVFileWriter writer =
        new BaseDVFileWriter(
            () -> iceberg.io().newOutputFile(newLocation.apply("puffin")), path -> null);
    try (writer) {
      for (Target target : targets.values()) {
        String path = target.ref().path();
        List<DeleteFile> old = target.isNew() ? List.of() : live.deletesOf(path);
        PositionDeleteIndex positions =
            cache.take(path, old.isEmpty() ? null : old.get(0), iceberg.io());
        for (long position : target.positions()) {
          positions.delete(position);
        }
        planned.removedDeletes.addAll(old);
        if (!target.isNew() && positions.cardinality() == target.file().recordCount()) {
          planned.removedData.add(target.file());
          planned.referencedData.remove(path);
        } else {
          PartitionSpec spec = iceberg.specs().get(target.ref().specId());
          writer.delete(path, positions, spec, target.file().partition());
          planned.vectors.put(path, positions);
        }
      }
    }
    planned.added.addAll(writer.result().deleteFiles());
  }

  private void writePositions(Map<String, Target> targets, PlannedDeletes planned)
      throws IOException {
    Map<Integer, Map<StructLike, TreeMap<String, Positions>>> groups = new TreeMap<>();
    for (Target target : targets.values()) {
      PartitionSpec spec = table.table().specs().get(target.ref().specId());
      Types.StructType partitionType = spec.partitionType();
      groups
          .computeIfAbsent(spec.specId(), id -> StructLikeMap.create(partitionType))
          .computeIfAbsent(target.file().partition(), partition -> new TreeMap<>())
          .put(target.ref().path(), each -> LongStream.of(target.positions()).forEach(each));
    }
    for (Map.Entry<Integer, Map<StructLike, TreeMap<String, Positions>>> group :
        groups.entrySet()) {
      PartitionSpec spec = table.table().specs().get(group.getKey());
      for (Map.Entry<StructLike, TreeMap<String, Positions>> partition :
          group.getValue().entrySet()) {
        planned.added.add(
            PositionDeleteFiles.write(
                table.table(),
                newLocation.apply("deletes.parquet"),
                spec,
                partition.getKey(),
                partition.getValue()));
      }
    }
  }
}
