package io.firn.simulation;

import io.firn.simulation.fault.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A run that once broke a promise, as a small text file:
 *
 * <pre>
 * # what the bug was
 * seed: 4711
 * transactions: 12
 * lives: 2
 * without: CATALOG_SLOW STORE_SLOW
 * mode: any
 * reaches: CRASH_AFTER CATALOG_UNKNOWN_LANDED
 * </pre>
 *
 * @param scenario the run
 * @param reaches faults without which it proves nothing any more
 */
public record Replay(Scenario scenario, Set<Fault> reaches) {
  /** Copies the set. */
  public Replay {
    reaches = Set.copyOf(reaches);
  }

  /** The replay of a run. */
  static Replay of(RunResult result) {
    return new Replay(result.scenario(), result.counts().asMap().keySet());
  }

  /** Reads a file. */
  public static Replay read(Path file) throws IOException {
    Map<String, String> values = new TreeMap<>();
    for (String line : Files.readAllLines(file)) {
      int colon = line.indexOf(':');
      if (!line.startsWith("#") && colon > 0) {
        values.put(line.substring(0, colon), line.substring(colon + 1).strip());
      }
    }
    return new Replay(
        new Scenario(
            Long.parseLong(values.get("seed")),
            Integer.parseInt(values.get("transactions")),
            Integer.parseInt(values.get("lives")),
            faults(values.getOrDefault("without", "")),
            values.getOrDefault("mode", Scenario.USUAL)),
        faults(values.getOrDefault("reaches", "")));
  }

  private static Set<Fault> faults(String text) {
    Set<Fault> faults = EnumSet.noneOf(Fault.class);
    for (String name : text.split("\\s+", -1)) {
      if (!name.isEmpty()) {
        faults.add(Fault.valueOf(name));
      }
    }
    return faults;
  }

  /** The file's text, without the comment. */
  public String text() {
    return "seed: "
        + scenario.seed()
        + "\ntransactions: "
        + scenario.transactions()
        + "\nlives: "
        + scenario.lives()
        + "\nwithout: "
        + names(scenario.without())
        + "\nmode: "
        + scenario.mode()
        + "\nreaches: "
        + names(reaches)
        + "\n";
  }

  private static String names(Set<Fault> faults) {
    List<String> names = new ArrayList<>();
    faults.stream().sorted().forEach(fault -> names.add(fault.name()));
    return String.join(" ", names);
  }
}
