package io.firn.source.connect;

import io.firn.model.error.ConfigurationException;
import io.firn.model.error.RetryableException;
import io.firn.source.Flavour;
import io.firn.source.MySqlSourceOptions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.Properties;

/**
 * Opens JDBC connections to the source.
 *
 * <p>Sessions are in UTC, get their results as utf8mb4 and read literals as standard SQL does, so
 * that what the server prints depends on the data only.
 *
 * <p><b>Threading</b>: thread-safe; a connection belongs to who opened it.
 */
public final class Connector {
  private static final int ACCESS_DENIED = 1045;
  private static final int ACCESS_DENIED_NO_PASSWORD = 1698;

  /** More than the longest wait for a lock: until then a silent server may still be at work. */
  private static final long LEAST_SILENCE_MILLIS = 90_000;

  private final MySqlSourceOptions options;

  /** A connector to the server of these options. */
  public Connector(MySqlSourceOptions options) {
    this.options = options;
  }

  /**
   * Opens a connection.
   *
   * @throws RetryableException if the server cannot be reached right now
   * @throws ConfigurationException if the server refuses the user, or TLS fails for good
   */
  public Connection open() {
    try {
      return tryOpen();
    } catch (SQLException e) {
      if (e.getErrorCode() == ACCESS_DENIED || e.getErrorCode() == ACCESS_DENIED_NO_PASSWORD) {
        throw new ConfigurationException(
            "Connecting to "
                + options.address()
                + " failed: access denied for user '"
                + options.username()
                + "'; check 'username' and 'password' of the source.",
            e);
      }
      Optional<ConfigurationException> tls = TlsFailures.of(e, options.address());
      if (tls.isPresent()) {
        throw tls.get();
      }
      throw new RetryableException(
          "Connecting to "
              + options.address()
              + " failed: "
              + reason(e)
              + "; check that the server is up and reachable.",
          e);
    }
  }

  /** Opens a connection and leaves failures as the driver reports them. */
  public Connection tryOpen() throws SQLException {
    Properties properties = new Properties();
    options.jdbcProperties().forEach(properties::setProperty);
    properties.setProperty("user", options.username());
    properties.setProperty("password", options.password().reveal());
    long timeoutMillis = options.connectTimeout().toMillis();
    properties.putIfAbsent("connectTimeout", Long.toString(timeoutMillis));
    properties.putIfAbsent("tcpKeepAlive", "true");
    properties.putIfAbsent(
        "socketTimeout", Long.toString(Math.max(2 * timeoutMillis, LEAST_SILENCE_MILLIS)));
    Tls tls = Tls.of(options);
    if (tls.mode() != Tls.Mode.DISABLED) {
      tls.context(); // says clearly if a store cannot be read
    }
    tls.jdbcProperties().forEach(properties::putIfAbsent);
    Connection connection = driver().connect(url(properties), properties);
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          "SET SESSION time_zone = '+00:00', character_set_results = 'utf8mb4', sql_mode = '',"
              + " wait_timeout = 28800, net_write_timeout = 3600");
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
    return connection;
  }

  private java.sql.Driver driver() throws SQLException {
    return options.flavour() == Flavour.MYSQL
        ? new com.mysql.cj.jdbc.Driver()
        : new org.mariadb.jdbc.Driver();
  }

  private String url(Properties properties) {
    String address =
        options.hostname().indexOf(':') >= 0
            ? "[" + options.hostname() + "]:" + options.port()
            : options.address();
    if (options.flavour() == Flavour.MARIADB) {
      properties.putIfAbsent("useServerPrepStmts", "false");
      properties.putIfAbsent("allowPublicKeyRetrieval", "true");
      return "jdbc:mariadb://" + address + "/";
    }
    properties.putIfAbsent("allowPublicKeyRetrieval", "true");
    properties.putIfAbsent("characterEncoding", "UTF-8");
    properties.putIfAbsent("yearIsDateType", "false");
    properties.putIfAbsent("tinyInt1isBit", "false");
    return "jdbc:mysql://" + address + "/";
  }

  /** The message of the innermost cause, which names what really happened. */
  static String reason(SQLException exception) {
    Throwable cause = exception;
    while (cause.getCause() != null && cause.getCause() != cause) {
      cause = cause.getCause();
    }
    String message =
        cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    return cause instanceof java.net.UnknownHostException
        ? "unknown host '" + message + "'"
        : message.strip();
  }
}
