package io.firn.lake.layout;

import io.firn.lake.table.WriteMode;
import io.firn.model.error.ConfigurationException;
import io.firn.model.schema.Column;
import io.firn.model.schema.TableSchema;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.TypeUtil;
import org.apache.iceberg.types.Types;

/** The Iceberg schema that a table is created with. */
public final class InitialSchema {
  private InitialSchema() {}

  /**
   * The schema of a new table: the announced columns in order with ids from 1, comments as docs;
   * the key as identifier fields where keys are unique; the columns that the mode adds behind.
   *
   * <p>Key columns are required even if the source allows NULL in them. A key with a FLOAT or
   * DOUBLE column is not declared, because Iceberg refuses such identifier fields; the pipeline
   * still keeps one row per key.
   *
   * @throws ConfigurationException if a column has the name of one that the mode adds, or a type
   *     that a table cannot have
   */
  public static Schema of(TableSchema announced, WriteMode mode) {
    AtomicInteger lastId = new AtomicInteger();
    List<Types.NestedField> fields = new ArrayList<>();
    for (Column column : announced.columns()) {
      boolean isKey = mode.isKeyed() && announced.primaryKey().contains(column.name());
      int id = lastId.incrementAndGet();
      fields.add(
          Types.NestedField.builder()
              .withId(id)
              .withName(column.name())
              .isOptional(column.optional() && !isKey)
              .ofType(withoutNesting(announced, column))
              .withDoc(column.comment())
              .build());
    }
    requireNoAddedNames(announced, mode);
    for (Types.NestedField field : mode.columns()) {
      fields.add(field.withFieldId(lastId.incrementAndGet()));
    }
    return mode.hasUniqueKeys()
        ? new Schema(fields, identifierIds(fields, announced.primaryKey()))
        : new Schema(fields);
  }

  /** Refuses source columns that are named like one that the mode adds. */
  static void requireNoAddedNames(TableSchema announced, WriteMode mode) {
    for (Types.NestedField field : mode.columns()) {
      if (announced.indexOf(field.name()) >= 0) {
        throw new ConfigurationException(
            "Table "
                + announced.table()
                + " cannot be written in mode '"
                + mode.text()
                + "': it has a column '"
                + field.name()
                + "', which the mode needs for itself; rename it in a projection");
      }
    }
  }

  private static Type withoutNesting(TableSchema announced, Column column) {
    if (!column.type().isPrimitiveType()) {
      throw new ConfigurationException(
          "Column '"
              + column.name()
              + "' of "
              + announced.table()
              + " cannot be stored: its type is '"
              + column.type()
              + "'; leave it out in a projection");
    }
    return column.type();
  }

  private static Set<Integer> identifierIds(
      List<Types.NestedField> fields, List<String> primaryKey) {
    Set<Integer> ids = new HashSet<>();
    for (Types.NestedField field : fields) {
      if (primaryKey.contains(field.name())) {
        if (!canIdentify(field.type())) {
          return Set.of();
        }
        ids.add(field.fieldId());
      }
    }
    return ids;
  }

  /** Whether Iceberg accepts a field of this type as an identifier field. */
  static boolean canIdentify(Type type) {
    return type.isPrimitiveType()
        && type.typeId() != Type.TypeID.FLOAT
        && type.typeId() != Type.TypeID.DOUBLE;
  }

  /** Whether rows of type {@code from} may go into a column of type {@code to}. */
  static boolean widens(Type from, Type to) {
    return to.isPrimitiveType() && TypeUtil.isPromotionAllowed(from, to.asPrimitiveType());
  }
}
