package io.firn.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.model.error.PositionLostException;
import io.firn.model.error.RetryableException;
import io.firn.model.row.Row;
import io.firn.model.row.RowChange;
import io.firn.model.source.SourceReader.Batch;
import io.firn.model.source.SourceState;
import io.firn.model.stream.SourcePosition;
import io.firn.testservers.DatabaseServer;
import io.firn.testservers.TcpProxy;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Reading goes on, by GTID, on a replica that was promoted and has other binlog files. */
abstract class FailoverContract {
  private DatabaseServer first;
  private DatabaseServer second;

  abstract DatabaseServer start(String... options);

  /** Two servers, the second a replica of the first, and a table with two rows. */
  private void pair(String... optionsOfSecond) {
    first = start();
    second = start(optionsOfSecond);
    second.follow(first);
    first.execute(
        "CREATE DATABASE d",
        "CREATE TABLE d.t (id INT PRIMARY KEY, n INT)",
        "CREATE TABLE d.other (id INT)",
        "INSERT INTO d.t VALUES (1, 0), (2, 0)");
  }

  @AfterEach
  void stop() {
    for (DatabaseServer server : new DatabaseServer[] {first, second}) {
      if (server != null) {
        server.close();
      }
    }
  }

  private static void rotate(DatabaseServer server, int times) {
    for (int i = 0; i < times; i++) {
      server.execute("FLUSH BINARY LOGS");
    }
  }

  private SourceState readFirst() {
    try (Recording recording = Recording.open(Servers.source(first, "d.t")).toEnd()) {
      first.execute("INSERT INTO d.t VALUES (3, 0)", "UPDATE d.t SET n = 1 WHERE id = 1");
      return recording.toEnd().lastBoundary();
    }
  }

  private void failOver() {
    second.awaitReplicated(first);
    first.stop();
    second.promote();
  }

  /** Nothing before the switch is repeated, nothing after it is lost, boundaries move on. */
  private void assertGoesOnWithSecond() {
    SourceState state = readFirst();
    first.execute("INSERT INTO d.t VALUES (4, 0)", "UPDATE d.t SET n = 2 WHERE id = 1");
    failOver();
    second.execute("INSERT INTO d.t VALUES (5, 0)");
    MySqlSource source = Servers.source(second, "d.t");
    assertThat(state.position().reaches(source.currentEnd())).isFalse();
    SourceState reached;
    try (Recording recording = Recording.open(source, state).toEnd()) {
      assertThat(recording.changes())
          .extracting(RowChange::after)
          .containsExactly(Row.of(4, 0), Row.of(1, 2), Row.of(5, 0));
      second.execute("INSERT INTO d.other VALUES (1)");
      second.awaitQuietBinlog(); // The end to read up to and the one to compare with are one.
      recording.toEnd();
      assertThat(recording.changes()).hasSize(3);
      reached = recording.lastBoundary();
      assertThat(reached.position()).isEqualByComparingTo(source.currentEnd());
      assertThat(reached.position()).isGreaterThan(state.position());
    }
    second.execute("DELETE FROM d.t WHERE id = 5");
    try (Recording recording = Recording.open(source, reached).toEnd()) {
      assertThat(recording.changes()).extracting(RowChange::before).containsExactly(Row.of(5, 0));
    }
  }

  @Test
  void theReplicasFilesMayHaveLowerNumbers() {
    pair("--server-id=2");
    rotate(first, 9);
    assertGoesOnWithSecond();
  }

  @Test
  void theReplicasFilesMayHaveHigherNumbers() {
    pair("--server-id=2");
    rotate(second, 9);
    assertGoesOnWithSecond();
  }

  @Test
  void theReplicasFilesMayHaveAnotherName() {
    pair("--server-id=2", "--log-bin=other");
    assertGoesOnWithSecond();
  }

  @Test
  void nothingIsReadWhenTheReplicaHasNothingNew() {
    pair("--server-id=2", "--log-bin=other");
    SourceState state = readFirst();
    failOver();
    MySqlSource source = Servers.source(second, "d.t");
    assertThat(state.position()).isEqualByComparingTo(source.currentEnd());
    try (Recording recording = Recording.open(source, state).toEnd()) {
      rotate(second, 1);
      recording.toEnd();
      assertThat(recording.changes()).isEmpty();
    }
  }

  /** The name leads to another server while changes flow, and a transaction may be cut in two. */
  @Test
  void aSwitchInTheMiddleOfATransactionRepeatsAllOfIt() {
    pair("--server-id=2", "--log-bin=other");
    try (TcpProxy proxy = TcpProxy.to(first)) {
      MySqlSource source = new MySqlSource(Servers.through(proxy, first, "d.t").build());
      SourceState state;
      try (Recording recording = Recording.open(source).toEnd()) {
        state = recording.lastBoundary();
        proxy.cutAfter(40_000);
        first.execute(
            "BEGIN",
            "INSERT INTO d.t VALUES (100, 0)",
            manyRows(),
            "INSERT INTO d.t VALUES (200, 0)",
            "COMMIT");
        first.execute("INSERT INTO d.t VALUES (300, 0)");
        state = readUntilLost(recording, state);
      }
      failOver();
      proxy.redirect(second.port());
      second.execute("INSERT INTO d.t VALUES (400, 0)");
      try (Recording recording = Recording.open(source, state).toEnd()) {
        List<RowChange> changes = recording.changes();
        assertThat(changes).hasSize(10_004);
        assertThat(changes.get(0).after()).isEqualTo(Row.of(100, 0));
        assertThat(changes.get(10_003).after()).isEqualTo(Row.of(400, 0));
        assertThat(changes.stream().map(RowChange::after).distinct()).hasSize(10_004);
      }
    }
  }

  private String manyRows() {
    StringBuilder sql = new StringBuilder("INSERT INTO d.t VALUES ");
    for (int i = 0; i < 10_000; i++) {
      sql.append(i == 0 ? "" : ",").append('(').append(1_000 + i).append(",0)");
    }
    return sql.toString();
  }

  private static SourceState readUntilLost(Recording recording, SourceState from) {
    SourceState state = from;
    long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (System.nanoTime() < end) {
      try {
        Batch batch = recording.poll(true);
        if (batch.boundary() != null) {
          state = batch.boundary();
        }
      } catch (RetryableException e) {
        return state;
      }
    }
    throw new AssertionError("The connection was not lost");
  }

  @Test
  void aReplicaThatLacksWhatWasReadIsRefused() {
    pair("--server-id=2");
    second.awaitReplicated(first);
    second.promote();
    SourceState state = readFirst();
    assertThatThrownBy(() -> Recording.open(Servers.source(second, "d.t"), state))
        .isInstanceOf(PositionLostException.class)
        .hasMessageContaining("does not have the transactions '")
        .hasMessageContaining("a replica that is behind");
  }

  @Test
  void transactionsThatTheReplicaHasPurgedAreNamed() {
    pair("--server-id=2", "--log-bin=other");
    SourceState state = readFirst();
    first.execute("INSERT INTO d.t VALUES (4, 0)", "INSERT INTO d.t VALUES (5, 0)");
    failOver();
    purgeAllButCurrent(second);
    second.execute("INSERT INTO d.t VALUES (6, 0)");
    SourcePosition end = Servers.source(second, "d.t").currentEnd();
    assertThat(end.reaches(state.position())).isTrue();
    assertThatThrownBy(() -> Recording.open(Servers.source(second, "d.t"), state))
        .isInstanceOf(PositionLostException.class)
        .hasMessageContaining("has purged the transactions '" + purgedAfter(state.position()));
  }

  /** MariaDB keeps files until the storage engine has made their transactions durable. */
  private static void purgeAllButCurrent(DatabaseServer server) {
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    do {
      server.purgeBinlogs();
    } while (!server.value("SHOW BINARY LOGS").equals(server.currentBinlog())
        && System.nanoTime() < end);
  }

  /** Beginning of the text that names the two transactions that were not read. */
  abstract String purgedAfter(SourcePosition position);
}
