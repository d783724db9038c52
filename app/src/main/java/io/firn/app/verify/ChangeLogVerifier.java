package io.firn.app.verify;

import io.firn.lake.table.ChangeLogColumns;
import io.firn.model.row.Row;
import io.firn.model.schema.TableId;
import io.firn.model.schema.TableSchema;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Compares a table without a key with its change log: replayed, the log must give the multiset of
 * the source's rows.
 *
 * <p><b>Threading</b>: used by one thread.
 */
final class ChangeLogVerifier {
  private final TableId table;
  private final TableSchema schema;
  private final RowSide source;
  private final RowSide lake;
  private final CommittedPosition positions;
  private final ComparedColumns columns;

  /**
   * @param schema the target's layout, as it follows from the source
   */
  ChangeLogVerifier(TableSchema schema, RowSide source, RowSide lake, CommittedPosition positions) {
    this.table = schema.table();
    this.schema = schema;
    this.source = source;
    this.lake = lake;
    this.positions = positions;
    this.columns =
        new ComparedColumns(schema.columns().stream().map(c -> c.name()).toList(), List.of());
  }

  /** Compares. */
  TableResult verify() throws InterruptedException {
    BucketSums sourceSums = sums(source, false);
    BucketSums lakeSums = sums(lake, true);
    BitSet differing = sourceSums.differing(lakeSums);
    Set<Fingerprint> open = differing.isEmpty() ? Set.of() : candidates(differing);
    Settlement.Outcome<Count> outcome =
        new Settlement<Count>(
                rows -> count(source, false, rows),
                rows -> count(lake, true, rows),
                (left, right) -> times(left) == times(right),
                positions)
            .decide(open);
    List<Difference> named = new ArrayList<>();
    for (Settlement.Differing<Count> found : outcome.named()) {
      Count atSource = found.atSource();
      Count inLake = found.inLake();
      named.add(
          new Difference(
              rowText(atSource != null ? atSource.image : inLake.image),
              "there "
                  + times(atSource)
                  + " times at the source and "
                  + times(inLake)
                  + " times in the lake"));
    }
    return new TableResult(
        table,
        sourceSums.rows(),
        lakeSums.rows(),
        outcome.differing(),
        outcome.undecided(),
        outcome.reason(),
        named);
  }

  /** Visits rows with the number of times each one counts. */
  private interface CountedVisitor {
    void row(TableSchema layout, Row row, int times);
  }

  private static void scan(RowSide side, boolean isLog, CountedVisitor visitor) {
    side.scan(
        (layout, row) -> {
          int times = 1;
          if (isLog) {
            String operation = String.valueOf(row.get(layout.indexOf(ChangeLogColumns.OPERATION)));
            times =
                switch (operation) {
                  case "INSERT", "UPDATE_AFTER" -> 1;
                  case "DELETE", "UPDATE_BEFORE" -> -1;
                  default ->
                      throw new IllegalStateException("Unknown operation '" + operation + "'");
                };
          }
          visitor.row(layout, row, times);
        });
  }

  private static int bucket(Fingerprint row) {
    return Math.floorMod(row.low(), BucketSums.BUCKETS);
  }

  private BucketSums sums(RowSide side, boolean isLog) {
    BucketSums sums = new BucketSums();
    scan(
        side,
        isLog,
        (layout, row, times) -> {
          Fingerprint content = columns.content(layout, row);
          sums.add(bucket(content), content, times);
        });
    return sums;
  }

  private Set<Fingerprint> candidates(BitSet buckets) {
    Map<Fingerprint, Integer> balance = new HashMap<>();
    scan(source, false, (l, row, times) -> add(balance, buckets, l, row, times));
    scan(lake, true, (l, row, times) -> add(balance, buckets, l, row, -times));
    Set<Fingerprint> open = new HashSet<>();
    for (Fingerprint row : balance.keySet()) {
      if (open.size() < Settlement.MAX_CANDIDATES) {
        open.add(row);
      }
    }
    return open;
  }

  private void add(
      Map<Fingerprint, Integer> balance, BitSet buckets, TableSchema layout, Row row, int times) {
    Fingerprint content = columns.content(layout, row);
    if (buckets.get(bucket(content))) {
      // A row that balances out is removed, so memory holds what differs and little more.
      balance.merge(content, times, (a, b) -> a + b == 0 ? null : a + b);
    }
  }

  private static final class Count {
    private final Row image;
    private long times;

    Count(Row image) {
      this.image = image;
    }
  }

  private Map<Fingerprint, Count> count(RowSide side, boolean isLog, Set<Fingerprint> wanted) {
    Map<Fingerprint, Count> counts = new HashMap<>();
    scan(
        side,
        isLog,
        (layout, row, times) -> {
          Fingerprint content = columns.content(layout, row);
          if (wanted.contains(content)) {
            counts.computeIfAbsent(content, c -> new Count(columns.project(layout, row))).times +=
                times;
          }
        });
    return counts;
  }

  private static long times(Count count) {
    return count == null ? 0 : count.times;
  }

  private String rowText(Row image) {
    List<String> parts = new ArrayList<>();
    for (int i = 0; i < columns.columns().size(); i++) {
      parts.add(
          columns.columns().get(i)
              + "="
              + Values.show(schema.columns().get(i).type(), image.get(i)));
    }
    String text = String.join(", ", parts);
    return text.length() > 200 ? text.substring(0, 200) + "..." : text;
  }
}
