package io.firn.model.schema;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The layout of a table's rows at one moment: its columns in order and its primary key.
 *
 * <p>An instance stands for one schema version. Rows refer to it by identity, so code that compiles
 * something per schema may cache by identity.
 *
 * <p><b>Threading</b>: immutable.
 */
public final class TableSchema {
  private final TableId table;
  private final List<Column> columns;
  private final List<String> primaryKey;
  private final Map<String, Integer> indexByName;
  private final int[] keyIndexes;

  /**
   * @param table the table
   * @param columns its columns, in order; names must be unique, compared case-sensitively
   * @param primaryKey names of the key columns in key order; empty for a table without a key
   * @throws IllegalArgumentException for duplicate columns and for key columns that do not exist
   */
  public TableSchema(TableId table, List<Column> columns, List<String> primaryKey) {
    this.table = table;
    this.columns = List.copyOf(columns);
    this.primaryKey = List.copyOf(primaryKey);
    this.indexByName = new HashMap<>();
    for (int i = 0; i < this.columns.size(); i++) {
      if (indexByName.put(this.columns.get(i).name(), i) != null) {
        throw new IllegalArgumentException(
            "Table " + table + " has two columns named '" + this.columns.get(i).name() + "'");
      }
    }
    this.keyIndexes = new int[this.primaryKey.size()];
    for (int i = 0; i < keyIndexes.length; i++) {
      Integer index = indexByName.get(this.primaryKey.get(i));
      if (index == null) {
        throw new IllegalArgumentException(
            "Key column '" + this.primaryKey.get(i) + "' is not a column of " + table);
      }
      keyIndexes[i] = index;
    }
  }

  /** The table whose rows these are. */
  public TableId table() {
    return table;
  }

  /** The columns in row order. */
  public List<Column> columns() {
    return columns;
  }

  /** Names of the key columns in key order; empty for a table without a key. */
  public List<String> primaryKey() {
    return primaryKey;
  }

  /** Whether the table has a primary key. */
  public boolean hasPrimaryKey() {
    return keyIndexes.length > 0;
  }

  /**
   * Row positions of the key columns in key order. The array is shared for speed and must not be
   * changed.
   */
  public int[] keyIndexes() {
    return keyIndexes;
  }

  /** Row position of a column, or -1 if there is no such column. */
  public int indexOf(String columnName) {
    Integer index = indexByName.get(columnName);
    return index == null ? -1 : index;
  }

  /** The same columns and key under another table's name. */
  public TableSchema withTable(TableId other) {
    return new TableSchema(other, columns, primaryKey);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TableSchema that
        && table.equals(that.table)
        && columns.equals(that.columns)
        && primaryKey.equals(that.primaryKey);
  }

  @Override
  public int hashCode() {
    return 31 * table.hashCode() + columns.hashCode();
  }

  @Override
  public String toString() {
    return table + columns.toString() + " key " + primaryKey;
  }
}
