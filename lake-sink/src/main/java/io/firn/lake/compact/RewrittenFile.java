package io.firn.lake.compact;

import io.firn.lake.table.Relocations.Move;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.DataFile;

/**
 * A finished rewrite: a file with the rows that were live in its inputs at a snapshot.
 *
 * @param job what was asked for
 * @param file the new file
 * @param moves by location of the input, where its rows went
 * @param cpuNanos processor time it took
 */
public record RewrittenFile(RewriteJob job, DataFile file, Map<String, Move> moves, long cpuNanos)
    implements Work.Done {

  /** Copies the map. */
  public RewrittenFile {
    moves = Map.copyOf(moves);
  }

  @Override
  public List<String> locations() {
    return List.of(file.location());
  }
}
