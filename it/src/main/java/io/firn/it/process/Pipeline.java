package io.firn.it.process;

import io.firn.testservers.Account;
import io.firn.testservers.DatabaseServer;
import io.firn.testservers.MariaDbServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.CatalogUtil;
import org.apache.iceberg.catalog.Catalog;

/**
 * A pipeline of a test: one database of one server into a lake in a directory of its own.
 *
 * @param name the pipeline's name
 * @param server the source
 * @param database the source's database, all of whose tables are captured
 * @param account the account to capture with
 * @param directory holds the lake, the checkpoints, the state and the pipeline file
 * @param settings {@code pipeline:} entries
 * @param tableProperties {@code table.properties.*}
 * @param catalogProperties {@code catalog.properties.*}
 */
public record Pipeline(
    String name,
    DatabaseServer server,
    String database,
    Account account,
    Path directory,
    Map<String, String> settings,
    Map<String, String> tableProperties,
    Map<String, String> catalogProperties) {

  /** The environment variable that the pipeline file takes the password from. */
  public static final String PASSWORD_VARIABLE = "FIRN_IT_PASSWORD";

  private static final String PARTITION = "(partition)";
  private static final String PORT = "(port)";
  private static final String HADOOP = "hadoop.conf.";

  /** Begins the names of settings that go under {@code sink:}. */
  static final String SINK = "(sink)";

  /** A pipeline with a SQLite catalog, short checkpoint intervals and Iceberg format 3. */
  public static Pipeline of(String name, DatabaseServer server, String database, Path directory) {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("parallelism", "1");
    settings.put("checkpoint.interval", "1s");
    settings.put("checkpoint.directory", directory.resolve("checkpoints").toString());
    settings.put("state.directory", directory.resolve("state").toString());
    Map<String, String> catalog = new LinkedHashMap<>();
    catalog.put("type", "jdbc");
    catalog.put("uri", "jdbc:sqlite:" + directory.resolve("lake/catalog.db"));
    catalog.put("warehouse", directory.resolve("lake/warehouse").toUri().toString());
    return new Pipeline(
        name,
        server,
        database,
        server.cdc(),
        directory,
        settings,
        Map.of("format-version", "3"),
        catalog);
  }

  /** With another entry under {@code pipeline:}. */
  public Pipeline setting(String key, String value) {
    return new Pipeline(
        name,
        server,
        database,
        account,
        directory,
        with(settings, key, value),
        tableProperties,
        catalogProperties);
  }

  /** With another table property. */
  public Pipeline tableProperty(String key, String value) {
    return new Pipeline(
        name,
        server,
        database,
        account,
        directory,
        settings,
        with(tableProperties, key, value),
        catalogProperties);
  }

  /** With another catalog property; null removes one. */
  public Pipeline catalogProperty(String key, String value) {
    return new Pipeline(
        name,
        server,
        database,
        account,
        directory,
        settings,
        tableProperties,
        with(catalogProperties, key, value));
  }

  /** From another server, which has the same database. */
  public Pipeline server(DatabaseServer other) {
    return new Pipeline(
        name, other, database, account, directory, settings, tableProperties, catalogProperties);
  }

  /** Connecting to another port than the server's, such as that of a proxy. */
  public Pipeline port(int other) {
    return setting(PORT, Integer.toString(other));
  }

  private int port() {
    String other = settings.get(PORT);
    return other == null ? server.port() : Integer.parseInt(other);
  }

  /** Captured by another account. */
  public Pipeline account(Account other) {
    return new Pipeline(
        name, server, database, other, directory, settings, tableProperties, catalogProperties);
  }

  private static Map<String, String> with(Map<String, String> map, String key, String value) {
    Map<String, String> copy = new LinkedHashMap<>(map);
    if (value == null) {
      copy.remove(key);
    } else {
      copy.put(key, value);
    }
    return copy;
  }

  /** The pipeline file's text. */
  public String yaml() {
    return """
        source:
          type: %s
          hostname: 127.0.0.1
          port: %d
          username: %s
          password: ${env:%s}
          tables: %s.\\.*
        sink:
          type: iceberg
        %s%s%s  partition.key: %s.orders:%s
        pipeline:
          name: %s
        %s"""
        .formatted(
            server instanceof MariaDbServer ? "mariadb" : "mysql",
            port(),
            account.user(),
            PASSWORD_VARIABLE,
            database,
            entries("catalog.properties.", catalogProperties),
            entries("table.properties.", tableProperties),
            entries("", sinkSettings()),
            database,
            partition(),
            name,
            entries("", pipelineSettings()));
  }

  private Map<String, String> sinkSettings() {
    Map<String, String> entries = new LinkedHashMap<>();
    settings.forEach(
        (key, value) -> {
          if (key.startsWith(SINK)) {
            entries.put(key.substring(SINK.length()), value);
          }
        });
    return entries;
  }

  private Map<String, String> pipelineSettings() {
    Map<String, String> entries = new LinkedHashMap<>(settings);
    // Names in brackets are not for this section.
    entries.keySet().removeIf(key -> key.startsWith("("));
    return entries;
  }

  /** With another entry under {@code sink:}. */
  public Pipeline sinkSetting(String key, String value) {
    return setting(SINK + key, value);
  }

  /** How the orders are partitioned. */
  private String partition() {
    return settings.getOrDefault(PARTITION, "day(created_at)");
  }

  /** With the orders partitioned in another way than by day. */
  public Pipeline partitionedBy(String expression) {
    return setting(PARTITION, expression);
  }

  /** With another entry of the Hadoop configuration. */
  public Pipeline hadoop(String key, String value) {
    return sinkSetting(HADOOP + key, value);
  }

  private static String entries(String prefix, Map<String, String> values) {
    return values.entrySet().stream()
        .map(entry -> "  " + prefix + entry.getKey() + ": \"" + entry.getValue() + "\"\n")
        .collect(Collectors.joining());
  }

  /** Writes the pipeline file and makes the lake's directory; returns the file. */
  public Path write() {
    Path file = write(yaml());
    Properties properties = new Properties();
    catalogProperties.forEach((key, value) -> properties.setProperty("catalog." + key, value));
    tableProperties.forEach((key, value) -> properties.setProperty("table." + key, value));
    settings.forEach(properties::setProperty);
    properties.setProperty("partition", partition());
    properties.setProperty("name", name);
    properties.setProperty("database", database);
    properties.setProperty("port", Integer.toString(port()));
    properties.setProperty("user", account.user());
    properties.setProperty(
        "checkpoint.interval.seconds", seconds(settings.get("checkpoint.interval")));
    try (Writer writer = Files.newBufferedWriter(properties(file))) {
      properties.store(writer, null);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return file;
  }

  /** The settings of a written pipeline file, for {@link HaltingFirn}. */
  static Path properties(Path file) {
    return file.resolveSibling(file.getFileName() + ".properties");
  }

  private static String seconds(String interval) {
    return interval.endsWith("ms")
        ? BigDecimal.valueOf(Long.parseLong(interval.substring(0, interval.length() - 2)), 3)
            .toPlainString()
        : interval.substring(0, interval.length() - 1);
  }

  /** Writes another text as the pipeline file. */
  public Path write(String text) {
    try {
      Files.createDirectories(directory.resolve("lake"));
      return Files.writeString(directory.resolve(name + ".yaml"), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether the catalog of the lake was made already, if that can be seen from outside. */
  public boolean catalogMayExist() {
    String uri = catalogProperties.getOrDefault("uri", "");
    return !uri.startsWith("jdbc:sqlite:")
        || Files.exists(Path.of(uri.substring("jdbc:sqlite:".length())));
  }

  /**
   * Opens the lake's catalog with Iceberg alone, changing nothing; the caller closes it if it can
   * be closed.
   */
  public Catalog openCatalog() {
    Map<String, String> properties = new HashMap<>(catalogProperties);
    // A run may use a catalog that ends the process; reading must not.
    if (properties.remove("catalog-impl", HaltingCatalog.class.getName())) {
      properties.put("type", "jdbc");
    }
    properties.remove("io-impl", HaltingFileIO.class.getName());
    properties.put("jdbc.init-catalog-tables", "false");
    Configuration configuration = new Configuration();
    sinkSettings()
        .forEach(
            (key, value) -> {
              if (key.startsWith(HADOOP)) {
                configuration.set(key.substring(HADOOP.length()), value);
              }
            });
    return CatalogUtil.buildIcebergCatalog("firn", properties, configuration);
  }
}
