package io.firn.source.ddl;

import io.debezium.connector.mariadb.antlr.MariaDbAntlrDdlParser;
import io.debezium.connector.mysql.antlr.MySqlAntlrDdlParser;
import io.debezium.relational.Table;
import io.debezium.relational.TableEditor;
import io.debezium.relational.Tables;
import io.debezium.relational.ddl.DdlParser;
import io.debezium.text.MultipleParsingExceptions;
import io.debezium.text.ParsingException;
import io.firn.model.error.InconsistentStateException;
import io.firn.model.error.UnsupportedChangeException;
import io.firn.model.schema.TableId;
import io.firn.model.schema.TableSchema;
import io.firn.model.stream.SchemaChange;
import io.firn.model.stream.SchemaChange.Origin;
import io.firn.model.stream.SourcePosition;
import io.firn.source.Flavour;
import io.firn.source.Texts;
import io.firn.source.table.TableDefinition;
import io.firn.source.type.Charsets;
import io.firn.source.type.ColumnTypes;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * The captured tables as they are at the current place of the stream; DDL is applied to them in
 * order. Debezium's parsers do the parsing; statements that name no captured table are not even
 * shown to them, so nothing they do not understand can stop the pipeline.
 *
 * <p><b>Threading</b>: one thread.
 */
public final class TableCatalog {
  /** Stands in a source state for the description of a table that was dropped. */
  private static final String DROPPED = "{\"dropped\":true}";

  private final ColumnTypes mapping;
  private final Predicate<TableId> captured;
  private final boolean lowerCaseNames;
  private final ZoneId serverZone;
  private final Map<String, String> databaseCharsets;
  private final Tables tables;
  private final DdlParser parser;
  private final Map<TableId, TableDefinition> definitions = new TreeMap<>();
  private final Set<TableId> dropped = new TreeSet<>();

  /**
   * @param captured which tables are captured, those that do not exist yet included
   * @param lowerCaseNames whether the server keeps table names in lower case
   * @param databaseCharsets by database, its default character set; under the empty name the
   *     server's; only needed for tables created without one while running
   * @param serverZone the zone in which the server writes default values of TIMESTAMP columns
   */
  public TableCatalog(
      Flavour flavour,
      ColumnTypes mapping,
      Predicate<TableId> captured,
      boolean lowerCaseNames,
      ZoneId serverZone,
      Map<String, String> databaseCharsets) {
    this.mapping = mapping;
    this.captured = captured;
    this.lowerCaseNames = lowerCaseNames;
    this.serverZone = serverZone;
    this.tables = new Tables(lowerCaseNames);
    this.databaseCharsets = new HashMap<>(databaseCharsets);
    Tables.TableFilter filter = id -> captured.test(TableDefinition.id(id));
    this.parser =
        flavour == Flavour.MYSQL
            ? new MySqlAntlrDdlParser(true, false, true, filter, mapping.charsets().registry())
            : new MariaDbAntlrDdlParser(true, false, true, filter, mapping.charsets().registry());
  }

  /** The character sets of the server. */
  public Charsets charsets() {
    return mapping.charsets();
  }

  /** The current version of a table, or null if it is not captured or does not exist. */
  public TableDefinition get(TableId table) {
    return definitions.get(table);
  }

  /** All current versions, ordered by table. */
  public List<TableDefinition> all() {
    return List.copyOf(definitions.values());
  }

  /**
   * By table, the descriptions that a source state keeps. Dropped tables are among them, so that
   * the lake does not take them for existing ones when it alone has to say what there is.
   */
  public Map<TableId, String> descriptions() {
    Map<TableId, String> descriptions = new TreeMap<>();
    definitions.forEach((id, definition) -> descriptions.put(id, definition.description()));
    dropped.forEach(id -> descriptions.put(id, DROPPED));
    return descriptions;
  }

  /** Puts back a table from its description; empty if that says that it was dropped. */
  public Optional<TableDefinition> restore(TableId table, String description) {
    if (description.equals(DROPPED)) {
      dropped.add(table);
      return Optional.empty();
    }
    TableDefinition definition = TableDefinition.restore(table, description, mapping);
    put(definition);
    return Optional.of(definition);
  }

  /**
   * Reads a table from what SHOW CREATE TABLE says.
   *
   * @throws UnsupportedChangeException if the definition cannot be parsed or has an unknown type
   */
  public TableDefinition define(TableId table, String createStatement) {
    DdlStatement statement = DdlStatement.of(createStatement, table.database(), lowerCaseNames);
    parse(table, createStatement, table.database());
    Table parsed = parsed(table);
    if (parsed == null) {
      throw new UnsupportedChangeException(
          "Reading the definition of table "
              + table
              + " failed: '"
              + Texts.quote(createStatement)
              + "' does not define it; exclude the table.");
    }
    TableDefinition definition = TableDefinition.of(withKey(parsed, statement), mapping);
    put(definition);
    return definition;
  }

  /**
   * Applies a statement of the binlog.
   *
   * @param logged the statement
   * @param position where it stands
   * @param time when it ran
   * @return what it changed for captured tables, in order; empty if nothing
   * @throws UnsupportedChangeException if it changes a captured table in a way that cannot be
   *     followed
   */
  public List<SchemaChange> apply(LoggedStatement logged, SourcePosition position, Instant time) {
    String sql = logged.inDefaultDialect();
    Change change =
        new Change(
            logged, sql, DdlStatement.of(sql, logged.database(), lowerCaseNames), position, time);
    DdlStatement statement = change.statement;
    return switch (statement.kind()) {
      case OTHER -> List.of();
      case DEFINE_DATABASE -> {
        databaseCharsets.put(
            statement.database(), statement.charset().orElseGet(() -> databaseCharsets.get("")));
        yield List.of();
      }
      case CHANGE_ROWS -> refuseRows(change);
      case TRUNCATE_TABLE -> truncate(change);
      case DROP_TABLE -> drop(statement.tables(), change);
      case DROP_DATABASE -> dropDatabase(statement.database(), change);
      case RENAME_TABLE -> rename(change);
      case CREATE_TABLE -> create(change);
      case ALTER_TABLE -> alter(change);
    };
  }

  /** A statement and where it was found; {@code sql} is in the default dialect. */
  private record Change(
      LoggedStatement logged,
      String sql,
      DdlStatement statement,
      SourcePosition position,
      Instant time) {

    Origin origin(TableDefinition definition) {
      return new Origin(
          definition.table(),
          position,
          logged.sql(),
          definition.description(),
          ChronoUnit.MICROS.between(Instant.EPOCH, time));
    }

    UnsupportedChangeException refused(TableId table, String why) {
      return new UnsupportedChangeException(
          "Following table "
              + table
              + " failed: '"
              + Texts.quote(logged.sql())
              + "' "
              + why
              + "; exclude the table or start the pipeline with a new snapshot.");
    }
  }

  private List<SchemaChange> refuseRows(Change change) {
    for (TableId id : change.statement.tables()) {
      if (definitions.containsKey(id)) {
        throw change.refused(
            id,
            "stands in the binlog instead of the rows it changed; set 'binlog_format' to ROW, for"
                + " all sessions");
      }
    }
    return List.of();
  }

  private List<SchemaChange> truncate(Change change) {
    TableDefinition definition = definitions.get(change.statement.tables().get(0));
    return definition == null
        ? List.of()
        : List.of(new SchemaChange.TruncateTable(definition.schema(), change.origin(definition)));
  }

  private List<SchemaChange> drop(List<TableId> ids, Change change) {
    List<SchemaChange> changes = new ArrayList<>();
    for (TableId id : ids) {
      TableDefinition definition = forget(id);
      if (definition != null) {
        dropped.add(id);
        changes.add(new SchemaChange.DropTable(definition.schema(), change.origin(definition)));
      }
    }
    return changes;
  }

  private TableDefinition forget(TableId id) {
    tables.removeTable(TableDefinition.id(id));
    return definitions.remove(id);
  }

  private List<SchemaChange> dropDatabase(String database, Change change) {
    List<TableId> ids =
        definitions.keySet().stream().filter(id -> id.database().equals(database)).toList();
    return drop(ids, change);
  }

  private List<SchemaChange> rename(Change change) {
    for (TableId id : change.statement.tables()) {
      if (definitions.containsKey(id) || captured.test(id)) {
        throw change.refused(id, "renames a captured table, which is not supported yet");
      }
    }
    return List.of();
  }

  /** A table begins without rows, so whatever the lake has of an older one by that name is void. */
  private List<SchemaChange> create(Change change) {
    DdlStatement statement = change.statement;
    TableId id = statement.tables().get(0);
    if (!captured.test(id) || definitions.containsKey(id) && statement.onlyIfMissing()) {
      return List.of();
    }
    refuseVersioning(change, id);
    forget(id);
    parse(id, change);
    Table parsed = parsed(id);
    if (parsed == null) {
      throw change.refused(id, "does not say what its columns are");
    }
    TableDefinition definition = TableDefinition.of(withKey(parsed, statement), mapping);
    put(definition);
    Origin origin = change.origin(definition);
    return List.of(
        new SchemaChange.CreateTable(definition.schema(), origin),
        new SchemaChange.TruncateTable(definition.schema(), origin));
  }

  private static void refuseVersioning(Change change, TableId id) {
    if (change.statement.versionsRows()) {
      throw change.refused(
          id, "makes it keep its history, and then its deletes cannot be told from updates");
    }
  }

  private List<SchemaChange> alter(Change change) {
    DdlStatement statement = change.statement;
    AlterClauses clauses = statement.clauses();
    TableId id = statement.tables().get(0);
    TableId renamedTo = statement.renamedTo();
    TableDefinition before = definitions.get(id);
    if (renamedTo != null
        && !renamedTo.equals(id)
        && (before != null || captured.test(renamedTo))) {
      throw change.refused(
          before != null ? id : renamedTo, "renames a captured table, which is not supported yet");
    }
    String bypass = clauses.rowsBypassingClause();
    for (TableId concerned : statement.tables()) {
      if (bypass != null && (definitions.containsKey(concerned) || captured.test(concerned))) {
        throw change.refused(
            concerned, "(" + bypass + ") changes rows without writing them to the binlog");
      }
    }
    if (before == null) {
      if (captured.test(id)) {
        throw new InconsistentStateException(
            "Following table "
                + id
                + " failed: '"
                + Texts.quote(change.logged.sql())
                + "' alters it, but its definition is unknown; start the pipeline with a new"
                + " snapshot.");
      }
      return List.of();
    }
    refuseVersioning(change, id);
    if (statement.ignoresErrors() && clauses.addsUniqueKey()) {
      throw change.refused(id, "deletes duplicates without writing that to the binlog");
    }
    if (!clauses.concernsColumns()) {
      return List.of();
    }
    if (clauses.redefinesGeneratedColumn()) {
      throw change.refused(
          id, "may compute the values of a column anew without writing them to the binlog");
    }
    parse(id, change);
    return change(before, altered(parsed(id), before, clauses), change);
  }

  /** What a table has become, with what Debezium's parser gets wrong put right. */
  private TableDefinition altered(Table parsed, TableDefinition before, AlterClauses clauses) {
    TableEditor editor = parsed.edit();
    for (String name : clauses.addedIfMissing()) {
      io.debezium.relational.Column old = before.source().columnWithName(name);
      if (old != null) {
        editor.updateColumn(old);
      }
    }
    Map<String, String> renames = clauses.renamedColumns();
    List<String> key =
        before.schema().primaryKey().stream()
            .map(
                name ->
                    renames.entrySet().stream()
                        .filter(rename -> rename.getKey().equalsIgnoreCase(name))
                        .map(Map.Entry::getValue)
                        .findAny()
                        .orElse(name))
            .toList();
    editor.setPrimaryKeyNames(existing(clauses.alteredKey(key), parsed));
    return TableDefinition.of(editor.create(), mapping);
  }

  private List<SchemaChange> change(TableDefinition before, TableDefinition after, Change change) {
    AlterClauses clauses = change.statement.clauses();
    boolean strict = change.logged.strict() && !change.statement.ignoresErrors();
    List<SchemaChange> changes =
        new SchemaDiff(
                before,
                after,
                clauses,
                new DefaultValues(change.time, serverZone),
                strict,
                change.origin(after))
            .changes();
    TableSchema schema =
        changes.isEmpty() ? before.schema() : changes.get(changes.size() - 1).schemaAfter();
    // Without changes the rows keep their schema instance; how they are decoded may have changed.
    put(new TableDefinition(after.source(), schema, after.types(), after.description()));
    return changes;
  }

  /** Keeps a key only if it is the primary key, and not a unique index that stands in for one. */
  private static Table withKey(Table parsed, DdlStatement statement) {
    List<String> key = statement.createdKey();
    return key == null ? parsed : parsed.edit().setPrimaryKeyNames(existing(key, parsed)).create();
  }

  /** The names of columns as the table spells them, without those that it does not have. */
  private static List<String> existing(List<String> names, Table table) {
    return names.stream()
        .map(table::columnWithName)
        .filter(Objects::nonNull)
        .map(io.debezium.relational.Column::name)
        .toList();
  }

  /** The parser's result under the table's own name, which DDL may spell in another case. */
  private Table parsed(TableId id) {
    Table table = tables.forTable(TableDefinition.id(id));
    if (table == null) {
      return null;
    }
    String charset = table.defaultCharsetName();
    if (charset == null) {
      charset = databaseCharsets.getOrDefault(id.database(), databaseCharsets.get(""));
    }
    return table.edit().tableId(TableDefinition.id(id)).setDefaultCharsetName(charset).create();
  }

  private void put(TableDefinition definition) {
    tables.overwriteTable(definition.source());
    definitions.put(definition.table(), definition);
    dropped.remove(definition.table());
  }

  private void parse(TableId id, Change change) {
    parse(id, change.sql, change.logged.database());
  }

  private void parse(TableId id, String sql, String database) {
    try {
      parser.setCurrentSchema(database);
      parser.parse(sql, tables);
    } catch (ParsingException | MultipleParsingExceptions e) {
      throw new UnsupportedChangeException(
          "Following table "
              + id
              + " failed: the statement '"
              + Texts.quote(sql)
              + "' cannot be parsed; exclude the table or start the pipeline with a new snapshot.",
          e);
    }
  }
}
