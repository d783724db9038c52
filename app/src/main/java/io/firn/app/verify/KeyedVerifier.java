package io.firn.app.verify;

import io.firn.model.row.Row;
import io.firn.model.schema.TableId;
import io.firn.model.schema.TableSchema;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares a table with a key, while both sides may change.
 *
 * <p>First both sides are read once and summed up by bucket. Buckets that differ are read again and
 * compared key by key. What differs then may be a change that was not in the lake yet: {@link
 * Settlement} decides.
 *
 * <p><b>Threading</b>: used by one thread.
 */
final class KeyedVerifier {
  private static final Logger LOG = LoggerFactory.getLogger(KeyedVerifier.class);

  /** Rows held in memory at a time while buckets are compared key by key. */
  private static final long MAX_ROWS_HELD = 200_000;

  private final TableId table;
  private final TableSchema schema;
  private final RowSide source;
  private final RowSide lake;
  private final CommittedPosition positions;
  private final ComparedColumns columns;

  /**
   * @param schema the target's layout, as it follows from the source
   */
  KeyedVerifier(TableSchema schema, RowSide source, RowSide lake, CommittedPosition positions) {
    this.table = schema.table();
    this.schema = schema;
    this.source = source;
    this.lake = lake;
    this.positions = positions;
    this.columns =
        new ComparedColumns(
            schema.columns().stream().map(c -> c.name()).toList(), schema.primaryKey());
  }

  /** Compares. */
  TableResult verify() throws InterruptedException {
    BucketSums sourceSums = sums(source);
    BucketSums lakeSums = sums(lake);
    BitSet differing = sourceSums.differing(lakeSums);
    LOG.info(
        "{}: {} rows at the source, {} in the lake, {} of {} buckets differ",
        table,
        sourceSums.rows(),
        lakeSums.rows(),
        differing.cardinality(),
        BucketSums.BUCKETS);
    Map<Fingerprint, Row> candidates = new LinkedHashMap<>();
    for (BitSet group : groups(differing, sourceSums, lakeSums)) {
      compareKeys(group, candidates);
      if (candidates.size() >= Settlement.MAX_CANDIDATES) {
        break;
      }
    }
    return decide(candidates, sourceSums.rows(), lakeSums.rows());
  }

  private BucketSums sums(RowSide side) {
    BucketSums sums = new BucketSums();
    side.scan(
        (layout, row) -> sums.add(columns.bucket(layout, row), columns.content(layout, row), 1));
    return sums;
  }

  /** Buckets in groups that fit into memory. */
  private static List<BitSet> groups(BitSet buckets, BucketSums source, BucketSums lake) {
    List<BitSet> groups = new ArrayList<>();
    BitSet group = new BitSet(BucketSums.BUCKETS);
    long rows = 0;
    for (int b = buckets.nextSetBit(0); b >= 0; b = buckets.nextSetBit(b + 1)) {
      long inBucket = Math.max(source.rows(b), lake.rows(b));
      if (!group.isEmpty() && rows + inBucket > MAX_ROWS_HELD) {
        groups.add(group);
        group = new BitSet(BucketSums.BUCKETS);
        rows = 0;
      }
      group.set(b);
      rows += inBucket;
    }
    if (!group.isEmpty()) {
      groups.add(group);
    }
    return groups;
  }

  /** Adds the rows (either side's image) whose content is not the same on both sides. */
  private void compareKeys(BitSet buckets, Map<Fingerprint, Row> candidates) {
    Map<Fingerprint, Fingerprint> contents = new HashMap<>();
    source.scan(
        (layout, row) -> {
          if (buckets.get(columns.bucket(layout, row))) {
            Fingerprint previous =
                contents.put(columns.key(layout, row), columns.content(layout, row));
            if (previous != null) {
              addCandidate(candidates, layout, row);
            }
          }
        });
    lake.scan(
        (layout, row) -> {
          if (!buckets.get(columns.bucket(layout, row))) {
            return;
          }
          Fingerprint content = contents.remove(columns.key(layout, row));
          if (!columns.content(layout, row).equals(content)) {
            addCandidate(candidates, layout, row);
          }
        });
    if (!contents.isEmpty() && candidates.size() < Settlement.MAX_CANDIDATES) {
      source.scan(
          (layout, row) -> {
            if (contents.containsKey(columns.key(layout, row))) {
              addCandidate(candidates, layout, row);
            }
          });
    }
  }

  private void addCandidate(Map<Fingerprint, Row> candidates, TableSchema layout, Row row) {
    if (candidates.size() < Settlement.MAX_CANDIDATES) {
      candidates.put(columns.key(layout, row), columns.project(layout, row));
    }
  }

  /** The rows that a side has for one key; more than one is a fault by itself. */
  private record Found(List<Row> rows) {}

  private TableResult decide(Map<Fingerprint, Row> candidates, long sourceRows, long lakeRows)
      throws InterruptedException {
    Settlement.Outcome<Found> outcome =
        new Settlement<Found>(
                rows -> find(source, rows), rows -> find(lake, rows), this::sameRows, positions)
            .decide(candidates.keySet());
    List<Difference> named = new ArrayList<>();
    for (Settlement.Differing<Found> differing : outcome.named()) {
      Row image = candidates.get(differing.row());
      name(image, differing.atSource(), differing.inLake(), named);
    }
    return new TableResult(
        table,
        sourceRows,
        lakeRows,
        outcome.differing(),
        outcome.undecided(),
        outcome.reason(),
        named);
  }

  private Map<Fingerprint, Found> find(RowSide side, Set<Fingerprint> wanted) {
    Map<Fingerprint, Found> found = new HashMap<>();
    side.scan(
        (layout, row) -> {
          Fingerprint key = columns.key(layout, row);
          if (wanted.contains(key)) {
            found
                .computeIfAbsent(key, k -> new Found(new ArrayList<>()))
                .rows()
                .add(columns.project(layout, row));
          }
        });
    return found;
  }

  private boolean sameRows(Found left, Found right) {
    if (left == null || right == null) {
      return left == right;
    }
    if (left.rows().size() != right.rows().size()) {
      return false;
    }
    if (left.rows().size() > 1) {
      return false;
    }
    return differingColumns(left.rows().get(0), right.rows().get(0)).isEmpty();
  }

  private List<Integer> differingColumns(Row left, Row right) {
    List<Integer> differing = new ArrayList<>();
    for (int i = 0; i < columns.columns().size(); i++) {
      if (!columns.same(left.get(i), right.get(i))) {
        differing.add(i);
      }
    }
    return differing;
  }

  private void name(Row image, Found atSource, Found inLake, List<Difference> named) {
    String key = keyText(image);
    if (inLake == null) {
      named.add(new Difference(key, "missing in the lake"));
    } else if (atSource == null) {
      named.add(new Difference(key, "not at the source, but in the lake"));
    } else if (atSource.rows().size() > 1 || inLake.rows().size() > 1) {
      named.add(
          new Difference(
              key,
              "the key is there "
                  + atSource.rows().size()
                  + " times at the source and "
                  + inLake.rows().size()
                  + " times in the lake"));
    } else {
      Row left = atSource.rows().get(0);
      Row right = inLake.rows().get(0);
      for (int i : differingColumns(left, right)) {
        var type = schema.columns().get(i).type();
        named.add(
            new Difference(
                key,
                "column '"
                    + columns.columns().get(i)
                    + "' is "
                    + Values.show(type, left.get(i))
                    + " at the source and "
                    + Values.show(type, right.get(i))
                    + " in the lake"));
      }
    }
  }

  private String keyText(Row image) {
    List<String> parts = new ArrayList<>();
    for (String name : columns.key()) {
      int index = schema.indexOf(name);
      parts.add(name + "=" + Values.show(schema.columns().get(index).type(), image.get(index)));
    }
    return String.join(", ", parts);
  }
}
