package io.firn.runtime.fake;

import io.firn.model.checkpoint.CheckpointMark;
import io.firn.model.error.FencedException;
import io.firn.model.error.InconsistentStateException;
import io.firn.model.schema.TableId;
import io.firn.model.sink.Sink.LakeState;
import io.firn.model.source.SourceState;
import io.firn.model.stream.SourcePosition;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Tables that outlive simulated processes: {@code orders} by key, {@code events} without. Every
 * table remembers its last checkpoint; commits are atomic per table and guarded by epoch and
 * checkpoint number.
 */
public final class FakeLake {
  /** Rows of the keyed table: {@code value#number of changes of this key}; value "-": deleted. */
  private final Map<Long, String> orders = new TreeMap<>();

  /** Rows of the table without key. */
  private final List<String> events = new ArrayList<>();

  /** Checkpoints by table, in the order of their commits. */
  public final Map<TableId, List<Long>> commits = new HashMap<>();

  private final Map<TableId, Marker> markers = new HashMap<>();
  private long epoch;

  /** What a table remembers. */
  record Marker(CheckpointMark mark, Set<TableId> tables) {}

  /** One row operation: a row for the keyed table, or an event. */
  record Op(long key, String value) {}

  synchronized void fence(long newEpoch) {
    if (!markers.isEmpty()) {
      checkEpoch(newEpoch); // tables that do not exist cannot remember an epoch
    }
    epoch = newEpoch;
  }

  private void checkEpoch(long writerEpoch) {
    if (writerEpoch < epoch) {
      throw new FencedException("Epoch " + writerEpoch + " is fenced by " + epoch);
    }
  }

  synchronized void commit(
      long writerEpoch,
      CheckpointMark mark,
      Set<TableId> tables,
      TableId table,
      boolean truncate,
      List<Op> ops) {
    checkEpoch(writerEpoch);
    Marker marker = markers.get(table);
    if (marker != null && marker.mark().checkpointId() >= mark.checkpointId()) {
      if (marker.mark().checkpointId() > mark.checkpointId()
          || !marker.mark().source().position().equals(mark.source().position())) {
        throw new InconsistentStateException(
            table + " is at " + marker.mark() + ", which " + mark + " does not continue");
      }
      return;
    }
    boolean keyed = table.equals(FakeDatabase.ORDERS);
    if (truncate) {
      if (keyed) {
        orders.clear();
      } else {
        events.clear();
      }
    }
    for (Op op : ops) {
      if (keyed) {
        orders.put(op.key(), op.value());
      } else {
        events.add(op.value());
      }
    }
    markers.put(table, new Marker(mark, tables));
    commits.computeIfAbsent(table, t -> new ArrayList<>()).add(mark.checkpointId());
  }

  synchronized Optional<LakeState> state() {
    Optional<Marker> newest =
        markers.values().stream().max(Comparator.comparingLong(m -> m.mark().checkpointId()));
    if (newest.isEmpty()) {
      return Optional.empty();
    }
    CheckpointMark latest = newest.get().mark();
    List<TableId> incomplete =
        newest.get().tables().stream()
            .filter(
                table ->
                    markers.get(table) == null
                        || markers.get(table).mark().checkpointId() < latest.checkpointId())
            .toList();
    SourceState resume = latest.source();
    if (!incomplete.isEmpty()) {
      SourcePosition previous =
          latest.previousPosition() == null
              ? SourcePosition.snapshot(0)
              : latest.previousPosition();
      resume = new SourceState(previous, !previous.snapshot(), "", latest.source().tableSchemas());
    }
    return Optional.of(new LakeState(latest, resume, epoch, incomplete));
  }

  /** Up to where a table has seen the source; null if it never was written. */
  synchronized SourcePosition positionOf(TableId table) {
    Marker marker = markers.get(table);
    return marker == null ? null : marker.mark().source().position();
  }

  synchronized Map<Long, String> ordersNow() {
    return new TreeMap<>(orders);
  }

  /** The rows of the keyed table. */
  public synchronized Map<Long, String> visibleOrders() {
    Map<Long, String> visible = new TreeMap<>(orders);
    visible.values().removeIf(value -> value.startsWith("-"));
    return visible;
  }

  /** The rows of the table without key, sorted. */
  public synchronized List<String> sortedEvents() {
    List<String> sorted = new ArrayList<>(events);
    Collections.sort(sorted);
    return sorted;
  }
}
