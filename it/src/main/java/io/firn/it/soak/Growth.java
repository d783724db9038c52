package io.firn.it.soak;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * Judges whether a long-lived process holds more and more: the median of the last third of its
 * samples against that of the first third, both after a warm-up.
 *
 * <p>Live heap is judged in another way, because the metadata of a table that nobody expires or
 * compacts grows with every checkpoint and every process on the table holds it: the long-lived
 * process may not hold more than one that was just started on the same tables.
 */
final class Growth {
  private static final double WARM_UP = 0.15;
  private static final int BEGINNING = 5;

  private final List<Sample> all;
  private final List<Sample> samples;
  private final List<String> lines = new ArrayList<>();
  private final List<String> violations = new ArrayList<>();

  /**
   * @param all samples of one process in order
   */
  Growth(List<Sample> all) {
    this.all = all;
    this.samples = all.subList((int) (all.size() * WARM_UP), all.size());
    lines.add(
        String.format(
            Locale.ROOT,
            "%-26s %12s %12s %12s %12s  %s",
            "",
            "first third",
            "last third",
            "highest",
            "allowed",
            ""));
  }

  /**
   * Compares thirds.
   *
   * @param share how much larger the last may be, as a share of the first
   * @param more and by how much besides; infinite to report only
   */
  Growth thirds(String what, ToDoubleFunction<Sample> value, double share, double more) {
    double[] all = samples.stream().mapToDouble(value).filter(v -> !Double.isNaN(v)).toArray();
    if (all.length < 3) {
      lines.add(what + ": too few samples");
      return this;
    }
    int third = all.length / 3;
    double first = median(all, 0, third);
    double last = median(all, all.length - third, all.length);
    double highest = Arrays.stream(all).max().orElseThrow();
    judge(what, first, last, highest, first * (1 + share) + more);
    return this;
  }

  /**
   * Compares the last third with the beginning, of something that may grow until a budget is used
   * up, however long that takes.
   *
   * @param budget what it may grow by
   * @param share how much larger it may be besides, as a share of the beginning
   * @param more and by how much
   */
  Growth withinBudget(
      String what, ToDoubleFunction<Sample> value, double budget, double share, double more) {
    double[] begun = all.stream().limit(BEGINNING).mapToDouble(value).toArray();
    double[] later = samples.stream().mapToDouble(value).toArray();
    double first = median(begun, 0, begun.length);
    double last = median(later, later.length - later.length / 3 - 1, later.length);
    double highest = Arrays.stream(later).max().orElseThrow();
    judge(what + " (beginning)", first, last, highest, first * (1 + share) + budget + more);
    return this;
  }

  /** Compares what the long-lived process held in the end with what a new one holds. */
  Growth newborn(String what, double longLived, double newborn, double share, double more) {
    judge(what + " (newborn|now)", newborn, longLived, longLived, newborn * (1 + share) + more);
    return this;
  }

  /** Compares a number with a limit. */
  Growth limit(String what, double found, double allowed) {
    judge(what, Double.NaN, found, found, allowed);
    return this;
  }

  private void judge(String what, double first, double last, double highest, double allowed) {
    boolean kept = last <= allowed;
    lines.add(
        String.format(
            Locale.ROOT,
            "%-26s %12s %12.1f %12.1f %12s  %s",
            what,
            Double.isNaN(first) ? "" : String.format(Locale.ROOT, "%.1f", first),
            last,
            highest,
            Double.isInfinite(allowed) ? "reported" : String.format(Locale.ROOT, "%.1f", allowed),
            kept ? "" : "TOO MUCH"));
    if (!kept) {
      violations.add(what + " grew from " + first + " to " + last);
    }
  }

  private static double median(double[] values, int from, int to) {
    double[] sorted = Arrays.copyOfRange(values, from, to);
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  List<String> lines() {
    return lines;
  }

  List<String> violations() {
    return violations;
  }
}
