package io.firn.source;

import io.firn.model.secret.Secret;
import io.firn.source.connect.TablePatterns;
import io.firn.source.type.TypeOptions;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What a pipeline file says about its MySQL or MariaDB source, checked and complete.
 *
 * @param flavour the server family
 * @param hostname where the server is
 * @param port its port
 * @param username the user
 * @param password the user's password
 * @param tables which tables are captured
 * @param serverId the id that this reader registers with as a replica: the first of the range in
 *     the pipeline file; empty for a random high one
 * @param serverTimeZone the server's time zone; only used for default values in DDL
 * @param connectTimeout how long connecting may take
 * @param heartbeatInterval how often an idle server confirms that there is nothing new
 * @param types choices of the type mapping
 * @param debeziumProperties {@code debezium.*} of the pipeline file, without the prefix
 * @param jdbcProperties {@code jdbc.properties.*} of the pipeline file, without the prefix
 */
public record MySqlSourceOptions(
    Flavour flavour,
    String hostname,
    int port,
    String username,
    Secret password,
    TablePatterns tables,
    Optional<Long> serverId,
    ZoneId serverTimeZone,
    Duration connectTimeout,
    Duration heartbeatInterval,
    TypeOptions types,
    Map<String, String> debeziumProperties,
    Map<String, String> jdbcProperties) {

  /** Default of {@code connect.timeout}. */
  public static final Duration DEFAULT_CONNECT_TIMEOUT = Duration.ofSeconds(30);

  /** Default of {@code heartbeat.interval}. */
  public static final Duration DEFAULT_HEARTBEAT_INTERVAL = Duration.ofMillis(500);

  /** Checks the ranges and copies the maps. */
  public MySqlSourceOptions {
    Objects.requireNonNull(flavour, "flavour");
    Objects.requireNonNull(hostname, "hostname");
    Objects.requireNonNull(username, "username");
    Objects.requireNonNull(password, "password");
    Objects.requireNonNull(tables, "tables");
    if (port < 1 || port > 65_535) {
      throw new IllegalArgumentException("Port " + port + " is not between 1 and 65535");
    }
    debeziumProperties = Map.copyOf(debeziumProperties);
    jdbcProperties = Map.copyOf(jdbcProperties);
  }

  /** {@code host:port}, for messages. */
  public String address() {
    return hostname + ":" + port;
  }

  /** Starts with the required options; everything else has its default. */
  public static Builder builder(
      Flavour flavour, String hostname, int port, String username, Secret password) {
    return new Builder(flavour, hostname, port, username, password);
  }

  /** Collects options; each has the name of its component. */
  public static final class Builder {
    private final Flavour flavour;
    private final String hostname;
    private final int port;
    private final String username;
    private final Secret password;
    private TablePatterns tables = TablePatterns.parse("\\.*.\\.*", "");
    private Optional<Long> serverId = Optional.empty();
    private ZoneId serverTimeZone = ZoneOffset.UTC;
    private Duration connectTimeout = DEFAULT_CONNECT_TIMEOUT;
    private Duration heartbeatInterval = DEFAULT_HEARTBEAT_INTERVAL;
    private TypeOptions types;
    private Map<String, String> debeziumProperties = Map.of();
    private Map<String, String> jdbcProperties = Map.of();

    private Builder(Flavour flavour, String hostname, int port, String username, Secret password) {
      this.flavour = flavour;
      this.hostname = hostname;
      this.port = port;
      this.username = username;
      this.password = password;
      this.types = TypeOptions.defaults(flavour);
    }

    /** Which tables are captured. */
    public Builder tables(TablePatterns value) {
      tables = value;
      return this;
    }

    /** The replica id. */
    public Builder serverId(long value) {
      serverId = Optional.of(value);
      return this;
    }

    /** The server's time zone. */
    public Builder serverTimeZone(ZoneId value) {
      serverTimeZone = value;
      return this;
    }

    /** How long connecting may take. */
    public Builder connectTimeout(Duration value) {
      connectTimeout = value;
      return this;
    }

    /** How often an idle server confirms that there is nothing new. */
    public Builder heartbeatInterval(Duration value) {
      heartbeatInterval = value;
      return this;
    }

    /** Choices of the type mapping. */
    public Builder types(TypeOptions value) {
      types = value;
      return this;
    }

    /** Debezium properties without the {@code debezium.} prefix. */
    public Builder debeziumProperties(Map<String, String> value) {
      debeziumProperties = value;
      return this;
    }

    /** Driver properties without the {@code jdbc.properties.} prefix. */
    public Builder jdbcProperties(Map<String, String> value) {
      jdbcProperties = value;
      return this;
    }

    /** The options. */
    public MySqlSourceOptions build() {
      return new MySqlSourceOptions(
          flavour,
          hostname,
          port,
          username,
          password,
          tables,
          serverId,
          serverTimeZone,
          connectTimeout,
          heartbeatInterval,
          types,
          debeziumProperties,
          jdbcProperties);
    }
  }
}
