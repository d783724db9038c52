package io.firn.it.check;

import io.firn.it.engine.ContentHash;
import io.firn.testservers.DatabaseServer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.iceberg.Table;

/**
 * Compares a source table with a lake table: keyed tables key by key, tables without a key as
 * multisets, after replaying the lake's change log. Independent of Firn's own {@code verify}.
 */
public final class ContentCheck {
  private static final int SHOWN = 5;

  private ContentCheck() {}

  /**
   * Compares all rows.
   *
   * @return count and hash of the source's rows, to be compared with what other engines read
   * @throws AssertionError if any row differs, is missing or is too many; with examples
   */
  public static ContentHash assertEqual(
      DatabaseServer server, String database, String sourceTable, Table lakeTable) {
    SourceRows source = new SourceRows(server, database, sourceTable);
    LakeRows lake = new LakeRows(lakeTable);
    if (!source.columns().equals(lake.columns())) {
      throw new AssertionError(
          lakeTable.name() + ": columns are " + lake.columns() + " instead of " + source.columns());
    }
    List<String> key = source.key();
    if (lake.isChangeLog() == !key.isEmpty()) {
      throw new AssertionError(lakeTable.name() + ": has the wrong mode for key " + key);
    }
    return key.isEmpty()
        ? compareMultisets(source, lake, lakeTable.name())
        : compareKeyed(source, lake, key, lakeTable.name());
  }

  private static ContentHash compareKeyed(
      SourceRows source, LakeRows lake, List<String> key, String name) {
    // Hashes only, so that a million rows fit; texts of the few that differ are read again.
    Map<String, Long> expected = new HashMap<>();
    ContentHash hash = new ContentHash();
    source.forEach(
        (rowKey, text) -> {
          expected.put(rowKey, ContentHash.hash(text));
          hash.add(text, 1);
        });
    Examples examples = new Examples();
    Map<String, String> differing = new HashMap<>();
    lake.forEach(
        key,
        (rowKey, text, sign) -> {
          Long wanted = expected.remove(rowKey);
          if (wanted == null) {
            examples.add("too many, or twice: " + readable(text));
          } else if (wanted != ContentHash.hash(text)) {
            examples.add("");
            differing.put(rowKey, text);
          }
        });
    expected.keySet().forEach(missing -> examples.add("missing: " + readable(missing)));
    if (!differing.isEmpty()) {
      source.forEach(
          (rowKey, text) -> {
            if (differing.containsKey(rowKey)) {
              examples.show(
                  "differs: lake   "
                      + readable(differing.get(rowKey))
                      + "\n         source "
                      + readable(text));
            }
          });
    }
    examples.throwIfAny(name, hash.rows());
    return hash;
  }

  private static ContentHash compareMultisets(SourceRows source, LakeRows lake, String name) {
    Map<String, Integer> counts = new HashMap<>();
    ContentHash hash = new ContentHash();
    source.forEach(
        (rowKey, text) -> {
          counts.merge(text, 1, Integer::sum);
          hash.add(text, 1);
        });
    lake.forEach(
        List.of(),
        (rowKey, text, sign) ->
            counts.merge(text, -sign, (a, b) -> a + b == 0 ? null : Integer.valueOf(a + b)));
    Examples examples = new Examples();
    // Sorted, so that the two versions of a row that differs stand together.
    new TreeMap<>(counts)
        .forEach(
            (text, count) ->
                examples.add(
                    (count > 0 ? "missing " : "too many ") + count + ": " + readable(text)));
    examples.throwIfAny(name, hash.rows());
    return hash;
  }

  private static String readable(String text) {
    return text.replace('\u0001', ' ').replace("\u0000", "NULL");
  }

  /** Counts differences and keeps the first few. */
  private static final class Examples {
    private final List<String> shown = new ArrayList<>();
    private int count;

    void add(String example) {
      count++;
      if (!example.isEmpty()) {
        show(example);
      }
    }

    void show(String example) {
      if (shown.size() < SHOWN) {
        shown.add(example);
      }
    }

    void throwIfAny(String table, long rows) {
      if (count > 0) {
        throw new AssertionError(
            table
                + ": "
                + count
                + " differences to the source's "
                + rows
                + " rows:\n  "
                + String.join("\n  ", shown));
      }
    }
  }
}
