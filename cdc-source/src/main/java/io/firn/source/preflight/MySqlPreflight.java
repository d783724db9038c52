package io.firn.source.preflight;

import io.firn.model.error.ConfigurationException;
import io.firn.model.error.FirnException;
import io.firn.model.error.PositionLostException;
import io.firn.model.error.RetryableException;
import io.firn.model.error.UnsupportedChangeException;
import io.firn.model.schema.TableId;
import io.firn.model.stream.SourcePosition;
import io.firn.source.Flavour;
import io.firn.source.MySqlSourceOptions;
import io.firn.source.Texts;
import io.firn.source.connect.BinlogAvailability;
import io.firn.source.connect.Connector;
import io.firn.source.connect.DebeziumProperties;
import io.firn.source.connect.Names;
import io.firn.source.connect.ServerStatus;
import io.firn.source.connect.TableDiscovery;
import io.firn.source.connect.TableDiscovery.Found;
import io.firn.source.ddl.TableCatalog;
import io.firn.source.table.TableDefinition;
import io.firn.source.type.ColumnTypes;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Checks, before anything is touched, that a source can be captured: all findings at once.
 *
 * <p><b>Threading</b>: one call at a time.
 */
public final class MySqlPreflight {
  private static final Pattern CASCADE =
      Pattern.compile(
          "REFERENCES `((?:[^`]|``)+)`[^,\\n]* ON (?:DELETE|UPDATE) (?:CASCADE|SET NULL)");

  private final MySqlSourceOptions options;
  private final List<Problem> problems = new ArrayList<>();

  private MySqlPreflight(MySqlSourceOptions options) {
    this.options = options;
  }

  /** Checks everything. */
  public static List<Problem> check(MySqlSourceOptions options) {
    MySqlPreflight preflight = new MySqlPreflight(options);
    preflight.checkProperties();
    preflight.checkServer();
    return List.copyOf(preflight.problems);
  }

  /**
   * Checks that the server still has the changes after a position.
   *
   * @throws PositionLostException if not, naming what is missing
   * @throws RetryableException if the server cannot be asked
   */
  public static void binlogAvailable(MySqlSourceOptions options, SourcePosition position) {
    try (Connection connection = new Connector(options).open()) {
      ServerStatus status = new ServerStatus(connection, options.flavour());
      new BinlogAvailability(status, options.flavour()).check(position);
    } catch (SQLException e) {
      throw new RetryableException(
          "Asking "
              + options.address()
              + " about its binlog failed: "
              + e.getMessage()
              + "; check that the user has REPLICATION CLIENT.",
          e);
    }
  }

  private void checkProperties() {
    List<String> ineffective = DebeziumProperties.ineffective(options.debeziumProperties());
    for (String name : ineffective) {
      warning(
          "debezium-property-ignored",
          "Property 'debezium."
              + Texts.quote(name)
              + "' has no effect: Firn takes its own snapshot and decodes values itself; remove it.");
    }
  }

  private void checkServer() {
    try (Connection connection = new Connector(options).open()) {
      ServerStatus status = new ServerStatus(connection, options.flavour());
      new ServerChecks(options, status, problems).run();
      checkTables(connection, status);
    } catch (ConfigurationException e) {
      error(e.getMessage().contains("access denied") ? "access-denied" : "tls", e.getMessage());
    } catch (RetryableException e) {
      error("connection", e.getMessage());
    } catch (SQLException e) {
      error(
          "query-failed",
          "Checking "
              + options.address()
              + " failed: "
              + e.getMessage()
              + "; see the server's log.");
    }
  }

  private void checkTables(Connection connection, ServerStatus status) throws SQLException {
    Grants grants = Grants.of(connection, options.flavour());
    checkReplicationGrants(grants);
    List<Found> all = TableDiscovery.list(connection);
    List<TableId> ids = all.stream().map(Found::id).toList();
    for (String pattern : options.tables().withoutMatch(ids)) {
      error(
          "no-such-table",
          "Pattern '"
              + Texts.quote(pattern)
              + "' of 'tables' matches no table that user '"
              + options.username()
              + "' can see on "
              + options.address()
              + "; check the pattern and the user's grants.");
    }
    List<Found> captured = all.stream().filter(found -> options.tables().test(found.id())).toList();
    for (Found found : captured) {
      checkTable(grants, found);
    }
    checkDefinitions(connection, status, captured);
  }

  private void checkReplicationGrants(Grants grants) {
    boolean mysql = options.flavour() == Flavour.MYSQL;
    boolean replica =
        mysql
            ? grants.global("REPLICATION SLAVE")
            : grants.global("REPLICATION SLAVE", "REPLICATION REPLICA");
    if (!replica) {
      missing("REPLICATION SLAVE", "*.*", "read the binlog");
    }
    boolean client =
        mysql
            ? grants.global("REPLICATION CLIENT", "SUPER")
            : grants.global("BINLOG MONITOR", "REPLICATION CLIENT", "SUPER");
    if (!client) {
      missing(mysql ? "REPLICATION CLIENT" : "BINLOG MONITOR", "*.*", "ask for the binlog's end");
    }
  }

  private void checkTable(Grants grants, Found found) {
    TableId id = found.id();
    if (!grants.on(id, "SELECT")) {
      missing("SELECT", Names.quote(id), "read the table");
    }
    if (!grants.global("RELOAD") && !grants.on(id, "LOCK TABLES")) {
      missing(
          "LOCK TABLES",
          Names.quote(id.database()) + ".*",
          "hold the table still for a moment when the snapshot starts");
    }
    if (!found.transactional()) {
      warning(
          "not-transactional",
          "Table "
              + id
              + " uses engine '"
              + Texts.quote(found.engine())
              + "', whose rows may change while the snapshot reads them; do not write to it during"
              + " the snapshot, or convert it to InnoDB.");
    }
  }

  private void missing(String privilege, String level, String purpose) {
    Problem problem =
        Problem.error(
            "missing-grant",
            "User '"
                + options.username()
                + "' lacks "
                + privilege
                + " on "
                + level
                + ", which is needed to "
                + purpose
                + "; run: GRANT "
                + privilege
                + " ON "
                + level
                + " TO '"
                + options.username()
                + "'.");
    if (!problems.contains(problem)) {
      problems.add(problem);
    }
  }

  /** Every definition must be understood, or the pipeline would stop at its first row. */
  private void checkDefinitions(Connection connection, ServerStatus status, List<Found> captured)
      throws SQLException {
    TableCatalog catalog =
        new TableCatalog(
            options.flavour(),
            new ColumnTypes(options.types()),
            options.tables(),
            status.lowerCaseNames(),
            options.serverTimeZone(),
            Map.of());
    try (Statement statement = connection.createStatement()) {
      for (Found found : captured) {
        try (ResultSet rows =
            statement.executeQuery("SHOW CREATE TABLE " + Names.quote(found.id()))) {
          rows.next();
          String definition = rows.getString(2);
          checkKey(catalog.define(found.id(), definition));
          checkCascades(status, found.id(), definition);
        } catch (UnsupportedChangeException e) {
          error("unsupported-definition", e.getMessage());
        } catch (SQLException e) {
          // Without SELECT there is no definition; the missing grant was reported.
          continue;
        }
      }
    }
  }

  private void checkKey(TableDefinition definition) {
    if (!definition.schema().hasPrimaryKey()) {
      warning(
          "no-primary-key",
          "Table "
              + definition.table()
              + " has no primary key, so its changes are appended instead of being applied; give it"
              + " one if rows are to be replaced.");
    }
  }

  private void checkCascades(ServerStatus status, TableId id, String createStatement)
      throws SQLException {
    Matcher cascade = CASCADE.matcher(createStatement);
    // Since MySQL 9.6 cascades are executed, and logged, above the storage engine.
    if (cascade.find() && !"OFF".equals(status.variable("innodb_native_foreign_keys"))) {
      warning(
          "foreign-key-cascade",
          "Table "
              + id
              + " has a foreign key to '"
              + Texts.quote(cascade.group(1))
              + "' that changes its rows in cascade, which this server does not write to the binlog;"
              + " delete and update its rows explicitly.");
    }
  }

  private void error(String code, String message) {
    problems.add(Problem.error(code, message));
  }

  private void warning(String code, String message) {
    problems.add(Problem.warning(code, message));
  }

  /** The first error as an exception, for callers that only want to go on or stop. */
  public static void require(List<Problem> problems) throws FirnException {
    for (Problem problem : problems) {
      if (problem.isError()) {
        throw new ConfigurationException(problem.message());
      }
    }
  }
}
