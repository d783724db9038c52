package io.firn.lake.write;

import io.firn.lake.table.TableLayout;
import java.util.Arrays;
import java.util.Comparator;

/**
 * Puts rows into the files of their partitions, one partition after the other.
 *
 * <p><b>Threading</b>: one thread.
 */
final class RowDistribution {
  private final TableFiles files;
  private final RowView view = new RowView();
  private Partitioner partitioner;

  RowDistribution(TableFiles files) {
    this.files = files;
    this.partitioner = new Partitioner(files.layout());
  }

  /** Goes on with another layout. */
  void useLayout(TableLayout layout) {
    partitioner = new Partitioner(layout);
  }

  /** Writes rows and notes where each is; within a partition they keep their order. */
  <R extends PendingRow> void write(R[] inOrder) {
    R[] rows = inOrder;
    if (partitioner.isPartitioned()) {
      partitioner.reset();
      for (R row : inOrder) {
        if (row.row != null) {
          row.partition = partitioner.numberOf(row.show(view));
        }
      }
      rows = inOrder.clone();
      // Stable, so rows stay sorted by key within their partition.
      Arrays.sort(rows, Comparator.comparingInt(row -> row.partition));
    }
    OpenDataFile file = null;
    int partition = -1;
    for (R row : rows) {
      if (row.row == null) {
        continue;
      }
      if (file == null || row.partition != partition) {
        partition = row.partition;
        file = files.fileFor(partitioner.partition(partition));
      }
      row.location = file.write(row.show(view));
      if (file.isFull()) {
        files.finish(file);
        file = null;
      }
    }
  }
}
