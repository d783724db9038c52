package io.firn.lake.table;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.iceberg.types.Types;

/** How changes become rows of a table. */
public enum WriteMode {
  /** One row per key, the latest; superseded rows are marked deleted. Needs a primary key. */
  UPSERT(true, List.of()),
  /**
   * Every change is appended as rows of a change log with the columns {@link ChangeLogColumns}; an
   * update gives two rows, its before and its after image.
   */
  APPEND(false, ChangeLogColumns.ALL),
  /** The same change log without before images: an update gives one row. */
  APPEND_AFTER(false, ChangeLogColumns.ALL),
  /**
   * One row per key, also of keys that were deleted: those rows stay as they were last, marked in
   * the columns {@link DeletionColumns}. Needs a primary key.
   */
  SOFT_DELETE(true, DeletionColumns.ALL),
  /**
   * Every version that a row ever had, with the time of its validity in the columns {@link
   * ValidityColumns}. Needs a primary key.
   */
  HISTORY(true, ValidityColumns.ALL);

  private final boolean keyed;
  private final List<Types.NestedField> columns;

  WriteMode(boolean keyed, List<Types.NestedField> columns) {
    this.keyed = keyed;
    this.columns = columns;
  }

  /** Whether rows are found again by their key, so that the source must have one. */
  public boolean isKeyed() {
    return keyed;
  }

  /** Whether the table is a change log. */
  public boolean isChangeLog() {
    return !keyed;
  }

  /** Whether no two rows of the table have the same key. */
  public boolean hasUniqueKeys() {
    return this == UPSERT || this == SOFT_DELETE;
  }

  /** The columns that the mode adds behind those of the source. */
  public List<Types.NestedField> columns() {
    return columns;
  }

  /** Number of an added column, from 0; -1 if the mode adds no such column. */
  public int indexOf(String column) {
    for (int i = 0; i < columns.size(); i++) {
      if (columns.get(i).name().equals(column)) {
        return i;
      }
    }
    return -1;
  }

  /** The mode's name in pipeline files and table properties, such as {@code soft-delete}. */
  public String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The mode of a name; empty if there is none of that name. */
  public static Optional<WriteMode> of(String text) {
    for (WriteMode mode : values()) {
      if (mode.text().equals(text)) {
        return Optional.of(mode);
      }
    }
    return Optional.empty();
  }
}
