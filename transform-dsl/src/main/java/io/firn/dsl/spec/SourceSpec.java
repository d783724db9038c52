package io.firn.dsl.spec;

import io.firn.dsl.field.PropertyMap;
import io.firn.dsl.finding.Position;
import io.firn.model.pattern.TablePattern;
import io.firn.model.schema.TableId;
import io.firn.model.secret.Secret;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Optional;
import java.util.Set;

/**
 * The {@code source} section.
 *
 * @param position where it stands
 * @param type kind of database
 * @param hostname host name or address
 * @param hostnameWritten the same for showing: references not replaced
 * @param port port
 * @param username user
 * @param usernameWritten the same for showing: references not replaced
 * @param password the user's password
 * @param tables tables to capture
 * @param tablesPosition where they are named
 * @param tablesExclude tables not to capture nevertheless
 * @param serverIds replication server ids, if given
 * @param serverTimeZone time zone of the server's sessions, if given
 * @param startupMode where a new pipeline begins
 * @param connectTimeout how long to wait for a connection
 * @param heartbeatInterval how often the position moves on without changes
 * @param tinyint1AsBoolean whether {@code tinyint(1)} becomes boolean
 * @param timeAsText whether {@code TIME} becomes text
 * @param includeComments whether column comments are carried over
 * @param metadata metadata columns offered to rules besides the four that always are
 * @param jdbcProperties for the driver
 * @param debeziumProperties for Debezium, without the prefix
 */
public record SourceSpec(
    Position position,
    SourceType type,
    String hostname,
    String hostnameWritten,
    int port,
    String username,
    String usernameWritten,
    Secret password,
    TablePattern tables,
    Position tablesPosition,
    Optional<TablePattern> tablesExclude,
    Optional<ServerIds> serverIds,
    Optional<ZoneId> serverTimeZone,
    StartupMode startupMode,
    Duration connectTimeout,
    Duration heartbeatInterval,
    boolean tinyint1AsBoolean,
    boolean timeAsText,
    boolean includeComments,
    Set<String> metadata,
    PropertyMap jdbcProperties,
    PropertyMap debeziumProperties) {

  /** Whether a table is to be captured. */
  public boolean captures(TableId table) {
    return tables.matches(table) && tablesExclude.filter(p -> p.matches(table)).isEmpty();
  }

  /** Shows neither host nor user, which may come from references, nor any secret. */
  @Override
  public String toString() {
    return type + " " + usernameWritten + "@" + hostnameWritten + ":" + port + " " + tables;
  }
}
