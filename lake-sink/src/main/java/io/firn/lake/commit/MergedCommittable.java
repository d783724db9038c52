package io.firn.lake.commit;

import io.firn.lake.index.RowLocation;
import io.firn.lake.table.Relocations;
import io.firn.lake.write.TableCommittable;
import io.firn.model.error.InconsistentStateException;
import io.firn.model.stream.SchemaChange;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.iceberg.DataFile;

/**
 * What all tasks together did to one table.
 *
 * @param schemaChanges in stream order
 * @param truncated whether everything committed before is void
 * @param dataFiles the files written
 * @param superseded by data file number, in ascending order: row positions, ascending and distinct
 */
record MergedCommittable(
    List<SchemaChange> schemaChanges,
    boolean truncated,
    List<DataFile> dataFiles,
    Map<Long, long[]> superseded) {

  /** Nothing. */
  static final MergedCommittable EMPTY =
      new MergedCommittable(List.of(), false, List.of(), Map.of());

  /** Merges the parts of one table. */
  static MergedCommittable of(List<TableCommittable> parts) {
    List<SchemaChange> changes = List.of();
    boolean truncated = false;
    List<DataFile> files = new ArrayList<>();
    Map<Long, long[]> superseded = new TreeMap<>();
    for (TableCommittable part : parts) {
      if (!part.schemaChanges().isEmpty()) {
        if (!changes.isEmpty() && changes.size() != part.schemaChanges().size()) {
          throw new IllegalStateException(
              "The tasks do not agree on the schema changes of " + part.table());
        }
        changes = part.schemaChanges();
      }
      truncated |= part.truncated();
      files.addAll(part.dataFiles());
      part.superseded()
          .forEach(
              (file, positions) -> superseded.merge(file, positions, MergedCommittable::union));
    }
    return new MergedCommittable(changes, truncated, files, superseded);
  }

  /** The same with the rows where compaction moved them, if it did since the tasks looked. */
  MergedCommittable relocated(Relocations relocations) {
    if (superseded.keySet().stream().noneMatch(relocations::isMoved)) {
      return this;
    }
    Map<Long, long[]> moved = new TreeMap<>();
    superseded.forEach(
        (file, positions) -> {
          if (!relocations.isMoved(file)) {
            moved.merge(file, positions, MergedCommittable::union);
            return;
          }
          // All rows of a file went to the same one, in their order.
          long to = -1;
          long[] places = new long[positions.length];
          for (int i = 0; i < positions.length; i++) {
            long place = relocations.resolve(RowLocation.of(file, positions[i]));
            if (place == RowLocation.NONE) {
              throw new InconsistentStateException(
                  "Deleting rows failed: row "
                      + positions[i]
                      + " of data file number "
                      + file
                      + " was deleted before the file was compacted; start again without the local"
                      + " state directory and checkpoints, so that the index is rebuilt");
            }
            to = RowLocation.fileId(place);
            places[i] = RowLocation.position(place);
          }
          moved.merge(to, places, MergedCommittable::union);
        });
    return new MergedCommittable(schemaChanges, truncated, dataFiles, moved);
  }

  /** Rows of one file can belong to several tasks if the parallelism was another once. */
  private static long[] union(long[] one, long[] other) {
    long[] all = Arrays.copyOf(one, one.length + other.length);
    System.arraycopy(other, 0, all, one.length, other.length);
    return Arrays.stream(all).sorted().distinct().toArray();
  }
}
