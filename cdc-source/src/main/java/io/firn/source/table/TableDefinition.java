package io.firn.source.table;

import io.debezium.document.DocumentReader;
import io.debezium.document.DocumentWriter;
import io.debezium.relational.Table;
import io.debezium.relational.TableEditor;
import io.debezium.relational.history.JsonTableChangeSerializer;
import io.debezium.relational.history.TableChanges.TableChange;
import io.debezium.relational.history.TableChanges.TableChangeType;
import io.firn.model.error.InconsistentStateException;
import io.firn.model.schema.Column;
import io.firn.model.schema.TableId;
import io.firn.model.schema.TableSchema;
import io.firn.source.type.ColumnKind;
import io.firn.source.type.ColumnType;
import io.firn.source.type.ColumnTypes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * One version of a source table: Debezium's description, Firn's schema, and the types by which
 * values are decoded, all with the columns in the same order.
 *
 * <p><b>Invariants</b>: every character column of {@code source} names its character set, so that a
 * later change of a default does not change the meaning of older columns.
 *
 * @param source Debezium's description of the table
 * @param schema the layout of the rows
 * @param types per column, how its values are decoded
 * @param description the text kept in checkpoints and in the lake, from which {@link #restore}
 *     makes an equal definition
 */
public record TableDefinition(
    Table source, TableSchema schema, List<ColumnType> types, String description) {

  /** Makes the definition for Debezium's description of a table. */
  public static TableDefinition of(Table table, ColumnTypes mapping) {
    Table explicit = withExplicitCharsets(table);
    TableId id = id(table.id());
    Set<String> key = new HashSet<>(explicit.primaryKeyColumnNames());
    List<ColumnType> types = new ArrayList<>();
    List<Column> columns = new ArrayList<>();
    for (io.debezium.relational.Column column : explicit.columns()) {
      ColumnType type = mapping.of(column, id);
      types.add(type);
      boolean optional =
          !key.contains(column.name()) && (column.isOptional() || mayBeZeroDate(type.kind()));
      String comment =
          !mapping.comments() || column.comment() == null || column.comment().isEmpty()
              ? null
              : column.comment();
      columns.add(new Column(column.name(), type.icebergType(), optional, comment, null));
    }
    return new TableDefinition(
        explicit,
        new TableSchema(id, columns, explicit.primaryKeyColumnNames()),
        List.copyOf(types),
        describe(explicit));
  }

  /**
   * Reads what {@link #description} holds.
   *
   * @throws InconsistentStateException if the text is something else
   */
  public static TableDefinition restore(TableId id, String description, ColumnTypes mapping) {
    try {
      TableChange change =
          JsonTableChangeSerializer.fromDocument(
              DocumentReader.defaultReader().read(description), true);
      return of(change.getTable(), mapping);
    } catch (IOException | RuntimeException e) {
      throw new InconsistentStateException(
          "Reading the source's description of table "
              + id
              + " failed: "
              + e.getMessage()
              + "; the checkpoint is damaged or was written by another version.",
          e);
    }
  }

  /** Firn's name for Debezium's. */
  public static TableId id(io.debezium.relational.TableId id) {
    return new TableId(id.catalog(), id.table());
  }

  /** Debezium's name for Firn's. */
  public static io.debezium.relational.TableId id(TableId id) {
    return new io.debezium.relational.TableId(id.database(), null, id.name());
  }

  /** The table. */
  public TableId table() {
    return schema.table();
  }

  /** The column names in order. */
  public List<String> columnNames() {
    return schema.columns().stream().map(Column::name).toList();
  }

  /** Zero dates become NULL, so a NOT NULL at the source does not hold for these in the lake. */
  private static boolean mayBeZeroDate(ColumnKind kind) {
    return kind == ColumnKind.DATE || kind == ColumnKind.DATETIME || kind == ColumnKind.TIMESTAMP;
  }

  private static Table withExplicitCharsets(Table table) {
    TableEditor editor = table.edit();
    String tableCharset =
        table.defaultCharsetName() == null ? "utf8mb4" : table.defaultCharsetName();
    editor.setDefaultCharsetName(tableCharset);
    for (io.debezium.relational.Column column : table.columns()) {
      String type = column.typeName().toUpperCase(Locale.ROOT);
      boolean character = type.contains("CHAR") || type.contains("TEXT");
      if (character && (column.charsetName() == null || column.charsetName().isEmpty())) {
        editor.updateColumn(column.edit().charsetName(tableCharset).create());
      }
    }
    return editor.create();
  }

  private static String describe(Table table) {
    try {
      return DocumentWriter.defaultWriter()
          .write(
              new JsonTableChangeSerializer()
                  .toDocument(new TableChange(TableChangeType.CREATE, table)));
    } catch (IOException e) {
      throw new IllegalStateException("Writing the description of " + table.id() + " failed", e);
    }
  }
}
