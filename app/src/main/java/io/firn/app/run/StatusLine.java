package io.firn.app.run;

import io.firn.app.terminal.Humane;
import io.firn.runtime.PipelineListener.Phase;
import io.firn.runtime.checkpoint.CheckpointReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One line that says how a pipeline is doing.
 *
 * <p><b>Threading</b>: used by one thread; remembers the last call to compute rates.
 */
public final class StatusLine {
  private final RunProgress progress;
  private long lastRows;
  private long lastNanos;

  /** A line about this progress. */
  public StatusLine(RunProgress progress, long nowNanos) {
    this.progress = progress;
    this.lastNanos = nowNanos;
  }

  /** The line right now; rates are those since the last call. */
  public String render(long nowNanos, long nowMicros) {
    long rows = progress.rows();
    double seconds = Math.max(1, nowNanos - lastNanos) / 1e9;
    long rate = Math.round((rows - lastRows) / seconds);
    boolean idle = rows == lastRows;
    lastRows = rows;
    lastNanos = nowNanos;

    List<String> parts = new ArrayList<>();
    parts.add(phase());
    parts.add(Humane.count(rows) + " rows, " + Humane.count(rate) + "/s");
    Duration lag = progress.lag(nowMicros);
    if (lag != null && progress.phase() == Phase.RUNNING) {
      // Without new rows the age of the last one says nothing about how far behind we are.
      parts.add(idle ? "caught up" : "lag " + Humane.duration(lag));
    }
    CheckpointReport checkpoint = progress.checkpoint();
    if (checkpoint != null) {
      parts.add("checkpoint " + checkpoint.checkpointId());
      parts.add(shortPosition(checkpoint.source().position().encode()));
    }
    if (!progress.trouble().isEmpty()) {
      parts.add(progress.trouble());
    }
    return String.join(" | ", parts);
  }

  private String phase() {
    return switch (progress.phase()) {
      case RUNNING ->
          !progress.reading() ? "starting" : progress.inSnapshot() ? "snapshot" : "streaming";
      case WAITING_TO_RESTART -> "waiting";
      default -> progress.phase().name().toLowerCase(Locale.ROOT);
    };
  }

  private static String shortPosition(String position) {
    int semicolon = position.indexOf(';');
    return semicolon < 0 ? position : position.substring(0, semicolon);
  }
}
