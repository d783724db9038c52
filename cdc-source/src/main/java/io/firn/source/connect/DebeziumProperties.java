package io.firn.source.connect;

import io.firn.source.MySqlSourceOptions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The properties that Debezium's connector is given.
 *
 * <p>Of the pipeline file's {@code debezium.*} only those reach it that still mean something here:
 * TLS, the driver, and how the connection behaves. Snapshot, type and topic settings of Debezium do
 * not apply, because Firn takes its own snapshot and decodes values itself.
 */
public final class DebeziumProperties {
  private static final String TLS_PREFIX = "database.ssl.";
  private static final List<String> PASSED_PREFIXES =
      List.of(TLS_PREFIX, "driver.", "use.nongraceful.disconnect", "ssl.");

  /** Replica ids below this one are what administrators give to real replicas. */
  private static final long FIRST_RANDOM_SERVER_ID = 1L << 30;

  private static final double HEARTBEAT_SHARE_OF_KEEP_ALIVE = 0.8;
  private static final String WEEK_SECONDS = "604800";

  private DebeziumProperties() {}

  /** The properties for these options. */
  public static Map<String, String> of(MySqlSourceOptions options) {
    Map<String, String> properties = new LinkedHashMap<>();
    options.jdbcProperties().forEach((name, value) -> properties.put("driver." + name, value));
    options
        .debeziumProperties()
        .forEach(
            (name, value) -> {
              if (isPassed(name)) {
                properties.put(name, value);
              }
            });
    properties.put("name", "firn");
    properties.put("topic.prefix", "firn");
    properties.put("database.hostname", options.hostname());
    properties.put("database.port", Integer.toString(options.port()));
    properties.put("database.user", options.username());
    properties.put("database.password", options.password().reveal());
    properties.put(
        "database.server.id",
        Long.toString(
            options
                .serverId()
                .orElseGet(
                    () ->
                        ThreadLocalRandom.current()
                            .nextLong(FIRST_RANDOM_SERVER_ID, (1L << 32) - 1))));
    properties.put("schema.history.internal", "io.debezium.relational.history.MemorySchemaHistory");
    properties.put("connect.timeout.ms", Long.toString(options.connectTimeout().toMillis()));
    // Debezium's questions over JDBC are short; none may wait forever.
    properties.putIfAbsent(
        "driver.socketTimeout", Long.toString(2 * options.connectTimeout().toMillis()));
    // A lost connection must be seen, not mended: a client that reconnects by itself would repeat
    // the beginning of a transaction.
    properties.put("connect.keep.alive", "false");
    properties.put(
        "connect.keep.alive.interval.ms",
        Long.toString(
            Math.round(options.heartbeatInterval().toMillis() / HEARTBEAT_SHARE_OF_KEEP_ALIVE)));
    // Back-pressure may stop reading for long; the server must not give the replica up.
    properties.put("binlog.net.write.timeout", WEEK_SECONDS);
    properties.put("errors.max.retries", "0");
    // Its own connections encrypt as all others do, by properties of the driver.
    Tls tls = Tls.of(options);
    properties.keySet().removeIf(name -> name.startsWith(TLS_PREFIX));
    properties.put(TLS_PREFIX + "mode", tls.debeziumMode());
    tls.jdbcProperties().forEach((name, value) -> properties.putIfAbsent("driver." + name, value));
    return properties;
  }

  /** Names of the pipeline file's {@code debezium.*} properties that have no effect. */
  public static List<String> ineffective(Map<String, String> properties) {
    return properties.keySet().stream().filter(name -> !isPassed(name)).sorted().toList();
  }

  private static boolean isPassed(String name) {
    return PASSED_PREFIXES.stream().anyMatch(name::startsWith);
  }
}
