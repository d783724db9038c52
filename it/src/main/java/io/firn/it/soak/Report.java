package io.firn.it.soak;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The tables in the end. */
final class Report {
  /** In a shorter run the dice decide which faults happen. */
  private static final long ALL_FAULTS_SECONDS = 900;

  private final Path directory;
  private final FaultCounts counts;
  private final String changes;

  Report(Path directory, FaultCounts counts, String changes) {
    this.directory = directory;
    this.counts = counts;
    this.changes = changes;
  }

  void print(Growth growth) {
    Soak.say("%n%s", changes);
    Soak.say("%n%s", counts.table());
    growth.lines().forEach(line -> Soak.say("%s", line));
  }

  /** Keeps all samples as a table of comma-separated values. */
  void write(List<Sample> steady, List<Sample> mortal) throws IOException {
    List<String> lines = new ArrayList<>(List.of(Sample.CSV_HEADER));
    steady.forEach(sample -> lines.add(sample.csv("steady")));
    mortal.forEach(sample -> lines.add(sample.csv("mortal")));
    Files.write(directory.resolve("samples.csv"), lines);
  }

  /** What should have happened and did not. */
  List<String> notReached(long seconds, boolean everyChange) {
    List<String> missing = new ArrayList<>();
    if (seconds >= ALL_FAULTS_SECONDS) {
      List<String> never = new ArrayList<>(counts.missing(SteadyDisturber.Fault.values()));
      never.addAll(counts.missing(MortalDisturber.Fault.values()));
      never.forEach(name -> missing.add("the fault '" + name + "' never happened"));
    }
    if (!everyChange) {
      missing.add("there was no large transaction or no altered table");
    }
    return missing;
  }
}
