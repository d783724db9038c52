package io.firn.dsl.table;

import java.util.Locale;

/** How changes become rows of a target table. */
public enum WriteMode {
  /** One row per key, the latest. */
  UPSERT(true),
  /** A change log with before and after images. */
  APPEND(false),
  /** A change log without before images. */
  APPEND_AFTER(false),
  /** One row per key; those of deleted keys stay, marked. */
  SOFT_DELETE(true),
  /** Every version of every row, with the time of its validity. */
  HISTORY(true);

  private final boolean needsKey;

  WriteMode(boolean needsKey) {
    this.needsKey = needsKey;
  }

  /** Whether the target must have a key. */
  public boolean needsKey() {
    return needsKey;
  }

  /** Whether rows that are no more stay in the table, as they were. */
  public boolean keepsOldRows() {
    return this == SOFT_DELETE || this == HISTORY;
  }

  /** The mode as it is written, such as {@code soft-delete}. */
  public String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  @Override
  public String toString() {
    return text();
  }
}
