package io.firn.source.ddl;

import io.debezium.connector.mariadb.antlr.MariaDbAntlrDdlParser;
import io.debezium.connector.mysql.antlr.MySqlAntlrDdlParser;
import io.debezium.relational.Table;
import io.debezium.relational.Tables;
import io.debezium.relational.ddl.DdlParser;
import io.debezium.text.MultipleParsingExceptions;
import io.debezium.text.ParsingException;
import io.firn.model.error.InconsistentStateException;
import io.firn.model.error.UnsupportedChangeException;
import io.firn.model.schema.TableId;
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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * The captured tables as they are at the current place of the stream; DDL is applied to them in
 * order. Debezium's parsers do the parsing; statements that name no captured table are not even
 * shown to them, so nothing they do not understand can stop the pipeline.
 *
 * <p><b>Threading</b>: one thread.
 */
public final class TableCatalog {
  private final ColumnTypes mapping;
  private final Predicate<TableId> captured;
  private final boolean lowerCaseNames;
  private final ZoneId serverZone;
  private final Map<String, String> databaseCharsets;
  private final Tables tables;
  private final DdlParser parser;
  private final Map<TableId, TableDefinition> definitions = new TreeMap<>();

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

  /** By table, the descriptions that a source state keeps. */
  public Map<TableId, String> descriptions() {
    Map<TableId, String> descriptions = new TreeMap<>();
    definitions.forEach((id, definition) -> descriptions.put(id, definition.description()));
    return descriptions;
  }

  /** Puts back a table from its description. */
  public TableDefinition restore(TableId table, String description) {
    TableDefinition definition = TableDefinition.restore(table, description, mapping);
    put(definition);
    return definition;
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
    TableDefinition definition = TableDefinition.of(realKeyOnly(parsed, statement), mapping);
    put(definition);
    return definition;
  }

  /**
   * Applies a statement of the binlog.
   *
   * @param sql the statement
   * @param database the session's current database
   * @param position where it stands
   * @param time when it ran
   * @return what it changed for captured tables, in order; empty if nothing
   * @throws UnsupportedChangeException if it changes a captured table in a way that cannot be
   *     followed
   */
  public List<SchemaChange> apply(
      String sql, String database, SourcePosition position, Instant time) {
    DdlStatement statement = DdlStatement.of(sql, database, lowerCaseNames);
    return switch (statement.kind()) {
      case OTHER -> List.of();
      case DEFINE_DATABASE -> {
        databaseCharsets.put(
            statement.database(), statement.charset().orElseGet(() -> databaseCharsets.get("")));
        yield List.of();
      }
      case TRUNCATE_TABLE -> truncate(statement, sql, position);
      case DROP_TABLE -> drop(statement.tables(), sql, position);
      case DROP_DATABASE -> dropDatabase(statement.database(), sql, position);
      case RENAME_TABLE -> rename(statement, sql);
      case CREATE_TABLE -> create(statement, sql, database, position);
      case ALTER_TABLE -> alter(statement, sql, database, position, time);
    };
  }

  private List<SchemaChange> truncate(DdlStatement statement, String sql, SourcePosition position) {
    TableDefinition definition = definitions.get(statement.tables().get(0));
    return definition == null
        ? List.of()
        : List.of(
            new SchemaChange.TruncateTable(definition.schema(), origin(definition, sql, position)));
  }

  private List<SchemaChange> drop(List<TableId> ids, String sql, SourcePosition position) {
    List<SchemaChange> changes = new ArrayList<>();
    for (TableId id : ids) {
      TableDefinition definition = definitions.remove(id);
      if (definition != null) {
        tables.removeTable(TableDefinition.id(id));
        changes.add(
            new SchemaChange.DropTable(definition.schema(), origin(definition, sql, position)));
      }
    }
    return changes;
  }

  private List<SchemaChange> dropDatabase(String database, String sql, SourcePosition position) {
    List<TableId> ids =
        definitions.keySet().stream().filter(id -> id.database().equals(database)).toList();
    return drop(ids, sql, position);
  }

  private List<SchemaChange> rename(DdlStatement statement, String sql) {
    for (TableId id : statement.tables()) {
      if (definitions.containsKey(id) || captured.test(id)) {
        throw renameUnsupported(id, sql);
      }
    }
    return List.of();
  }

  private static UnsupportedChangeException renameUnsupported(TableId id, String sql) {
    return new UnsupportedChangeException(
        "Following table "
            + id
            + " failed: '"
            + Texts.quote(sql)
            + "' renames a captured table, which is not supported yet; exclude the table or start the"
            + " pipeline with a new snapshot.");
  }

  private List<SchemaChange> create(
      DdlStatement statement, String sql, String database, SourcePosition position) {
    TableId id = statement.tables().get(0);
    if (!captured.test(id) || definitions.containsKey(id) && !statement.replaces()) {
      // An existing table: CREATE TABLE IF NOT EXISTS that did nothing.
      return List.of();
    }
    List<SchemaChange> changes = drop(List.of(id), sql, position);
    parse(id, sql, database);
    Table parsed = parsed(id);
    if (parsed == null) {
      throw new UnsupportedChangeException(
          "Following table "
              + id
              + " failed: '"
              + Texts.quote(sql)
              + "' does not say what its columns are; exclude the table or start the pipeline with a"
              + " new snapshot.");
    }
    TableDefinition definition = TableDefinition.of(realKeyOnly(parsed, statement), mapping);
    put(definition);
    changes.add(
        new SchemaChange.CreateTable(definition.schema(), origin(definition, sql, position)));
    return changes;
  }

  private List<SchemaChange> alter(
      DdlStatement statement, String sql, String database, SourcePosition position, Instant time) {
    TableId id = statement.tables().get(0);
    TableId renamedTo = statement.renamedTo();
    TableDefinition before = definitions.get(id);
    if (renamedTo != null
        && !renamedTo.equals(id)
        && (before != null || captured.test(renamedTo))) {
      throw renameUnsupported(before != null ? id : renamedTo, sql);
    }
    if (before == null) {
      if (captured.test(id)) {
        throw new InconsistentStateException(
            "Following table "
                + id
                + " failed: '"
                + Texts.quote(sql)
                + "' alters it, but its definition is unknown; start the pipeline with a new"
                + " snapshot.");
      }
      return List.of();
    }
    String bypass = statement.rowsBypassingClause();
    if (bypass != null) {
      throw new UnsupportedChangeException(
          "Following table "
              + id
              + " failed: "
              + bypass
              + " changes rows without writing them to the binlog; drop the table in the lake and"
              + " start the pipeline with a new snapshot of it.");
    }
    parse(id, sql, database);
    Table parsed = parsed(id);
    Map<String, String> renames = statement.renamedColumns();
    if (!statement.mentionsPrimaryKey()) {
      List<String> key =
          before.schema().primaryKey().stream()
              .map(name -> renames.getOrDefault(name, name))
              .filter(name -> parsed.columnWithName(name) != null)
              .toList();
      TableDefinition after =
          TableDefinition.of(parsed.edit().setPrimaryKeyNames(key).create(), mapping);
      return change(before, after, statement, sql, position, time);
    }
    return change(before, TableDefinition.of(parsed, mapping), statement, sql, position, time);
  }

  private List<SchemaChange> change(
      TableDefinition before,
      TableDefinition after,
      DdlStatement statement,
      String sql,
      SourcePosition position,
      Instant time) {
    List<SchemaChange> changes =
        new SchemaDiff(
                before,
                after,
                statement.renamedColumns(),
                statement.addedDefaults(),
                new DefaultValues(time, serverZone),
                origin(after, sql, position))
            .changes();
    if (changes.isEmpty()) {
      // The rows keep their schema instance; only how they are decoded may have changed.
      put(new TableDefinition(after.source(), before.schema(), after.types(), after.description()));
    } else {
      TableDefinition last =
          new TableDefinition(
              after.source(),
              changes.get(changes.size() - 1).schemaAfter(),
              after.types(),
              after.description());
      put(last);
    }
    return changes;
  }

  /** Keeps a key only if it is the primary key, and not a unique index that stands in for one. */
  private static Table realKeyOnly(Table parsed, DdlStatement statement) {
    return statement.definesPrimaryKey()
        ? parsed
        : parsed.edit().setPrimaryKeyNames(List.of()).create();
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

  private static Origin origin(TableDefinition definition, String sql, SourcePosition position) {
    return new Origin(definition.table(), position, sql, definition.description());
  }
}
