package io.firn.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.model.error.PositionLostException;
import io.firn.model.secret.Secret;
import io.firn.model.source.SourceState;
import io.firn.source.connect.TablePatterns;
import io.firn.source.preflight.MySqlPreflight;
import io.firn.source.preflight.Problem;
import io.firn.testservers.DatabaseServer;
import io.firn.testservers.MariaDbServer;
import io.firn.testservers.MySqlServer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class PreflightTest {
  private static DatabaseServer mysql;
  private static DatabaseServer mariadb;

  @BeforeAll
  static void start() {
    mysql = MySqlServer.start();
    mariadb = MariaDbServer.start();
  }

  @AfterAll
  static void stop() {
    mysql.close();
    mariadb.close();
  }

  private static List<String> codes(List<Problem> problems) {
    return problems.stream().map(Problem::code).toList();
  }

  @Test
  void aGoodServerHasNoFindings() {
    for (DatabaseServer server : List.of(mysql, mariadb)) {
      server.execute("CREATE DATABASE good", "CREATE TABLE good.t (id INT PRIMARY KEY)");
      assertThat(MySqlPreflight.check(Servers.options(server, "good.t").build())).isEmpty();
    }
  }

  @Test
  void allFindingsComeAtOnce() {
    DatabaseServer bad =
        MySqlServer.start(
            "--binlog-format=STATEMENT",
            "--binlog-row-image=MINIMAL",
            "--binlog-row-value-options=PARTIAL_JSON",
            "--binlog-expire-logs-seconds=3600");
    try (bad) {
      bad.execute("CREATE DATABASE d", "CREATE TABLE d.t (id INT) ENGINE=MyISAM");
      MySqlSourceOptions options =
          Servers.options(bad, "d.t, d.nothing_.*".replace(".*", "\\.*"))
              .serverId(1)
              .debeziumProperties(Map.of("snapshot.mode", "initial"))
              .build();
      List<Problem> problems = MySqlPreflight.check(options);
      assertThat(codes(problems))
          .containsExactlyInAnyOrder(
              "debezium-property-ignored",
              "binlog-format",
              "binlog-row-image",
              "binlog-row-value-options",
              "server-id",
              "binlog-expiry",
              "no-such-table",
              "no-primary-key",
              "not-transactional");
    }
  }

  @Test
  void missingGrantsAreNamedWithTheStatementThatHelps() {
    for (DatabaseServer server : List.of(mysql, mariadb)) {
      server.execute(
          "CREATE DATABASE granted",
          "CREATE TABLE granted.t (id INT PRIMARY KEY)",
          "CREATE USER 'poor'@'%' IDENTIFIED BY 'canary-password'",
          "GRANT SELECT ON granted.* TO 'poor'@'%'");
      Flavour flavour = server == mysql ? Flavour.MYSQL : Flavour.MARIADB;
      MySqlSourceOptions options =
          MySqlSourceOptions.builder(
                  flavour, server.host(), server.port(), "poor", new Secret("canary-password"))
              .tables(TablePatterns.parse("granted.t", null))
              .build();
      List<Problem> problems = MySqlPreflight.check(options);
      assertThat(codes(problems))
          .containsExactly("missing-grant", "missing-grant", "missing-grant");
      assertThat(problems)
          .extracting(Problem::message)
          .anyMatch(m -> m.contains("run: GRANT REPLICATION SLAVE ON *.* TO 'poor'"))
          .anyMatch(m -> m.contains("GRANT LOCK TABLES ON `granted`.* TO 'poor'"))
          .noneMatch(m -> m.contains("canary"));
    }
  }

  @Test
  void rolesCount() {
    mysql.execute(
        "CREATE DATABASE roles",
        "CREATE TABLE roles.t (id INT PRIMARY KEY)",
        "CREATE ROLE capture",
        "GRANT SELECT, LOCK TABLES ON roles.* TO capture",
        "GRANT REPLICATION SLAVE, REPLICATION CLIENT ON *.* TO capture",
        "CREATE USER 'actor'@'%' IDENTIFIED BY 'x' DEFAULT ROLE capture");
    MySqlSourceOptions options =
        MySqlSourceOptions.builder(
                Flavour.MYSQL, mysql.host(), mysql.port(), "actor", new Secret("x"))
            .tables(TablePatterns.parse("roles.t", null))
            .heartbeatInterval(Duration.ofMillis(200))
            .build();
    assertThat(MySqlPreflight.check(options)).isEmpty();
    mysql.execute("INSERT INTO roles.t VALUES (1)");
    try (Recording recording = Recording.open(new MySqlSource(options)).toEnd()) {
      assertThat(recording.changes()).hasSize(1);
    }
  }

  @Test
  void aWrongPasswordAndAnUnknownHostAreReported() {
    MySqlSourceOptions wrong =
        MySqlSourceOptions.builder(
                Flavour.MYSQL, mysql.host(), mysql.port(), "nobody", new Secret("canary-password"))
            .build();
    List<Problem> problems = MySqlPreflight.check(wrong);
    assertThat(codes(problems)).containsExactly("access-denied");
    assertThat(problems.get(0).message()).contains("'nobody'").doesNotContain("canary");
    MySqlSourceOptions nowhere =
        MySqlSourceOptions.builder(
                Flavour.MYSQL, "no-such-host.invalid", 3306, "u", new Secret("p"))
            .build();
    assertThat(codes(MySqlPreflight.check(nowhere))).containsExactly("connection");
    assertThat(MySqlPreflight.check(nowhere).get(0).message())
        .contains("unknown host 'no-such-host.invalid");
    MySqlSourceOptions closed =
        MySqlSourceOptions.builder(Flavour.MYSQL, "127.0.0.1", 1, "u", new Secret("p")).build();
    assertThat(codes(MySqlPreflight.check(closed))).containsExactly("connection");
  }

  @Test
  void theWrongFlavourIsReported() {
    MySqlSourceOptions options =
        MySqlSourceOptions.builder(
                Flavour.MARIADB,
                mysql.host(),
                mysql.port(),
                mysql.cdc().user(),
                new Secret(mysql.cdc().password()))
            .build();
    assertThat(codes(MySqlPreflight.check(options))).contains("wrong-flavour");
    MySqlSourceOptions other =
        MySqlSourceOptions.builder(
                Flavour.MYSQL,
                mariadb.host(),
                mariadb.port(),
                mariadb.cdc().user(),
                new Secret(mariadb.cdc().password()))
            .build();
    assertThat(codes(MySqlPreflight.check(other))).contains("wrong-flavour");
  }

  /** The server keeps files until it has noticed that the replica reading them is gone. */
  private static void purgeUnused(DatabaseServer server, SourceState state) {
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    List<String> files;
    do {
      server.purgeBinlogs();
      try (java.sql.Connection connection = server.connect()) {
        Flavour flavour = server == mysql ? Flavour.MYSQL : Flavour.MARIADB;
        files = new io.firn.source.connect.ServerStatus(connection, flavour).binlogFiles();
      } catch (java.sql.SQLException e) {
        throw new AssertionError(e);
      }
    } while (files.contains(state.position().file()) && System.nanoTime() < end);
  }

  @Test
  void cascadesThatAreNotLoggedAreReported() {
    for (DatabaseServer server : List.of(mysql, mariadb)) {
      server.execute(
          "CREATE DATABASE cascades",
          "CREATE TABLE cascades.parent (id INT PRIMARY KEY)",
          "CREATE TABLE cascades.child (id INT PRIMARY KEY, p INT, FOREIGN KEY (p) REFERENCES"
              + " cascades.parent (id) ON DELETE CASCADE)",
          "INSERT INTO cascades.parent VALUES (1)",
          "INSERT INTO cascades.child VALUES (1, 1)");
      MySqlSourceOptions options = Servers.options(server, "cascades.\\.*").build();
      boolean reported = codes(MySqlPreflight.check(options)).contains("foreign-key-cascade");
      try (Recording recording = Recording.open(new MySqlSource(options)).toEnd()) {
        recording.forget();
        server.execute("DELETE FROM cascades.parent");
        recording.toEnd();
        boolean logged = recording.changes().size() == 2;
        assertThat(reported).as(server.getClass().getSimpleName()).isNotEqualTo(logged);
      }
    }
  }

  @Test
  void aPurgedBinlogIsReportedWithWhatIsMissing() {
    for (DatabaseServer server : List.of(mysql, mariadb)) {
      server.execute("CREATE DATABASE purged", "CREATE TABLE purged.t (id INT PRIMARY KEY)");
      MySqlSource source = Servers.source(server, "purged.t");
      SourceState state;
      try (Recording recording = Recording.open(source).toEnd()) {
        state = recording.lastBoundary();
      }
      MySqlSourceOptions options = Servers.options(server, "purged.t").build();
      MySqlPreflight.binlogAvailable(options, state.position());
      server.execute("INSERT INTO purged.t VALUES (1)");
      purgeUnused(server, state);
      assertThatThrownBy(() -> MySqlPreflight.binlogAvailable(options, state.position()))
          .isInstanceOf(PositionLostException.class)
          .hasMessageContaining("has purged the transactions '");
      assertThatThrownBy(() -> Recording.open(source, state))
          .isInstanceOf(PositionLostException.class);
    }
  }
}
