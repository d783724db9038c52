package io.firn.source.preflight;

import io.firn.model.error.ConfigurationException;
import io.firn.source.Flavour;
import io.firn.source.MySqlSourceOptions;
import io.firn.source.Texts;
import io.firn.source.connect.ServerStatus;
import io.firn.source.connect.Tls;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

/** Checks the server's kind, version and binlog settings. */
final class ServerChecks {
  private static final List<String> VARIABLES =
      List.of(
          "version",
          "log_bin",
          "binlog_format",
          "binlog_row_image",
          "binlog_row_value_options",
          "server_id",
          "binlog_expire_logs_seconds",
          "expire_logs_days",
          "log_bin_compress",
          "require_secure_transport");
  private static final long SECONDS_PER_DAY = 86_400;

  private final MySqlSourceOptions options;
  private final ServerStatus status;
  private final List<Problem> problems;
  private Map<String, String> variables = Map.of();

  ServerChecks(MySqlSourceOptions options, ServerStatus status, List<Problem> problems) {
    this.options = options;
    this.status = status;
    this.problems = problems;
  }

  void run() throws SQLException {
    variables = status.variables(VARIABLES);
    checkVersion();
    require("log_bin", "ON", "no-binlog", "the server writes no binlog", "log_bin");
    require(
        "binlog_format",
        "ROW",
        "binlog-format",
        "the binlog does not hold the changed rows",
        "binlog_format=ROW");
    require(
        "binlog_row_image",
        "FULL",
        "binlog-row-image",
        "the binlog does not hold all columns of changed rows",
        "binlog_row_image=FULL");
    String valueOptions = variables.getOrDefault("binlog_row_value_options", "");
    if (!valueOptions.isEmpty()) {
      problems.add(
          Problem.error(
              "binlog-row-value-options",
              "Server "
                  + options.address()
                  + " writes JSON documents in parts: 'binlog_row_value_options' is '"
                  + Texts.quote(valueOptions)
                  + "'; set it to the empty string."));
    }
    if ("ON".equalsIgnoreCase(variables.get("log_bin_compress"))) {
      problems.add(
          Problem.error(
              "log-bin-compress",
              "Server "
                  + options.address()
                  + " compresses binlog events in MariaDB's own way, which cannot be read; set"
                  + " 'log_bin_compress' to OFF."));
    }
    checkGtids();
    checkServerId();
    checkExpiry();
    checkTls();
  }

  private void checkVersion() {
    String version = variables.getOrDefault("version", "");
    boolean mariadb = version.toLowerCase(java.util.Locale.ROOT).contains("mariadb");
    if (mariadb != (options.flavour() == Flavour.MARIADB)) {
      problems.add(
          Problem.error(
              "wrong-flavour",
              "Server "
                  + options.address()
                  + " is '"
                  + Texts.quote(version)
                  + "', but the source's type is '"
                  + options.flavour().label()
                  + "'; use type '"
                  + (mariadb ? "mariadb" : "mysql")
                  + "'."));
      return;
    }
    int dot = version.indexOf('.');
    try {
      int major = Integer.parseInt(version.substring(0, Math.max(dot, 0)));
      int minor = Integer.parseInt(version.substring(dot + 1).replaceAll("\\D.*", ""));
      boolean old = mariadb ? major < 10 : major < 5 || major == 5 && minor < 7;
      if (old) {
        problems.add(
            Problem.error(
                "server-too-old",
                "Server "
                    + options.address()
                    + " is version '"
                    + Texts.quote(version)
                    + "'; at least "
                    + (mariadb ? "MariaDB 10.0" : "MySQL 5.7")
                    + " is needed."));
      }
    } catch (NumberFormatException e) {
      problems.add(
          Problem.warning(
              "unknown-version",
              "Server "
                  + options.address()
                  + " has the unknown version '"
                  + Texts.quote(version)
                  + "'; Firn is tested with MySQL 9 and MariaDB 11."));
    }
  }

  private void require(
      String variable, String expected, String code, String consequence, String setting) {
    String value = variables.get(variable);
    if (value != null && !value.equalsIgnoreCase(expected)) {
      problems.add(
          Problem.error(
              code,
              "Server "
                  + options.address()
                  + " cannot be captured: "
                  + consequence
                  + " ('"
                  + variable
                  + "' is '"
                  + Texts.quote(value)
                  + "'); start it with '"
                  + setting
                  + "'."));
    }
  }

  private void checkGtids() throws SQLException {
    try {
      status.requirePlainGtids();
    } catch (ConfigurationException e) {
      problems.add(Problem.error("tagged-gtids", e.getMessage()));
    }
  }

  private void checkServerId() {
    String id = variables.get("server_id");
    if ("0".equals(id)) {
      problems.add(
          Problem.error(
              "server-id",
              "Server "
                  + options.address()
                  + " accepts no replicas: its 'server_id' is '0'; give it one, such as 1."));
    } else if (id != null && options.serverId().map(Object::toString).orElse("").equals(id)) {
      problems.add(
          Problem.error(
              "server-id",
              "'server-id' of the source is '"
                  + id
                  + "', which is the server's own; choose one that no server or replica has."));
    }
  }

  private void checkExpiry() {
    long seconds = number("binlog_expire_logs_seconds");
    if (seconds == 0) {
      seconds = number("expire_logs_days") * SECONDS_PER_DAY;
    }
    if (seconds > 0 && seconds < SECONDS_PER_DAY) {
      problems.add(
          Problem.warning(
              "binlog-expiry",
              "Server "
                  + options.address()
                  + " keeps its binlog for "
                  + seconds
                  + " s only; a pipeline that is stopped for longer needs a new snapshot, so keep it"
                  + " for some days ('binlog_expire_logs_seconds')."));
    }
  }

  private long number(String variable) {
    try {
      return (long) Double.parseDouble(variables.getOrDefault(variable, "0"));
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  private void checkTls() {
    boolean disabled = Tls.of(options).mode() == Tls.Mode.DISABLED;
    boolean required = "ON".equalsIgnoreCase(variables.get("require_secure_transport"));
    if (disabled && required) {
      problems.add(
          Problem.error(
              "tls-required",
              "Server "
                  + options.address()
                  + " requires TLS, but 'debezium.database.ssl.mode' is 'disabled'; set it to"
                  + " 'required' or more."));
    }
  }
}
