package io.firn.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.model.error.ConfigurationException;
import io.firn.model.error.InconsistentStateException;
import io.firn.model.error.PositionLostException;
import io.firn.model.source.SourceState;
import io.firn.model.stream.SourcePosition;
import io.firn.source.preflight.MySqlPreflight;
import io.firn.source.preflight.Problem;
import io.firn.testservers.DatabaseServer;
import io.firn.testservers.MySqlServer;
import org.junit.jupiter.api.Test;

class MySqlFailoverTest extends FailoverContract {
  private static final String[] NO_GTIDS = {"--gtid-mode=OFF", "--enforce-gtid-consistency=OFF"};

  @Override
  DatabaseServer start(String... options) {
    return MySqlServer.start(options);
  }

  @Override
  String purgedAfter(SourcePosition position) {
    String set = position.gtidSet();
    long last = Long.parseLong(set.substring(set.lastIndexOf('-') + 1));
    return set.substring(0, set.indexOf(':')) + ":" + (last + 1) + "-" + (last + 2) + "'";
  }

  private static void createTable(DatabaseServer server) {
    server.execute("CREATE DATABASE d", "CREATE TABLE d.t (id INT PRIMARY KEY)");
  }

  /** The other server has a file of the same name that is long enough. */
  @Test
  void withoutGtidsAnotherServerIsRefused() {
    try (DatabaseServer one = start(NO_GTIDS);
        DatabaseServer other = start(NO_GTIDS)) {
      createTable(one);
      createTable(other);
      other.execute("INSERT INTO d.t VALUES (1), (2), (3)");
      SourceState state;
      try (Recording recording = Recording.open(Servers.source(one, "d.t")).toEnd()) {
        state = recording.lastBoundary();
      }
      assertThatThrownBy(() -> Recording.open(Servers.source(other, "d.t"), state))
          .isInstanceOf(PositionLostException.class)
          .hasMessageContaining("this is another server ('")
          .hasMessageContaining("gtid_mode");
    }
  }

  @Test
  void aPositionFromBeforeGtidsWereSwitchedOnIsRefused() {
    try (DatabaseServer server = start("--gtid-mode=OFF")) {
      createTable(server);
      SourceState state;
      try (Recording recording = Recording.open(Servers.source(server, "d.t")).toEnd()) {
        state = recording.lastBoundary();
      }
      server.execute(
          "SET GLOBAL gtid_mode = OFF_PERMISSIVE",
          "SET GLOBAL gtid_mode = ON_PERMISSIVE",
          "SET GLOBAL gtid_mode = ON",
          "INSERT INTO d.t VALUES (1)");
      assertThatThrownBy(() -> Recording.open(Servers.source(server, "d.t"), state))
          .isInstanceOf(PositionLostException.class)
          .hasMessageContaining("'gtid_mode' is ON");
    }
  }

  @Test
  void gtidsMayBeSwitchedOnUnderARunningPipeline() {
    try (DatabaseServer server = start("--gtid-mode=OFF")) {
      createTable(server);
      MySqlSource source = Servers.source(server, "d.t");
      SourceState state;
      try (Recording recording = Recording.open(source).toEnd()) {
        server.execute("INSERT INTO d.t VALUES (0)");
        recording.toEnd(); // streaming by now
        recording.forget();
        server.execute(
            "SET GLOBAL gtid_mode = OFF_PERMISSIVE",
            "SET GLOBAL gtid_mode = ON_PERMISSIVE",
            "INSERT INTO d.t VALUES (1)",
            "SET GLOBAL gtid_mode = ON",
            "INSERT INTO d.t VALUES (2)");
        state = recording.toEnd().lastBoundary();
        assertThat(recording.changes()).hasSize(2);
      }
      server.execute("INSERT INTO d.t VALUES (3)");
      try (Recording recording = Recording.open(source, state).toEnd()) {
        assertThat(recording.changes()).hasSize(1);
      }
    }
  }

  @Test
  void taggedGtidsAreRefusedAndNotMisread() {
    try (DatabaseServer server = start()) {
      createTable(server);
      MySqlSource source = Servers.source(server, "d.t");
      SourceState state;
      try (Recording recording = Recording.open(source).toEnd()) {
        server.execute("INSERT INTO d.t VALUES (0)");
        state = recording.toEnd().lastBoundary(); // streaming by now
        recording.forget();
        server.execute("SET gtid_next = 'AUTOMATIC:blue'", "INSERT INTO d.t VALUES (1)");
        assertThatThrownBy(
                () -> {
                  while (true) {
                    recording.poll(true);
                  }
                })
            .isInstanceOf(InconsistentStateException.class)
            .hasMessageContaining("tagged");
        assertThat(recording.changes()).isEmpty();
      }
      assertThatThrownBy(() -> Recording.open(source, state))
          .isInstanceOf(ConfigurationException.class)
          .hasMessageContaining("have tags ('");
      assertThat(MySqlPreflight.check(Servers.options(server, "d.t").build()))
          .extracting(Problem::code)
          .contains("tagged-gtids");
    }
  }
}
