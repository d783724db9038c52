package io.firn.lake.commit;

import io.firn.lake.compact.RewrittenFile;
import io.firn.lake.index.RowLocation;
import io.firn.lake.registry.LiveFiles;
import io.firn.lake.table.Relocations.Move;
import io.firn.lake.write.PositionDeleteFiles;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.stream.LongStream;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileContent;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.Table;

/**
 * Finds the rows of a rewritten file that were deleted in its inputs after they were read. The
 * table's own delete files say so, whoever wrote them.
 *
 * <p><b>Threading</b>: one thread.
 */
final class SupersededSince {
  private final Table table;
  private final RewrittenFile rewritten;

  SupersededSince(Table table, RewrittenFile rewritten) {
    this.table = table;
    this.rewritten = rewritten;
  }

  /**
   * Finds them.
   *
   * @param live the table's files now
   * @param emptied inputs that a checkpoint removed since: all their rows are deleted
   * @return their positions in the new file, ascending and distinct
   */
  long[] find(LiveFiles live, Set<String> emptied, DeletionVectorCache cache) throws IOException {
    LongStream.Builder positions = LongStream.builder();
    collect(live, emptied, cache, positions);
    long[] sorted = positions.build().sorted().toArray();
    int count = 0;
    for (int i = 0; i < sorted.length; i++) {
      if (count == 0 || sorted[i] != sorted[count - 1]) {
        sorted[count++] = sorted[i];
      }
    }
    return Arrays.copyOf(sorted, count);
  }

  private void collect(
      LiveFiles live, Set<String> emptied, DeletionVectorCache cache, LongConsumer positions)
      throws IOException {
    for (DataFile input : rewritten.job().plan().inputs()) {
      Move move = rewritten.moves().get(input.location());
      if (emptied.contains(input.location())) {
        long rows = input.recordCount() - move.gone().length;
        for (long row = 0; row < rows; row++) {
          positions.accept(move.offset() + row);
        }
        continue;
      }
      for (DeleteFile delete : live.deletesOf(input.location())) {
        if (delete.format() == FileFormat.PUFFIN) {
          cache
              .take(input.location(), delete, table.io())
              .forEach(position -> add(move, position, positions));
        }
      }
    }
    for (DeleteFile delete : live.deleteFiles()) {
      if (delete.content() == FileContent.EQUALITY_DELETES) {
        throw new IOException("'" + delete.location() + "' holds equality deletes");
      }
      if (delete.format() != FileFormat.PUFFIN
          && !rewritten.job().positionDeletes().contains(delete.location())) {
        collect(delete, positions);
      }
    }
  }

  private void collect(DeleteFile delete, LongConsumer positions) throws IOException {
    Map<String, Move> moves = rewritten.moves();
    PositionDeleteFiles.read(
        table,
        delete,
        (dataFile, position) -> {
          Move move = moves.get(dataFile);
          if (move != null) {
            add(move, position, positions);
          }
        });
  }

  private static void add(Move move, long position, LongConsumer positions) {
    long place = move.apply(position);
    if (place != RowLocation.NONE) {
      positions.accept(RowLocation.position(place));
    }
  }
}
