package io.firn.simulation.check;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.iceberg.FileContent;
import org.apache.iceberg.Snapshot;

/**
 * The totals in a snapshot's summary are those of its files, and rows minus deleted positions are
 * as many rows as the oracle knows. Position delete files of format version 2 may also name files
 * that a compaction took out of the table; such positions do not count.
 */
final class RowsAddUp implements CommitInvariant {
  private final TableFiles files;
  private final Oracle oracle;

  RowsAddUp(TableFiles files, Oracle oracle) {
    this.files = files;
    this.oracle = oracle;
  }

  @Override
  public void check(CommitSeen commit) {
    Snapshot current = commit.after().currentSnapshot();
    if (!commit.ours() || current == null) {
      return;
    }
    long rows = 0;
    long positions = 0;
    Set<String> live = new HashSet<>();
    List<TableFiles.Entry> deletes = new ArrayList<>();
    for (TableFiles.Entry entry : files.of(current, commit.after()).entries()) {
      if (entry.content() == FileContent.DATA) {
        rows += entry.rows();
        live.add(entry.location());
      } else {
        positions += entry.rows();
        deletes.add(entry);
      }
    }
    long deleted = 0;
    for (TableFiles.Entry entry : deletes) {
      deleted += files.deletedRows(entry, live);
    }
    Map<String, String> summary = current.summary();
    if (!Long.toString(rows).equals(summary.get("total-records"))
        || !Long.toString(positions).equals(summary.get("total-position-deletes"))) {
      throw violated(
          commit, rows + " rows, " + positions + " positions, but the summary says " + summary);
    }
    long expected = oracle.expected(commit.table(), commit.after()).size();
    if (rows - deleted != expected) {
      throw violated(
          commit,
          rows
              + " rows - "
              + deleted
              + " deleted instead of "
              + expected
              + " at "
              + Summaries.property(commit.after()));
    }
  }
}
