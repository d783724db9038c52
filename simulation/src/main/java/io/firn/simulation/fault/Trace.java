package io.firn.simulation.fault;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Everything that happened in a run, as a hash and as the last lines of a log. Names that Iceberg
 * or the JVM draws at random are left out, and the numbers of manifests, which it takes in the
 * order of such names, so two runs of one seed have the same trace.
 */
public final class Trace {
  private static final int KEPT_LINES = 60;
  private static final Pattern RANDOM =
      Pattern.compile(
          "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}(-m\\d+)?|snap-\\d+-\\d+|\\$\\$Lambda[^],]*");

  private final Deque<String> last = new ArrayDeque<>();
  private final boolean print;
  private long hash = 0xcbf29ce484222325L;
  private long lines;

  /**
   * @param print whether to print every line
   */
  public Trace(boolean print) {
    this.print = print;
  }

  /** Adds a line. */
  public synchronized void add(String line) {
    String stable = RANDOM.matcher(line).replaceAll("#");
    for (int i = 0; i < stable.length(); i++) {
      hash = (hash ^ stable.charAt(i)) * 0x100000001b3L;
    }
    lines++;
    if (last.size() == KEPT_LINES) {
      last.removeFirst();
    }
    last.add(lines + " " + stable);
    if (print) {
      System.out.println(lines + " " + stable);
    }
  }

  /** The hash of all lines so far. */
  public synchronized long hash() {
    return hash;
  }

  /** How many lines there were. */
  public synchronized long size() {
    return lines;
  }

  /** The last lines. */
  public synchronized List<String> tail() {
    return List.copyOf(last);
  }
}
