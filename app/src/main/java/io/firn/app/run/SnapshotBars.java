package io.firn.app.run;

import io.firn.model.schema.TableId;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/**
 * Progress bars of the initial snapshot, one after the other, as its tables are read.
 *
 * <p><b>Threading</b>: used by one thread.
 */
final class SnapshotBars implements AutoCloseable {
  private final RunProgress progress;
  private final Map<TableId, Long> estimates;
  private TableId table;
  private ProgressBar bar;

  /**
   * @param estimates how many rows each table is thought to have; a guess of the server's
   */
  SnapshotBars(RunProgress progress, Map<TableId, Long> estimates) {
    this.progress = progress;
    this.estimates = estimates;
  }

  /** Draws what has changed. */
  void update() {
    TableId current = progress.currentTable();
    LongAdder rows = current == null ? null : progress.snapshotRows().get(current);
    if (rows == null) {
      return;
    }
    if (!current.equals(table)) {
      finish();
      table = current;
      bar =
          new ProgressBarBuilder()
              .setTaskName(table.toString())
              .setInitialMax(estimates.getOrDefault(table, -1L))
              .setStyle(ProgressBarStyle.ASCII)
              .setUnit(" rows", 1)
              .setUpdateIntervalMillis(250)
              .showSpeed()
              .build();
    }
    long read = rows.sum();
    if (bar.getMax() >= 0 && read > bar.getMax()) {
      bar.maxHint(read);
    }
    bar.stepTo(read);
  }

  private void finish() {
    if (bar == null) {
      return;
    }
    LongAdder rows = progress.snapshotRows().get(table);
    if (rows != null) {
      // The estimate was a guess, this is the truth.
      bar.maxHint(rows.sum());
      bar.stepTo(rows.sum());
    }
    bar.close();
    bar = null;
  }

  @Override
  public void close() {
    finish();
  }
}
