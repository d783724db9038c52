package io.firn.simulation.check;

import io.firn.simulation.lake.SimulatedCatalog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.types.Types;

/**
 * A table contains what the source contained at the table's position, read with Iceberg's own
 * generic reader.
 */
public final class LakeEqualsOracle implements CommitInvariant {
  private final SimulatedCatalog catalog;
  private final Oracle oracle;
  private final BooleanSupplier sampled;

  /**
   * @param catalog a connection without faults
   * @param oracle knows the truth
   * @param sampled whether to look at a commit: reading is the dearest of all checks
   */
  public LakeEqualsOracle(SimulatedCatalog catalog, Oracle oracle, BooleanSupplier sampled) {
    this.catalog = catalog;
    this.oracle = oracle;
    this.sampled = sampled;
  }

  @Override
  public void check(CommitSeen commit) {
    if (commit.ours() && commit.after().currentSnapshot() != null && sampled.getAsBoolean()) {
      compare(commit.table(), oracle.expected(commit.table(), commit.after()), commit.who());
    }
  }

  /** Compares a table with what it must contain. */
  public void compare(TableIdentifier identifier, List<String> expected, String when) {
    List<String> actual = read(catalog.loadTable(identifier));
    if (!actual.equals(expected)) {
      List<String> missing = new ArrayList<>(expected);
      List<String> extra = new ArrayList<>(actual);
      actual.forEach(missing::remove);
      expected.forEach(extra::remove);
      throw new Violation(
          name(), identifier + ", " + when + ": missing " + missing + ", too much " + extra);
    }
  }

  private static List<String> read(Table table) {
    List<String> rows = new ArrayList<>();
    try (CloseableIterable<Record> records = IcebergGenerics.read(table).build()) {
      for (Record record : records) {
        rows.add(text(record, table.schema()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    rows.sort(null);
    return rows;
  }

  /** A row of the lake as the oracle writes it. */
  public static String text(Record record, Schema schema) {
    Map<String, Object> row = new TreeMap<>();
    for (Types.NestedField field : schema.columns()) {
      // Columns of somebody else are not the oracle's business.
      if (!field.name().equals("_firn_commit_time") && !field.name().startsWith("x_")) {
        row.put(field.name(), record.getField(field.name()));
      }
    }
    return Oracle.text(row);
  }
}
