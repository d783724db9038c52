package io.firn.app.assembly;

import io.firn.dsl.spec.SourceSpec;
import io.firn.dsl.spec.SourceType;
import io.firn.source.Flavour;
import io.firn.source.MySqlSourceOptions;
import io.firn.source.connect.TablePatterns;
import io.firn.source.type.TypeOptions;
import java.time.Duration;

/** Turns the {@code source} section of a pipeline file into options of the source. */
final class SourceAssembly {
  private static final Duration LONGEST_HEARTBEAT = Duration.ofSeconds(1);

  private SourceAssembly() {}

  static MySqlSourceOptions options(SourceSpec spec) {
    Flavour flavour = spec.type() == SourceType.MARIADB ? Flavour.MARIADB : Flavour.MYSQL;
    MySqlSourceOptions.Builder options =
        MySqlSourceOptions.builder(
                flavour, spec.hostname(), spec.port(), spec.username(), spec.password())
            .tables(new TablePatterns(spec.tables(), spec.tablesExclude()))
            .connectTimeout(spec.connectTimeout())
            .types(
                new TypeOptions(
                    flavour, spec.tinyint1AsBoolean(), spec.timeAsText(), spec.includeComments()))
            .debeziumProperties(spec.debeziumProperties().reveal())
            .jdbcProperties(spec.jdbcProperties().reveal());
    // More than a second would keep --until-caught-up and verify waiting on an idle server.
    Duration interval = spec.heartbeatInterval();
    options.heartbeatInterval(
        interval.isZero() || interval.compareTo(LONGEST_HEARTBEAT) > 0
            ? LONGEST_HEARTBEAT
            : interval);
    spec.serverIds().ifPresent(ids -> options.serverId(ids.first()));
    spec.serverTimeZone().ifPresent(options::serverTimeZone);
    return options.build();
  }
}
