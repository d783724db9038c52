package io.firn.source.connect;

import io.firn.model.schema.TableId;

/** Names as they are written in SQL. */
public final class Names {
  private Names() {}

  /** A quoted identifier. */
  public static String quote(String name) {
    return "`" + name.replace("`", "``") + "`";
  }

  /** A quoted, qualified table name. */
  public static String quote(TableId table) {
    return quote(table.database()) + "." + quote(table.name());
  }
}
