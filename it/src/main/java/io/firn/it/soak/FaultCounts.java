package io.firn.it.soak;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Which faults happened and how long it took until the next checkpoint.
 *
 * <p><b>Threading</b>: thread-safe.
 */
final class FaultCounts {
  private final Map<String, List<Double>> secondsByFault = new TreeMap<>();

  /** What a fault is called in the table. */
  static String name(Enum<?> fault) {
    return fault.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  /** Notes a fault after it was survived. */
  synchronized void survived(String fault, double secondsToCheckpoint) {
    secondsByFault.computeIfAbsent(fault, key -> new ArrayList<>()).add(secondsToCheckpoint);
  }

  synchronized int total() {
    return secondsByFault.values().stream().mapToInt(List::size).sum();
  }

  /** The names of those that never happened. */
  synchronized List<String> missing(Enum<?>... faults) {
    return Stream.of(faults)
        .map(FaultCounts::name)
        .filter(name -> !secondsByFault.containsKey(name))
        .toList();
  }

  /** A line for each. */
  synchronized String table() {
    StringBuilder text =
        new StringBuilder(
            String.format(
                Locale.ROOT,
                "%-28s %6s %16s %16s%n",
                "fault",
                "times",
                "median s to next",
                "longest"));
    secondsByFault.forEach(
        (fault, seconds) -> {
          double[] sorted = seconds.stream().mapToDouble(Double::doubleValue).sorted().toArray();
          text.append(
              String.format(
                  Locale.ROOT,
                  "%-28s %6d %16.1f %16.1f%n",
                  fault,
                  sorted.length,
                  sorted[sorted.length / 2],
                  sorted[sorted.length - 1]));
        });
    return text.toString();
  }
}
