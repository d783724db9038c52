package io.firn.app.verify;

import io.firn.app.terminal.Console;
import io.firn.app.terminal.Humane;
import java.util.List;

/** Prints what a comparison found. */
public final class VerifyReport {
  private final Console console;

  /** A report for people. */
  public VerifyReport(Console console) {
    this.console = console;
  }

  /** One table. */
  public void print(TableResult result) {
    String counts =
        Humane.count(result.sourceRows())
            + " rows at the source, "
            + Humane.count(result.lakeRows())
            + " in the lake";
    if (result.equal()) {
      // The counts are from different moments when changes flow; every row was settled since.
      console.print(result.table() + ": equal (" + counts + ")");
      return;
    }
    if (result.differing() > 0) {
      console.print(
          result.table() + ": " + Humane.count(result.differing()) + " differ (" + counts + ")");
    }
    for (Difference difference : result.differences()) {
      console.print("  " + result.table() + ": " + difference);
    }
    if (result.undecided() > 0) {
      console.print(
          result.table()
              + ": "
              + Humane.count(result.undecided())
              + " rows undecided: "
              + result.undecidedReason()
              + " ("
              + counts
              + ")");
    }
  }

  /** The sum; true if everything is equal. */
  public boolean printTotal(List<TableResult> results) {
    long rows = results.stream().mapToLong(TableResult::sourceRows).sum();
    long differing = results.stream().mapToLong(TableResult::differing).sum();
    long undecided = results.stream().mapToLong(TableResult::undecided).sum();
    boolean equal = results.stream().allMatch(TableResult::equal);
    console.print(
        equal
            ? "Equal: " + results.size() + " tables, " + Humane.count(rows) + " rows."
            : "Not equal: "
                + Humane.count(differing)
                + " rows differ, "
                + Humane.count(undecided)
                + " undecided.");
    return equal;
  }
}
