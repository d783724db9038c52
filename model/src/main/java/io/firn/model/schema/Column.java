package io.firn.model.schema;

import java.util.Objects;
import org.apache.iceberg.types.Type;

/**
 * One column of a {@link TableSchema}.
 *
 * @param name the name as the source spells it
 * @param type the Iceberg type of the column; field ids inside it carry no meaning here
 * @param optional whether NULL is allowed
 * @param comment the source's comment on the column, or null
 * @param initialDefault the value, in Iceberg's internal representation, that rows written before
 *     the column existed have in it; null for none. MySQL fills existing rows with a new column's
 *     default without writing them to the binlog, so this is the only trace of it.
 */
public record Column(
    String name, Type type, boolean optional, String comment, Object initialDefault) {

  /** Checks that name and type are there. */
  public Column {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(type, "type");
  }

  /** A column without comment and without default for older rows. */
  public static Column of(String name, Type type, boolean optional) {
    return new Column(name, type, optional, null, null);
  }

  /** The same column under another name. */
  public Column withName(String newName) {
    return new Column(newName, type, optional, comment, initialDefault);
  }
}
