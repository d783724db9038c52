package io.firn.app.verify;

import io.firn.app.terminal.Console;
import io.firn.app.terminal.Humane;
import io.firn.dsl.finding.Quoted;
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
    // A name may have line breaks in it, which must not look like lines of ours.
    String table = Quoted.escape(result.table().toString());
    String counts =
        Humane.count(result.sourceRows())
            + " rows at the source, "
            + Humane.count(result.lakeRows())
            + " in the lake";
    if (result.equal()) {
      // The counts are from different moments when changes flow; every row was settled since.
      console.print(table + ": equal (" + counts + ")");
      return;
    }
    if (result.differing() > 0) {
      console.print(table + ": " + Humane.count(result.differing()) + " differ (" + counts + ")");
    }
    for (Difference difference : result.differences()) {
      console.print("  " + table + ": " + difference);
    }
    if (result.undecided() > 0) {
      console.print(
          table
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
