package io.firn.dsl.finding;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Collects findings about one file, so that all of them can be reported at once.
 *
 * <p><b>Threading</b>: used by one thread.
 */
public final class Findings {
  /** A file with more errors than this is not the kind of file it is taken for. */
  private static final int MAX_FINDINGS = 200;

  private final String file;
  private final List<Finding> findings = new ArrayList<>();

  /** Findings about a file, named as the user named it. */
  public Findings(String file) {
    this.file = file;
  }

  /** The file's name as the user gave it. */
  public String file() {
    return file;
  }

  /** Notes that the pipeline cannot run. */
  public void error(Position position, String path, String message, String remedy) {
    add(new Finding(Finding.Severity.ERROR, file, position, path, message, remedy));
  }

  /** Notes something that does not keep the pipeline from running. */
  public void warning(Position position, String path, String message, String remedy) {
    add(new Finding(Finding.Severity.WARNING, file, position, path, message, remedy));
  }

  private void add(Finding finding) {
    if (findings.size() < MAX_FINDINGS && !findings.contains(finding)) {
      findings.add(finding);
    }
  }

  /** Whether anything found keeps the pipeline from running. */
  public boolean hasErrors() {
    return findings.stream().anyMatch(Finding::isError);
  }

  /** How many errors there are so far; for finding out whether a step added one. */
  public int errorCount() {
    return (int) findings.stream().filter(Finding::isError).count();
  }

  /** Everything found, in the order of the file. */
  public List<Finding> sorted() {
    List<Finding> sorted = new ArrayList<>(findings);
    sorted.sort(Comparator.comparing(Finding::position));
    return List.copyOf(sorted);
  }
}
