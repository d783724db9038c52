package io.firn.dsl.transform;

import io.firn.dsl.FakeEnvironment;
import io.firn.dsl.PipelineFile;
import io.firn.dsl.Planner;
import io.firn.dsl.plan.PipelinePlan;
import io.firn.model.row.Operation;
import io.firn.model.row.Row;
import io.firn.model.row.RowChange;
import io.firn.model.schema.Column;
import io.firn.model.schema.TableId;
import io.firn.model.schema.TableSchema;
import io.firn.model.stream.SchemaChange;
import io.firn.model.stream.SourcePosition;
import io.firn.model.transform.Transform;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A plan for some tables and one transform of it, fed by a test. */
final class Scenario {
  private final Map<TableId, TableSchema> current = new HashMap<>();
  private final PipelinePlan plan;
  private final Transform transform;
  private long row;

  Scenario(String rules, TableSchema... tables) {
    for (TableSchema table : tables) {
      current.put(table.table(), table);
    }
    String file =
        """
        source:
          type: mysql
          hostname: h
          username: u
          password: p
          tables: db.\\.*
        sink:
          type: iceberg
          catalog.properties.type: hadoop
        """
            + rules.stripIndent();
    plan =
        Planner.plan(
                PipelineFile.parse("test.yaml", file, FakeEnvironment.empty()).orThrow(), current)
            .orThrow();
    transform = new RuleTransform(plan, () -> 1_000L);
  }

  PipelinePlan plan() {
    return plan;
  }

  static TableId id(String table) {
    return new TableId("db", table);
  }

  private SchemaChange.Origin origin(TableId table, String statement) {
    return new SchemaChange.Origin(
        table, SourcePosition.binlog("binlog.000001", 4, ++row, null), statement, "{}");
  }

  List<SchemaChange> create(String table) {
    TableSchema schema = current.get(id(table));
    return transform.apply(new SchemaChange.CreateTable(schema, origin(id(table), "")));
  }

  List<SchemaChange> create(TableSchema schema) {
    current.put(schema.table(), schema);
    return transform.apply(
        new SchemaChange.CreateTable(schema, origin(schema.table(), "CREATE TABLE")));
  }

  List<SchemaChange> snapshotTruncate(String table) {
    return transform.apply(
        new SchemaChange.TruncateTable(current.get(id(table)), origin(id(table), "")));
  }

  List<SchemaChange> truncate(String table) {
    return transform.apply(
        new SchemaChange.TruncateTable(current.get(id(table)), origin(id(table), "TRUNCATE")));
  }

  List<SchemaChange> drop(String table) {
    return transform.apply(
        new SchemaChange.DropTable(current.get(id(table)), origin(id(table), "DROP TABLE")));
  }

  List<SchemaChange> addColumn(String table, Column column) {
    TableSchema old = current.get(id(table));
    List<Column> columns = new ArrayList<>(old.columns());
    columns.add(column);
    TableSchema after = new TableSchema(old.table(), columns, old.primaryKey());
    current.put(old.table(), after);
    return transform.apply(
        new SchemaChange.AddColumns(
            after, List.of(column.name()), origin(old.table(), "ALTER TABLE ADD")));
  }

  List<SchemaChange> dropColumn(String table, String name) {
    TableSchema old = current.get(id(table));
    List<Column> columns = old.columns().stream().filter(c -> !c.name().equals(name)).toList();
    TableSchema after = new TableSchema(old.table(), columns, old.primaryKey());
    current.put(old.table(), after);
    return transform.apply(
        new SchemaChange.DropColumns(
            after, List.of(name), origin(old.table(), "ALTER TABLE DROP " + name)));
  }

  List<SchemaChange> renameColumn(String table, String from, String to) {
    TableSchema old = current.get(id(table));
    List<Column> columns =
        old.columns().stream().map(c -> c.name().equals(from) ? c.withName(to) : c).toList();
    List<String> key = old.primaryKey().stream().map(k -> k.equals(from) ? to : k).toList();
    TableSchema after = new TableSchema(old.table(), columns, key);
    current.put(old.table(), after);
    return transform.apply(
        new SchemaChange.RenameColumns(
            after, Map.of(from, to), origin(old.table(), "ALTER TABLE RENAME")));
  }

  List<SchemaChange> alterColumn(String table, Column column) {
    TableSchema old = current.get(id(table));
    List<Column> columns =
        old.columns().stream().map(c -> c.name().equals(column.name()) ? column : c).toList();
    TableSchema after = new TableSchema(old.table(), columns, old.primaryKey());
    current.put(old.table(), after);
    return transform.apply(
        new SchemaChange.AlterColumns(
            after, List.of(column.name()), origin(old.table(), "ALTER TABLE MODIFY")));
  }

  List<RowChange> insert(String table, Object... values) {
    return apply(table, Operation.INSERT, null, Row.of(values));
  }

  List<RowChange> read(String table, Object... values) {
    return apply(table, Operation.READ, null, Row.of(values));
  }

  List<RowChange> delete(String table, Object... values) {
    return apply(table, Operation.DELETE, Row.of(values), null);
  }

  List<RowChange> update(String table, Row before, Row after) {
    return apply(table, Operation.UPDATE, before, after);
  }

  private List<RowChange> apply(String table, Operation operation, Row before, Row after) {
    List<RowChange> out = new ArrayList<>();
    transform.apply(
        new RowChange(
            current.get(id(table)),
            operation,
            before,
            after,
            new RowChange.Meta(
                SourcePosition.binlog("binlog.000001", 4, ++row, null), null, 7_000_000L)),
        out::add);
    return out;
  }

  /** A change as text: operation, before and after. */
  static String text(RowChange change) {
    return change.operation()
        + " "
        + change.table()
        + (change.before() == null ? "" : " " + change.before())
        + (change.after() == null ? "" : " -> " + change.after());
  }

  static List<String> texts(List<RowChange> changes) {
    return changes.stream().map(Scenario::text).toList();
  }

  /** A schema change as text: kind, what it names, and the columns after it. */
  static String name(SchemaChange change) {
    String what =
        change instanceof SchemaChange.AddColumns add
            ? add.columns().toString()
            : change instanceof SchemaChange.DropColumns drop
                ? drop.columns().toString()
                : change instanceof SchemaChange.RenameColumns rename
                    ? rename.names().toString()
                    : change instanceof SchemaChange.AlterColumns alter
                        ? alter.columns().toString()
                        : "";
    return change.getClass().getSimpleName()
        + what
        + " "
        + change.table()
        + change.schemaAfter().columns().stream()
            .map(c -> c.name() + " " + c.type() + (c.optional() ? "" : "!"))
            .toList();
  }

  static List<String> names(List<SchemaChange> changes) {
    return changes.stream().map(Scenario::name).toList();
  }
}
