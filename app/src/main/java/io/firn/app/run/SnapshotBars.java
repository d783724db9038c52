package io.firn.app.run;

import io.firn.model.schema.TableId;
import io.firn.source.snapshot.SnapshotProgress;
import io.firn.source.snapshot.SnapshotProgress.TableProgress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/**
 * Progress bars of the initial snapshot, one after the other, as its tables are read.
 *
 * <p><b>Threading</b>: used by one thread.
 */
final class SnapshotBars implements AutoCloseable {
  private final Supplier<SnapshotProgress> progress;
  private final Map<TableId, ProgressBar> open = new HashMap<>();
  private final Set<TableId> done = new HashSet<>();

  SnapshotBars(Supplier<SnapshotProgress> progress) {
    this.progress = progress;
  }

  /** Draws what has changed; bars of finished tables stay above those of later ones. */
  void update() {
    for (TableProgress table : progress.get().tables()) {
      if (done.contains(table.table()) || (table.readRows() == 0 && !table.finished())) {
        continue;
      }
      ProgressBar bar = open.computeIfAbsent(table.table(), id -> bar(table));
      // The estimate is a guess of the server's, off by a third at times.
      if (table.finished() || table.readRows() > bar.getMax()) {
        bar.maxHint(table.readRows());
      }
      bar.stepTo(table.readRows());
      if (table.finished()) {
        bar.close();
        open.remove(table.table());
        done.add(table.table());
      }
    }
  }

  private static ProgressBar bar(TableProgress table) {
    return new ProgressBarBuilder()
        .setTaskName(table.table().toString())
        .setInitialMax(table.estimatedRows())
        .setStyle(ProgressBarStyle.ASCII)
        .setUnit(" rows", 1)
        .setUpdateIntervalMillis(250)
        .showSpeed()
        .build();
  }

  /** Draws the last state of the bars that were begun, and leaves them. */
  @Override
  public void close() {
    if (open.isEmpty()) {
      return;
    }
    update();
    open.values().forEach(ProgressBar::close);
    open.clear();
  }
}
