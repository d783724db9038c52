package io.firn.model.stream;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * A set of global transaction ids, for comparing how far two servers, or a server and a reader,
 * are. Immutable.
 *
 * <p>Two dialects: MySQL's sets of intervals by server and tag ({@code uuid:1-5:7:tag:1-3}), and
 * MariaDB's lists of the last transaction of each domain ({@code 0-1-42}), which stand for
 * everything up to it in that domain.
 */
public final class GtidSet {
  /** By source (uuid, {@code uuid:tag} or domain): first and last of each interval, ascending. */
  private final Map<String, long[]> intervals;

  /** By MariaDB domain: the server that the last transaction comes from. */
  private final Map<String, String> lastServers;

  private GtidSet(Map<String, long[]> intervals, Map<String, String> lastServers) {
    this.intervals = intervals;
    this.lastServers = lastServers;
  }

  /**
   * Reads a set in either dialect; null and white space are the empty set.
   *
   * @throws IllegalArgumentException if the text is something else
   */
  public static GtidSet parse(String text) {
    Map<String, List<long[]>> ranges = new TreeMap<>();
    Map<String, String> servers = new TreeMap<>();
    for (String part : text == null ? new String[0] : text.split(",")) {
      String element = part.strip();
      if (element.isEmpty()) {
        continue;
      }
      try {
        if (element.indexOf(':') < 0) {
          addMariaDb(element, ranges, servers);
        } else {
          addMySql(element, ranges);
        }
      } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
        throw new IllegalArgumentException("'" + element + "' is not a GTID set", e);
      }
    }
    Map<String, long[]> intervals = new TreeMap<>();
    ranges.forEach((source, list) -> intervals.put(source, merged(list)));
    return new GtidSet(intervals, servers);
  }

  private static void addMySql(String element, Map<String, List<long[]>> ranges) {
    String[] tokens = element.split(":");
    String uuid = tokens[0].strip().toLowerCase(Locale.ROOT);
    String source = uuid;
    for (int i = 1; i < tokens.length; i++) {
      String token = tokens[i].strip();
      if (!token.isEmpty() && !Character.isDigit(token.charAt(0))) {
        source = uuid + ":" + token.toLowerCase(Locale.ROOT);
        continue;
      }
      String[] ends = token.split("-");
      long first = Long.parseLong(ends[0].strip());
      long last = ends.length == 1 ? first : Long.parseLong(ends[1].strip());
      ranges.computeIfAbsent(source, s -> new ArrayList<>()).add(new long[] {first, last});
    }
  }

  private static void addMariaDb(
      String element, Map<String, List<long[]>> ranges, Map<String, String> servers) {
    String[] parts = element.split("-");
    long sequence = Long.parseLong(parts[2]);
    String domain = Long.toString(Long.parseLong(parts[0]));
    String server = Long.toString(Long.parseLong(parts[1]));
    List<long[]> known = ranges.computeIfAbsent(domain, d -> new ArrayList<>());
    if (known.isEmpty() || known.get(0)[1] < sequence) {
      known.clear();
      known.add(new long[] {0, sequence});
      servers.put(domain, server);
    }
  }

  private static long[] merged(List<long[]> ranges) {
    ranges.sort((a, b) -> Long.compare(a[0], b[0]));
    List<long[]> merged = new ArrayList<>();
    for (long[] range : ranges) {
      long[] last = merged.isEmpty() ? null : merged.get(merged.size() - 1);
      if (last != null && range[0] <= last[1] + 1) {
        last[1] = Math.max(last[1], range[1]);
      } else {
        merged.add(range.clone());
      }
    }
    return flat(merged);
  }

  private static long[] flat(List<long[]> ranges) {
    long[] flat = new long[2 * ranges.size()];
    for (int i = 0; i < ranges.size(); i++) {
      flat[2 * i] = ranges.get(i)[0];
      flat[2 * i + 1] = ranges.get(i)[1];
    }
    return flat;
  }

  /** Whether there is no transaction. */
  public boolean isEmpty() {
    return intervals.isEmpty();
  }

  /** Whether some transactions have tagged ids, which MySQL has since 8.3. */
  public boolean hasTags() {
    return intervals.keySet().stream().anyMatch(source -> source.indexOf(':') >= 0);
  }

  /** Whether every transaction of another set is in this one. */
  public boolean containsAll(GtidSet other) {
    return other.minus(this).isEmpty();
  }

  /**
   * The transactions that another set does not have. Of two MariaDB lists that end with different
   * transactions of the same number, each has one that the other lacks.
   */
  public GtidSet minus(GtidSet other) {
    Map<String, long[]> rest = new TreeMap<>();
    intervals.forEach(
        (source, own) -> {
          long[] theirs = other.intervals.get(source);
          long[] left = theirs == null ? own : minus(own, theirs);
          if (left.length == 0 && lastServers.containsKey(source)) {
            boolean forked =
                own[1] == theirs[1]
                    && !lastServers.get(source).equals(other.lastServers.get(source));
            left = forked ? new long[] {own[1], own[1]} : left;
          }
          if (left.length > 0) {
            rest.put(source, left);
          }
        });
    return new GtidSet(rest, Map.of());
  }

  private static long[] minus(long[] own, long[] theirs) {
    List<long[]> rest = new ArrayList<>();
    for (int i = 0; i < own.length; i += 2) {
      long first = own[i];
      long last = own[i + 1];
      for (int j = 0; j < theirs.length && first <= last; j += 2) {
        if (theirs[j + 1] < first || theirs[j] > last) {
          continue;
        }
        if (theirs[j] > first) {
          rest.add(new long[] {first, theirs[j] - 1});
        }
        first = theirs[j + 1] + 1;
      }
      if (first <= last) {
        rest.add(new long[] {first, last});
      }
    }
    return flat(rest);
  }

  /** For messages: {@code source:first-last} for each interval. */
  @Override
  public String toString() {
    List<String> parts = new ArrayList<>();
    intervals.forEach(
        (source, flat) -> {
          StringBuilder part = new StringBuilder(source);
          for (int i = 0; i < flat.length; i += 2) {
            part.append(':').append(flat[i]);
            if (flat[i + 1] != flat[i]) {
              part.append('-').append(flat[i + 1]);
            }
          }
          parts.add(part.toString());
        });
    return String.join(",", parts);
  }
}
