package io.firn.app.verify;

import io.firn.model.stream.SourcePosition;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;

/**
 * Decides which of some rows really differ while changes flow: they are read from the source, the
 * lake is waited for, they are read from the lake, and once more from the source; a row that the
 * source still has as before, and the lake does not, really differs. One that changed meanwhile is
 * tried again.
 *
 * <p><b>Threading</b>: used by one thread.
 *
 * @param <V> what a side has for a row; null if it has nothing
 */
final class Settlement<V> {
  /** More candidates than this are not looked at: the table is wrong as a whole. */
  static final int MAX_CANDIDATES = 10_000;

  /** That many differences are named. */
  static final int MAX_NAMED = 20;

  static final String TOO_MANY =
      "more rows differed at first than are looked at one by one; compare again when less is in"
          + " flight";

  private static final int MAX_ROUNDS = 10;

  private final Finder<V> source;
  private final Finder<V> lake;
  private final BiPredicate<V, V> same;
  private final CommittedPosition positions;

  /**
   * @param same whether what the sides have is the same; gets null for nothing
   */
  Settlement(
      Finder<V> source, Finder<V> lake, BiPredicate<V, V> same, CommittedPosition positions) {
    this.source = source;
    this.lake = lake;
    this.same = same;
    this.positions = positions;
  }

  /** Reads what a side has right now for some rows. */
  interface Finder<V> {
    /** What it has for each of them that it has. */
    Map<Fingerprint, V> find(Set<Fingerprint> rows);
  }

  /**
   * A row that differs.
   *
   * @param atSource what the source has, or null
   * @param inLake what the lake has, or null
   */
  record Differing<V>(Fingerprint row, V atSource, V inLake) {}

  /**
   * How it ended.
   *
   * @param differing how many rows differ
   * @param named the first of them
   * @param undecided how many rows could not be decided
   * @param reason why not; empty if none
   */
  record Outcome<V>(long differing, List<Differing<V>> named, long undecided, String reason) {}

  /** Decides about candidates, of which there are {@link #MAX_CANDIDATES} at most. */
  Outcome<V> decide(Set<Fingerprint> candidates) throws InterruptedException {
    Set<Fingerprint> open = new HashSet<>(candidates);
    List<Differing<V>> named = new ArrayList<>();
    long differing = 0;
    String reason = "";
    for (int round = 0; round < MAX_ROUNDS && !open.isEmpty(); round++) {
      Map<Fingerprint, V> before = source.find(open);
      SourcePosition end = positions.sourceEnd();
      boolean reached = positions.awaitCommitted(end);
      Map<Fingerprint, V> inLake = lake.find(open);
      if (!reached) {
        reason = "the lake did not reach the source's position " + end + " in time";
        // What is equal by now is equal all the same.
        open.removeIf(row -> same.test(before.get(row), inLake.get(row)));
        break;
      }
      Map<Fingerprint, V> after = source.find(open);
      reason = "they kept changing while they were compared";
      Set<Fingerprint> next = new HashSet<>();
      for (Fingerprint row : open) {
        V there = inLake.get(row);
        if (same.test(before.get(row), there) || same.test(after.get(row), there)) {
          continue;
        }
        if (!same.test(before.get(row), after.get(row))) {
          next.add(row);
          continue;
        }
        differing++;
        if (named.size() < MAX_NAMED) {
          named.add(new Differing<>(row, after.get(row), there));
        }
      }
      open = next;
    }
    boolean more = candidates.size() >= MAX_CANDIDATES;
    if (more && differing > 0) {
      differing = Math.max(differing, MAX_CANDIDATES);
    }
    long undecided = open.size();
    if (more && differing == 0 && undecided == 0) {
      // All that were looked at have settled, but there may be others behind them.
      undecided = 1;
      reason = TOO_MANY;
    }
    return new Outcome<>(differing, named, undecided, undecided == 0 ? "" : reason);
  }
}
