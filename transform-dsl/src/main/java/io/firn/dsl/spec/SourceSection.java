package io.firn.dsl.spec;

import io.firn.dsl.field.BadValueException;
import io.firn.dsl.field.FieldInput;
import io.firn.dsl.field.FieldSpec;
import io.firn.dsl.field.FieldType;
import io.firn.dsl.field.FieldTypes;
import io.firn.dsl.field.SectionSpec;
import io.firn.model.pattern.BadPatternException;
import io.firn.model.pattern.TablePattern;
import io.firn.model.secret.Secret;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;

/** The settings of {@code source}: the names are those of Flink CDC's MySQL pipeline source. */
public final class SourceSection {
  private SourceSection() {}

  private static final String OWN_SNAPSHOT = "the snapshot is not read in chunks";
  private static final String NOT_YET = "this is not built yet";

  static final FieldType<TablePattern> TABLES =
      new FieldType<>() {
        @Override
        public String title() {
          return "table list";
        }

        @Override
        public TablePattern parse(FieldInput input) throws BadValueException {
          try {
            return TablePattern.parse(input.text());
          } catch (BadPatternException e) {
            throw BadValueException.of(e, 0);
          }
        }

        @Override
        public Map<String, Object> jsonSchema() {
          return Map.of("type", "string", "minLength", 1);
        }
      };

  static final FieldType<ServerIds> SERVER_IDS =
      new FieldType<>() {
        @Override
        public String title() {
          return "number or range";
        }

        @Override
        public ServerIds parse(FieldInput input) throws BadValueException {
          return ServerIds.parse(input);
        }

        @Override
        public Map<String, Object> jsonSchema() {
          return Map.of("type", List.of("integer", "string"));
        }
      };

  private static FieldSpec<String> text(String name, String doc) {
    return FieldSpec.of(name, FieldTypes.TEXT, doc);
  }

  private static FieldSpec<Boolean> flag(String name, boolean defaultValue, String doc) {
    return FieldSpec.of(name, FieldTypes.BOOLEAN, doc).withDefault(String.valueOf(defaultValue));
  }

  private static FieldSpec<Integer> number(String name, int min, int max, int value, String doc) {
    return FieldSpec.of(name, FieldTypes.integer(min, max), doc).withDefault(String.valueOf(value));
  }

  static final FieldSpec<SourceType> TYPE =
      FieldSpec.of("type", FieldTypes.oneOf(SourceType.class), "The kind of database.")
          .mandatory()
          .withExample("mysql");
  static final FieldSpec<String> NAME = text("name", "A name for people.");
  static final FieldSpec<String> HOSTNAME =
      FieldSpec.of("hostname", FieldTypes.NON_EMPTY, "Host name or address of the database server.")
          .mandatory()
          .withExample("127.0.0.1");
  static final FieldSpec<Integer> PORT = number("port", 1, 65535, 3306, "Port of the server.");
  static final FieldSpec<String> USERNAME =
      FieldSpec.of(
              "username",
              FieldTypes.NON_EMPTY,
              "User that reads; needs SELECT, RELOAD, SHOW DATABASES, REPLICATION SLAVE and"
                  + " REPLICATION CLIENT.")
          .mandatory()
          .withExample("firn");
  static final FieldSpec<Secret> PASSWORD =
      FieldSpec.of("password", FieldTypes.SECRET, "The user's password.")
          .mandatory()
          .withExample("${env:MYSQL_PASSWORD}");
  static final FieldSpec<TablePattern> TABLE_LIST =
      FieldSpec.of(
              "tables",
              TABLES,
              "Tables to capture: `database.table`, separated by commas, each a regular expression"
                  + " (RE2 syntax, compared with case). A plain dot separates database and table; a"
                  + " dot that belongs to the expression is written `\\.`.")
          .mandatory()
          .withExample("shop.\\.*, crm.customer_[0-9]+");
  static final FieldSpec<TablePattern> TABLES_EXCLUDE =
      FieldSpec.of(
              "tables.exclude",
              TABLES,
              "Tables not to capture although `tables` names them; same syntax.")
          .withExample("shop.tmp_\\.*");
  static final FieldSpec<ServerIds> SERVER_ID =
      FieldSpec.of(
              "server-id",
              SERVER_IDS,
              "Number, or range of numbers, by which this client is known to the server; must be"
                  + " unique among its replicas. Of a range the first is used. Without it a high"
                  + " random number is taken.")
          .withExample("5400-5404");
  static final FieldSpec<ZoneId> SERVER_TIME_ZONE =
      FieldSpec.of(
              "server-time-zone",
              FieldTypes.ZONE,
              "Time zone of the database server's sessions, needed for default values in"
                  + " `ALTER TABLE`. Without it UTC.")
          .withExample("UTC");
  static final FieldSpec<StartupMode> STARTUP_MODE =
      FieldSpec.of(
              "scan.startup.mode",
              FieldTypes.oneOf(StartupMode.class),
              "Where a pipeline without a checkpoint begins: `initial` reads every table and then"
                  + " follows the binlog.")
          .withDefault("initial")
          .notSupportedExcept("initial", NOT_YET);
  static final FieldSpec<Duration> CONNECT_TIMEOUT =
      FieldSpec.of(
              "connect.timeout",
              FieldTypes.duration(Duration.ofMillis(250), Duration.ofHours(1)),
              "How long to wait for a connection.")
          .withDefault("30s");
  static final FieldSpec<Duration> HEARTBEAT =
      FieldSpec.of(
              "heartbeat.interval",
              FieldTypes.duration(Duration.ZERO, Duration.ofDays(1)),
              "How often the position moves on while no captured table changes. At most a second:"
                  + " longer values, and `0s`, count as one.")
          .withDefault("500ms");
  static final FieldSpec<Boolean> TINYINT1_AS_BOOLEAN =
      flag("treat-tinyint1-as-boolean.enabled", true, "Whether `tinyint(1)` becomes boolean.");
  static final FieldSpec<Boolean> TIME_AS_TEXT =
      flag(
          "time.as-text",
          false,
          "Whether `TIME` columns become text, so that times beyond a day fit.");
  static final FieldSpec<Boolean> INCLUDE_COMMENTS =
      flag(
          "include-comments.enabled",
          false,
          "Whether comments on columns are carried to the target tables.");
  static final FieldSpec<String> METADATA_LIST =
      FieldSpec.of(
              "metadata.list",
              FieldTypes.TEXT,
              "Metadata to offer to transform rules, separated by commas: `op_ts` is when the source"
                  + " logged the change, in milliseconds since 1970 (0 while a table is read).")
          .withExample("op_ts");
  static final FieldSpec<String> JDBC =
      text("jdbc.properties.*", "Passed to the database driver as it is.");
  static final FieldSpec<String> DEBEZIUM =
      text(
          "debezium.*",
          "Passed to Debezium's connection: `database.ssl.*`, `ssl.*`, `driver.*` and"
              + " `use.nongraceful.disconnect`. Others have no effect and give a warning.");

  /** The section. */
  public static final SectionSpec SPEC =
      new SectionSpec(
          "source",
          "The database that changes are captured from.",
          false,
          true,
          List.of(
              TYPE,
              NAME,
              HOSTNAME,
              PORT,
              USERNAME,
              PASSWORD,
              TABLE_LIST,
              TABLES_EXCLUDE,
              SERVER_ID,
              SERVER_TIME_ZONE,
              STARTUP_MODE,
              CONNECT_TIMEOUT,
              HEARTBEAT,
              TINYINT1_AS_BOOLEAN,
              TIME_AS_TEXT,
              INCLUDE_COMMENTS,
              METADATA_LIST,
              JDBC,
              DEBEZIUM,
              flag(
                      "schema-change.enabled",
                      true,
                      "Whether changes of table definitions are followed.")
                  .notSupportedExcept("true", "changes of tables cannot be left out of the stream"),
              text("scan.startup.specific-offset.file", "Binlog file to begin at.")
                  .notSupportedExcept(null, NOT_YET),
              text("scan.startup.specific-offset.pos", "Position in that file.")
                  .notSupportedExcept(null, NOT_YET),
              text("scan.startup.specific-offset.gtid-set", "GTIDs to begin after.")
                  .notSupportedExcept(null, NOT_YET),
              text("scan.startup.specific-offset.skip-events", "Events to skip there.")
                  .notSupportedExcept(null, NOT_YET),
              text("scan.startup.specific-offset.skip-rows", "Rows to skip there.")
                  .notSupportedExcept(null, NOT_YET),
              text("scan.startup.timestamp-millis", "Time to begin at.")
                  .notSupportedExcept(null, NOT_YET),
              flag(
                      "scan.newly-added-table.enabled",
                      false,
                      "Whether tables added to `tables` later are read from their beginning.")
                  .notSupportedExcept("false", NOT_YET),
              flag(
                      "scan.parse.online.schema.changes.enabled",
                      false,
                      "Whether changes made by gh-ost or pt-osc are recognised.")
                  .notSupportedExcept("false", NOT_YET),
              flag(
                      "scan.binlog.newly-added-table.enabled",
                      false,
                      "Whether tables created later are captured.")
                  .withoutEffect("tables created later that `tables` names are always captured"),
              text("scan.snapshot.fetch.size", "Rows fetched at a time while a table is read.")
                  .withoutEffect("rows are streamed as fast as they are taken"),
              text("scan.incremental.snapshot.chunk.size", "Rows per chunk of a snapshot.")
                  .withoutEffect(OWN_SNAPSHOT),
              text("scan.incremental.snapshot.chunk.key-column", "Column that chunks are cut by.")
                  .withoutEffect(OWN_SNAPSHOT),
              text("scan.incremental.snapshot.unbounded-chunk-first.enabled", "Order of chunks.")
                  .withoutEffect(OWN_SNAPSHOT),
              text("scan.incremental.snapshot.backfill.skip", "Whether chunks are not corrected.")
                  .withoutEffect("the snapshot is always consistent"),
              text("scan.incremental.close-idle-reader.enabled", "Whether idle readers end.")
                  .withoutEffect("there is one reader"),
              text("chunk-meta.group.size", "Chunks per message.").withoutEffect(OWN_SNAPSHOT),
              text("chunk-key.even-distribution.factor.upper-bound", "How chunks are cut.")
                  .withoutEffect(OWN_SNAPSHOT),
              text("chunk-key.even-distribution.factor.lower-bound", "How chunks are cut.")
                  .withoutEffect(OWN_SNAPSHOT),
              text("connect.max-retries", "Attempts to connect.")
                  .withoutEffect("how often to try again is decided by the runtime"),
              text("connection.pool.size", "Connections of the pool.")
                  .withoutEffect("there is no pool"),
              text("use.legacy.json.format", "Text form of JSON columns in the binlog.")
                  .withoutEffect("JSON has the same text form in snapshot and binlog")));
}
