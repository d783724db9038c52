package io.firn.app.verify;

import io.firn.model.row.KeyHash;
import io.firn.model.row.Row;
import io.firn.model.schema.TableSchema;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds the columns that are compared, and those of the key, in rows of different layouts.
 *
 * <p><b>Threading</b>: used by one thread.
 */
final class ComparedColumns {
  private final List<String> columns;
  private final List<String> key;
  private final Map<TableSchema, Indexes> indexes = new IdentityHashMap<>();
  private final RowHasher hasher = new RowHasher();

  /**
   * @param columns names of all columns that are compared
   * @param key names of the key columns
   */
  ComparedColumns(List<String> columns, List<String> key) {
    this.columns = List.copyOf(columns);
    this.key = List.copyOf(key);
  }

  private record Indexes(int[] columns, int[] key) {}

  List<String> columns() {
    return columns;
  }

  List<String> key() {
    return key;
  }

  /** Fingerprint of everything that is compared. */
  Fingerprint content(TableSchema schema, Row row) {
    return hasher.hash(row, indexes(schema).columns());
  }

  /** Fingerprint of the key. */
  Fingerprint key(TableSchema schema, Row row) {
    return hasher.hash(row, indexes(schema).key());
  }

  /** The bucket that the row's key falls into; does not depend on any collation. */
  int bucket(TableSchema schema, Row row) {
    return Math.floorMod(KeyHash.of(row, indexes(schema).key()), BucketSums.BUCKETS);
  }

  /** The values that are compared, in the order of {@link #columns}. */
  Row project(TableSchema schema, Row row) {
    int[] from = indexes(schema).columns();
    Object[] values = new Object[from.length];
    for (int i = 0; i < from.length; i++) {
      values[i] = row.get(from[i]);
    }
    return Row.wrap(values);
  }

  /** Whether two values of a column are the same. */
  boolean same(Object left, Object right) {
    int[] first = {0};
    return hasher.hash(Row.of(left), first).equals(hasher.hash(Row.of(right), first));
  }

  private Indexes indexes(TableSchema schema) {
    return indexes.computeIfAbsent(schema, s -> new Indexes(find(s, columns), find(s, key)));
  }

  private static int[] find(TableSchema schema, List<String> names) {
    int[] found = new int[names.size()];
    for (int i = 0; i < found.length; i++) {
      found[i] = schema.indexOf(names.get(i));
      if (found[i] < 0) {
        throw new MissingColumnException(names.get(i));
      }
    }
    return found;
  }

  /** A layout lacks a column that is compared: the table's definition is changing right now. */
  static final class MissingColumnException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    MissingColumnException(String column) {
      super("Column '" + column + "' is missing");
    }
  }
}
