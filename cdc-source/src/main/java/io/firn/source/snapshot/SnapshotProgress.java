package io.firn.source.snapshot;

import io.firn.model.schema.TableId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How far the initial snapshot is, for people.
 *
 * <p><b>Threading</b>: thread-safe.
 */
public final class SnapshotProgress {

  /**
   * One table.
   *
   * @param table the table
   * @param estimatedRows how many rows the server thinks it has
   * @param readRows how many were read
   * @param finished whether all were read
   */
  public record TableProgress(TableId table, long estimatedRows, long readRows, boolean finished) {}

  private static final class Counter {
    private final long estimate;
    private final AtomicLong rows = new AtomicLong();
    private volatile boolean finished;

    Counter(long estimate) {
      this.estimate = estimate;
    }
  }

  private final Map<TableId, Counter> tables = new LinkedHashMap<>();

  synchronized void start(Map<TableId, Long> estimates) {
    tables.clear();
    estimates.forEach((table, rows) -> tables.put(table, new Counter(rows)));
  }

  synchronized void add(TableId table, long rows) {
    Counter counter = tables.get(table);
    if (counter != null) {
      counter.rows.addAndGet(rows);
    }
  }

  synchronized void finish(TableId table) {
    Counter counter = tables.get(table);
    if (counter != null) {
      counter.finished = true;
    }
  }

  /** All tables in the order in which they are read; empty if there is no snapshot. */
  public synchronized List<TableProgress> tables() {
    List<TableProgress> progress = new ArrayList<>();
    tables.forEach(
        (table, counter) ->
            progress.add(
                new TableProgress(table, counter.estimate, counter.rows.get(), counter.finished)));
    return progress;
  }
}
