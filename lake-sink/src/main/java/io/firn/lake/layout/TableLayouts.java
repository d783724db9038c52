package io.firn.lake.layout;

import io.firn.lake.table.ChangeLogColumns;
import io.firn.lake.table.TableLayout;
import io.firn.lake.table.WriteMode;
import io.firn.model.error.ConfigurationException;
import io.firn.model.error.UnsupportedChangeException;
import io.firn.model.schema.TableSchema;
import io.firn.model.stream.SchemaChange;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableUtil;
import org.apache.iceberg.UpdateSchema;
import org.apache.iceberg.exceptions.ValidationException;

/**
 * The layouts of a table along its schema changes, as pure functions: the same start and the same
 * changes give the same layouts, in every task and in the committer.
 */
public final class TableLayouts {
  private TableLayouts() {}

  /**
   * The layout of a table as it stands, before its announcement is applied: rows may be written
   * only after {@link #apply} of the announcement.
   *
   * @param table the table as loaded from the catalog
   * @param announced what the source says about it
   * @param mode how changes become rows
   * @throws ConfigurationException if the table's key or columns do not go with the source and mode
   */
  public static TableLayout adopt(Table table, TableSchema announced, WriteMode mode) {
    Schema schema = table.schema();
    if (mode.isKeyed()) {
      if (!announced.hasPrimaryKey()) {
        throw new ConfigurationException(
            "Table "
                + announced.table()
                + " cannot be kept by key: the source announces none; give it 'primary-keys' in a"
                + " transform rule");
      }
      if (TableUtil.formatVersion(table) < 2) {
        throw new ConfigurationException(
            "Table "
                + announced.table()
                + " cannot be kept by key: in the lake it has format version 1, which knows no"
                + " deletes; set the table property 'format-version' = '2' or '3'");
      }
      if (schema.asStruct().field(ChangeLogColumns.OPERATION) != null) {
        throw new ConfigurationException(
            "Table "
                + announced.table()
                + " cannot be kept by key: in the lake it is a change log, with the column '"
                + ChangeLogColumns.OPERATION
                + "'; write to another table");
      }
      Set<String> key = schema.identifierFieldNames();
      if (!key.isEmpty() && !key.equals(new HashSet<>(announced.primaryKey()))) {
        throw new ConfigurationException(
            "Table "
                + announced.table()
                + " cannot be taken over: its key in the lake is "
                + key
                + ", the source's is "
                + announced.primaryKey()
                + "; write to another table, or set the table's identifier fields");
      }
    }
    int lastColumnId = ((HasTableOperations) table).operations().current().lastColumnId();
    return new TableLayout(
        announced, schema, lastColumnId, table.spec(), mode, TableUtil.formatVersion(table));
  }

  /**
   * The layout after a change.
   *
   * @throws UnsupportedChangeException if the change cannot be mirrored
   */
  public static Evolution apply(TableLayout layout, SchemaChange change) {
    requireSameKey(layout, change);
    InMemoryTableOperations operations = new InMemoryTableOperations(layout);
    try {
      UpdateSchema update = new BaseTable(operations, "layout").updateSchema();
      if (!SchemaReplay.replay(update, layout, change)) {
        return new Evolution(layout.withSource(change.schemaAfter()), false);
      }
      update.commit();
      Schema schema = operations.current().schema();
      PartitionSpec spec = layout.spec().toUnbound().bind(schema);
      boolean changed =
          !schema.sameSchema(layout.schema())
              || operations.current().lastColumnId() != layout.lastColumnId();
      return new Evolution(
          new TableLayout(
              change.schemaAfter(),
              schema,
              operations.current().lastColumnId(),
              spec,
              layout.mode(),
              layout.formatVersion()),
          changed);
    } catch (ValidationException | IllegalArgumentException | IllegalStateException e) {
      throw new UnsupportedChangeException(
          "A schema change of "
              + change.table()
              + " cannot be mirrored: Iceberg refuses it ("
              + e.getMessage()
              + "); read the table anew into another target table",
          e);
    }
  }

  private static void requireSameKey(TableLayout layout, SchemaChange change) {
    if (!layout.mode().isKeyed()) {
      return;
    }
    List<String> key = layout.source().primaryKey();
    if (change instanceof SchemaChange.RenameColumns rename) {
      key = key.stream().map(name -> rename.names().getOrDefault(name, name)).toList();
    }
    if (!key.equals(change.schemaAfter().primaryKey())) {
      throw new UnsupportedChangeException(
          "The new primary key of "
              + change.table()
              + " cannot be mirrored: it was "
              + key
              + " and is now "
              + change.schemaAfter().primaryKey()
              + "; read the table anew into another target table");
    }
  }
}
