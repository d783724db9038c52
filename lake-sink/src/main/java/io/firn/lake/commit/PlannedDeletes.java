package io.firn.lake.commit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.deletes.PositionDeleteIndex;

/**
 * How the superseded rows of a table leave it.
 *
 * <p><b>Threading</b>: one thread at a time.
 */
final class PlannedDeletes {
  /** Delete files to add. */
  final List<DeleteFile> added = new ArrayList<>();

  /** Older data files that no live row is left in. */
  final List<DataFile> removedData = new ArrayList<>();

  /** Deletion vectors that {@link #added} replace, or whose data file goes. */
  final List<DeleteFile> removedDeletes = new ArrayList<>();

  /** Locations of older data files that {@link #added} refer to. */
  final Set<String> referencedData = new LinkedHashSet<>();

  /** Locations of files of this checkpoint that no live row is left in: never added. */
  final Set<String> stillborn = new HashSet<>();

  /** New deletion vectors by data file, for the cache once they are committed. */
  final Map<String, PositionDeleteIndex> vectors = new HashMap<>();
}
