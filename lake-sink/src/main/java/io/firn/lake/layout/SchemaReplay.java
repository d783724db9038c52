package io.firn.lake.layout;

import io.firn.lake.table.TableLayout;
import io.firn.model.error.InconsistentStateException;
import io.firn.model.error.UnsupportedChangeException;
import io.firn.model.schema.Column;
import io.firn.model.schema.TableSchema;
import io.firn.model.stream.SchemaChange;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.iceberg.PartitionField;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.UpdateSchema;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.expressions.Literal;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;

/**
 * Says a schema change in the words of Iceberg's {@link UpdateSchema}.
 *
 * <p>The tasks call it on a table in memory ({@link TableLayouts}) and the committer on the real
 * one; both get the same field ids because both go through this code and through Iceberg's.
 *
 * <p><b>Rules</b>: a change that the table already shows is left alone, so every change may be
 * replayed twice. Columns are added optional, or required if a default for older rows is there. The
 * lake's column may stay wider than the source's, and optional where the source's is required.
 */
public final class SchemaReplay {
  private final UpdateSchema update;
  private final TableLayout before;
  private final TableSchema after;
  private final Set<String> added = new HashSet<>();
  private boolean changed;

  private SchemaReplay(UpdateSchema update, TableLayout before, SchemaChange change) {
    this.update = update;
    this.before = before;
    this.after = change.schemaAfter();
  }

  /**
   * Puts the steps of a change into {@code update}, which the caller commits.
   *
   * @param update an update of a table whose current schema is {@code before.schema()}
   * @param before the layout before the change
   * @param change the change
   * @return whether there are any steps; if not, {@code update} need not be committed
   * @throws UnsupportedChangeException if the change cannot be mirrored; {@code update} must then
   *     be thrown away
   */
  public static boolean replay(UpdateSchema update, TableLayout before, SchemaChange change) {
    SchemaReplay replay = new SchemaReplay(update, before, change);
    if (change instanceof SchemaChange.CreateTable) {
      replay.announce();
    } else if (change instanceof SchemaChange.AddColumns add) {
      add.columns().forEach(replay::reconcile);
    } else if (change instanceof SchemaChange.AlterColumns alter) {
      alter.columns().forEach(replay::reconcile);
    } else if (change instanceof SchemaChange.DropColumns drop) {
      drop.columns().forEach(replay::drop);
    } else if (change instanceof SchemaChange.RenameColumns rename) {
      replay.rename(rename.names());
    }
    return replay.changed;
  }

  /** Whether a change is about columns; the others are about rows or the table as a whole. */
  public static boolean concernsColumns(SchemaChange change) {
    return !(change instanceof SchemaChange.TruncateTable)
        && !(change instanceof SchemaChange.DropTable);
  }

  /**
   * Replays all changes of a checkpoint in a transaction.
   *
   * @param transaction the transaction; its table has the schema of {@code start} and gets the one
   *     of the result
   * @param start the layout before the first of the changes
   * @param changes the changes in stream order
   * @return the layout after the last one, with exactly the field ids that the tasks used
   * @throws InconsistentStateException if the table's schema is not the one that the tasks wrote
   *     for: somebody else changed it
   */
  public static TableLayout replayAll(
      Transaction transaction, TableLayout start, List<SchemaChange> changes) {
    TableLayout layout = start;
    for (SchemaChange change : changes) {
      Evolution expected = TableLayouts.apply(layout, change);
      if (expected.changed()) {
        UpdateSchema update = transaction.updateSchema();
        replay(update, layout, change);
        Schema result = update.apply();
        if (!result.sameSchema(expected.layout().schema())) {
          throw new InconsistentStateException(
              "The schema of "
                  + change.table()
                  + " was changed by somebody else: expected '"
                  + quote(expected.layout().schema())
                  + "', found '"
                  + quote(result)
                  + "'; undo that change, then start again");
        }
        update.commit();
      }
      layout = expected.layout();
    }
    return layout;
  }

  private void announce() {
    InitialSchema.requireNoAddedNames(after, before.mode());
    for (Column column : after.columns()) {
      reconcile(column.name());
    }
    for (Types.NestedField field : before.schema().columns()) {
      if (after.indexOf(field.name()) < 0 && before.mode().indexOf(field.name()) < 0) {
        makeOptional(field);
      }
    }
    for (Types.NestedField field : before.mode().columns()) {
      if (field(field.name()) == null) {
        // Rows that are there already have no such value, so the column cannot be required.
        update.addColumn(null, field.name(), field.type());
        changed = true;
      }
    }
  }

  /** Makes the lake's column able to hold the source's. */
  private void reconcile(String name) {
    int index = after.indexOf(name);
    if (index < 0) {
      // Added and dropped again by one statement.
      return;
    }
    Column column = after.columns().get(index);
    Types.NestedField field = field(name);
    if (before.mode().indexOf(name) >= 0) {
      throw refuse(
          name,
          "write mode '" + before.mode().text() + "' needs a column of that name for itself",
          "rename it at the source, or in a projection");
    }
    if (field == null) {
      add(column, index);
      return;
    }
    if (!field.type().equals(column.type()) && !InitialSchema.widens(column.type(), field.type())) {
      widen(field, column);
    }
    if (column.optional()) {
      makeOptional(field);
    }
    if (column.comment() != null && !column.comment().equals(field.doc())) {
      update.updateColumnDoc(name, column.comment());
      changed = true;
    }
  }

  private void add(Column column, int index) {
    String name = column.name();
    if (!column.type().isPrimitiveType()) {
      throw refuse(name, "its type is '" + column.type() + "'", "leave it out in a projection");
    }
    if (before.mode().isKeyed() && after.primaryKey().contains(name)) {
      throw refuse(
          name,
          "it is part of the primary key and the table in the lake does not have it",
          "write to a new table");
    }
    Object initial = column.initialDefault();
    if (initial != null && before.formatVersion() < 3) {
      throw refuse(
          name,
          "existing rows have the value '"
              + quote(initial)
              + "' in it, which format version "
              + before.formatVersion()
              + " cannot say",
          "create the table with the table property 'format-version' = '3'");
    }
    if (initial == null) {
      update.addColumn(null, name, column.type(), column.comment());
    } else {
      Literal<?> literal = Expressions.lit(initial);
      if (column.optional()) {
        update.addColumn(null, name, column.type(), column.comment(), literal);
      } else {
        update.addRequiredColumn(null, name, column.type(), column.comment(), literal);
      }
    }
    if (index == 0) {
      update.moveFirst(name);
    } else {
      String neighbour = after.columns().get(index - 1).name();
      if (field(neighbour) != null || added.contains(neighbour)) {
        update.moveAfter(name, neighbour);
      }
    }
    added.add(name);
    changed = true;
  }

  private void widen(Types.NestedField field, Column column) {
    String name = column.name();
    String types = "its type changed from '" + field.type() + "' to '" + column.type() + "'";
    if (!InitialSchema.widens(field.type(), column.type())) {
      throw refuse(
          name,
          types + ", and Iceberg has no such widening",
          "read the table anew into another target table");
    }
    if (isKey(name) && column.type().typeId() == Type.TypeID.DOUBLE) {
      throw refuse(
          name, types + " and it is part of the key", "read the table anew into another table");
    }
    for (PartitionField partition : before.spec().fields()) {
      boolean decimal = column.type().typeId() == Type.TypeID.DECIMAL;
      if (partition.sourceId() == field.fieldId()
          && !decimal
          && !partition
              .transform()
              .getResultType(field.type())
              .equals(partition.transform().getResultType(column.type()))) {
        throw refuse(
            name,
            types + " and the table is partitioned by it",
            "read the table anew into another table");
      }
    }
    update.updateColumn(name, column.type().asPrimitiveType());
    changed = true;
  }

  private void makeOptional(Types.NestedField field) {
    if (field.isOptional()) {
      return;
    }
    if (before.schema().identifierFieldIds().contains(field.fieldId())) {
      if (isKey(field.name())) {
        // The values of a key are never NULL, whatever the column allows.
        return;
      }
      throw refuse(
          field.name(),
          "it is part of the table's key in the lake and no longer of the source's",
          "read the table anew into another target table");
    }
    update.makeColumnOptional(field.name());
    changed = true;
  }

  private void drop(String name) {
    Types.NestedField field = field(name);
    if (field == null) {
      return;
    }
    if (before.schema().identifierFieldIds().contains(field.fieldId()) || isKey(name)) {
      throw refuse(
          name, "it is part of the key", "read the table anew into another table with its new key");
    }
    if (before.spec().fields().stream().anyMatch(p -> p.sourceId() == field.fieldId())) {
      throw refuse(
          name,
          "the table in the lake is partitioned by it",
          "change the table's partitioning first, then start again");
    }
    update.deleteColumn(name);
    changed = true;
  }

  private void rename(Map<String, String> names) {
    Map<String, String> effective = new java.util.TreeMap<>();
    for (Map.Entry<String, String> entry : names.entrySet()) {
      String from = entry.getKey();
      String to = entry.getValue();
      if (field(from) == null) {
        if (field(to) == null) {
          throw refuse(from, "the table in the lake does not have it", "read the table anew");
        }
        continue; // renamed already
      }
      if (field(to) != null && !names.containsKey(to)) {
        throw refuse(
            from,
            "its new name '" + quote(to) + "' is that of another column in the lake",
            "rename or drop that column in the lake, then start again");
      }
      effective.put(from, to);
    }
    if (effective.isEmpty()) {
      return;
    }
    effective.forEach(update::renameColumn);
    List<String> identifiers = new ArrayList<>();
    for (String identifier : before.schema().identifierFieldNames()) {
      identifiers.add(effective.getOrDefault(identifier, identifier));
    }
    // Iceberg follows single renames by itself, but loses a name when two of them swap.
    update.setIdentifierFields(identifiers);
    changed = true;
  }

  private Types.NestedField field(String name) {
    return before.schema().asStruct().field(name);
  }

  private boolean isKey(String name) {
    return before.mode().isKeyed()
        && (before.source().primaryKey().contains(name) || after.primaryKey().contains(name));
  }

  private UnsupportedChangeException refuse(String column, String cause, String advice) {
    return new UnsupportedChangeException(
        "The change of column '"
            + quote(column)
            + "' of "
            + after.table()
            + " cannot be mirrored: "
            + cause
            + "; "
            + advice);
  }

  /** Cuts a value to 200 characters and makes control characters visible. */
  private static String quote(Object value) {
    String text = String.valueOf(value);
    StringBuilder quoted = new StringBuilder();
    for (int i = 0; i < Math.min(200, text.length()); i++) {
      char c = text.charAt(i);
      quoted.append(Character.isISOControl(c) ? String.format("\\u%04x", (int) c) : c);
    }
    return quoted.toString();
  }
}
