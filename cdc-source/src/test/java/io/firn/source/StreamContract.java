package io.firn.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import io.firn.model.error.RetryableException;
import io.firn.model.error.UnsupportedChangeException;
import io.firn.model.row.Operation;
import io.firn.model.row.Row;
import io.firn.model.row.RowChange;
import io.firn.model.schema.TableId;
import io.firn.model.source.SourceReader.Batch;
import io.firn.model.source.SourceState;
import io.firn.model.stream.ChangeBatch;
import io.firn.model.stream.SchemaChange;
import io.firn.model.stream.StreamElement;
import io.firn.testservers.DatabaseServer;
import io.firn.testservers.TcpProxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What every kind of server must give: order, boundaries, exact resumption. */
abstract class StreamContract {

  abstract DatabaseServer server();

  private String fresh(String database) {
    server().execute("DROP DATABASE IF EXISTS " + database, "CREATE DATABASE " + database);
    return database;
  }

  private static void assertIncreasing(List<RowChange> changes) {
    for (int i = 1; i < changes.size(); i++) {
      assertThat(changes.get(i).meta().position())
          .isGreaterThan(changes.get(i - 1).meta().position());
    }
  }

  @Test
  void snapshotAndStreamFollowEachOther() {
    fresh("follow");
    server()
        .execute(
            "CREATE TABLE follow.t (id INT PRIMARY KEY, name VARCHAR(20))",
            "INSERT INTO follow.t VALUES (1, 'one'), (2, 'two')");
    TableId table = new TableId("follow", "t");
    try (Recording recording = Recording.open(Servers.source(server(), "follow.\\.*")).toEnd()) {
      assertThat(recording.schemaChanges())
          .hasExactlyElementsOfTypes(
              SchemaChange.CreateTable.class, SchemaChange.TruncateTable.class);
      assertThat(recording.changes(table))
          .extracting(RowChange::operation)
          .containsExactly(Operation.READ, Operation.READ);
      recording.forget();
      server()
          .execute(
              "INSERT INTO follow.t VALUES (3, 'three')",
              "UPDATE follow.t SET name = 'II' WHERE id = 2",
              "DELETE FROM follow.t WHERE id = 1",
              "UPDATE follow.t SET id = 4 WHERE id = 3");
      recording.toEnd();
      List<RowChange> changes = recording.changes(table);
      assertThat(changes)
          .extracting(RowChange::operation, RowChange::before, RowChange::after)
          .containsExactly(
              tuple(Operation.INSERT, null, Row.of(3, "three")),
              tuple(Operation.UPDATE, Row.of(2, "two"), Row.of(2, "II")),
              tuple(Operation.DELETE, Row.of(1, "one"), null),
              tuple(Operation.DELETE, Row.of(3, "three"), null),
              tuple(Operation.INSERT, null, Row.of(4, "three")));
      assertIncreasing(changes);
      assertThat(changes.get(0).meta().commitTimestampMicros())
          .isGreaterThan((System.currentTimeMillis() - 60_000) * 1_000);
    }
  }

  @Test
  void aBoundaryNeverSplitsATransactionAndSeveralTablesShareIt() {
    fresh("trx");
    server()
        .execute(
            "CREATE TABLE trx.a (id INT PRIMARY KEY, n INT)",
            "CREATE TABLE trx.b (id INT PRIMARY KEY, n INT)");
    try (Recording recording = Recording.open(Servers.source(server(), "trx.\\.*")).toEnd()) {
      recording.forget();
      for (int i = 0; i < 20; i++) {
        server()
            .execute(
                "BEGIN",
                "INSERT INTO trx.a VALUES (" + i + ", 0)",
                "INSERT INTO trx.b VALUES (" + i + ", 0)",
                "SAVEPOINT s",
                "UPDATE trx.a SET n = 1 WHERE id = " + i,
                "ROLLBACK TO s",
                "UPDATE trx.a SET id = id + 1000 WHERE id = " + i,
                "COMMIT");
      }
      recording.toEnd(true);
      assertThat(recording.changes()).hasSize(80);
      assertIncreasing(recording.changes());
      Set<String> transactions = new HashSet<>();
      Set<Integer> marks = new HashSet<>(recording.boundaryMarks);
      int seen = 0;
      for (StreamElement element : recording.elements) {
        seen++;
        if (element instanceof ChangeBatch batch) {
          batch.changes().forEach(change -> transactions.add(change.meta().transactionId()));
          assertThat(batch.changes()).hasSize(4);
          assertThat(marks).contains(seen);
        }
      }
      assertThat(transactions).hasSize(20);
    }
  }

  @Test
  void aLargeTransactionHasOneBoundaryAtItsEnd() {
    fresh("large");
    server()
        .execute(
            "CREATE TABLE large.t (id INT PRIMARY KEY, pad VARCHAR(100))",
            "CREATE TABLE large.digits (d INT PRIMARY KEY)",
            "INSERT INTO large.digits VALUES (0),(1),(2),(3),(4),(5),(6),(7),(8),(9)");
    try (Recording recording = Recording.open(Servers.source(server(), "large.t")).toEnd()) {
      recording.forget();
      server()
          .execute(
              "INSERT INTO large.t SELECT a.d*100000+b.d*10000+c.d*1000+d.d*100+e.d*10+f.d,"
                  + " REPEAT('x', 60) FROM large.digits a, large.digits b, large.digits c,"
                  + " large.digits d, large.digits e, large.digits f WHERE a.d < 1");
      long rows = 0;
      SourceState end = null;
      while (end == null) {
        Batch batch = recording.poll(true);
        for (StreamElement element : batch.elements()) {
          rows += ((ChangeBatch) element).changes().size();
        }
        if (rows > 0) {
          end = batch.boundary();
        }
      }
      assertThat(rows).isEqualTo(100_000);
      assertIncreasing(recording.changes());
    }
  }

  @Test
  void anIdleServerStillGivesBoundaries() throws InterruptedException {
    fresh("idle");
    server()
        .execute(
            "CREATE TABLE idle.t (id INT PRIMARY KEY)",
            "CREATE TABLE idle.other (id INT PRIMARY KEY)");
    MySqlSource source = Servers.source(server(), "idle.t");
    try (Recording recording = Recording.open(source).toEnd()) {
      recording.forget();
      server().execute("INSERT INTO idle.other VALUES (1)");
      server().awaitQuietBinlog();
      recording.toEnd();
      assertThat(recording.elements).isEmpty();
      recording.forget();
      long start = System.nanoTime();
      while (recording.boundaries.isEmpty()) {
        recording.poll(true);
      }
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
      assertThat(recording.lastBoundary().position()).isEqualByComparingTo(source.currentEnd());
    }
  }

  @Test
  void boundariesNeverGoBackAfterARestart() {
    fresh("back");
    server().execute("CREATE TABLE back.t (id INT PRIMARY KEY)");
    MySqlSource source = Servers.source(server(), "back.t");
    SourceState state;
    try (Recording recording = Recording.open(source).toEnd()) {
      server().execute("INSERT INTO back.t VALUES (1), (2)");
      state = recording.toEnd().lastBoundary();
    }
    server().execute("INSERT INTO back.t VALUES (3)");
    try (Recording recording = Recording.open(source, state).toEnd()) {
      assertThat(recording.boundaries)
          .allSatisfy(b -> assertThat(b.position()).isGreaterThanOrEqualTo(state.position()));
      assertThat(recording.changes()).extracting(RowChange::after).containsExactly(Row.of(3));
    }
  }

  /** Kills the reader at random boundaries; what all readers gave together is exact. */
  @Test
  void restartingAtAnyBoundaryLosesNothingAndRepeatsNothing() {
    fresh("resume");
    server()
        .execute(
            "CREATE TABLE resume.t (id INT PRIMARY KEY, n INT)",
            "CREATE TABLE resume.u (id INT, n INT)",
            "CREATE TABLE resume.skipped (id INT)",
            "INSERT INTO resume.t VALUES (-1, 0)");
    MySqlSource source = Servers.source(server(), "resume.t, resume.u");
    SourceState state;
    try (Recording recording = Recording.open(source).toEnd()) {
      state = recording.lastBoundary();
    }
    Random random = new Random(7);
    List<String> statements = new ArrayList<>();
    int expected = 0;
    for (int i = 0; i < 300; i++) {
      switch (random.nextInt(6)) {
        case 0 -> {
          statements.add("INSERT INTO resume.t VALUES (" + i + ", 0)");
          expected++;
        }
        case 1 -> {
          statements.addAll(
              List.of(
                  "BEGIN",
                  "INSERT INTO resume.t VALUES (" + i + ", 1), (" + (i + 1000) + ", 1)",
                  "INSERT INTO resume.u (id, n) VALUES (" + i + ", 1)",
                  "UPDATE resume.t SET id = id + 10000 WHERE id = " + i,
                  "COMMIT"));
          expected += 5;
        }
        case 2 -> statements.add("INSERT INTO resume.skipped VALUES (" + i + ")");
        case 3 -> {
          statements.add("INSERT INTO resume.u (id, n) VALUES (" + i + ", 3), (" + i + ", 3)");
          expected += 2;
        }
        case 4 -> {
          statements.add("ALTER TABLE resume.u ADD COLUMN c" + i + " INT DEFAULT " + i);
          expected++;
        }
        default -> {
          statements.add("FLUSH BINARY LOGS");
        }
      }
    }
    server().execute(statements.toArray(String[]::new));
    List<StreamElement> all = new ArrayList<>();
    int readers = 0;
    boolean done = false;
    while (!done) {
      readers++;
      int stopAfter = 1 + random.nextInt(12);
      List<StreamElement> sinceBoundary = new ArrayList<>();
      int boundaries = 0;
      try (Recording recording = Recording.open(source, state)) {
        while (boundaries < stopAfter && !done) {
          Batch batch = recording.poll(true);
          sinceBoundary.addAll(batch.elements());
          if (batch.boundary() != null) {
            boundaries++;
            state = batch.boundary();
            all.addAll(sinceBoundary);
            sinceBoundary.clear();
            done = state.position().compareTo(source.currentEnd()) >= 0;
          }
        }
      }
    }
    assertThat(readers).isGreaterThan(3);
    List<RowChange> changes = new ArrayList<>();
    int alterations = 0;
    for (StreamElement element : all) {
      if (element instanceof ChangeBatch batch) {
        changes.addAll(batch.changes());
      } else if (element instanceof SchemaChange.AddColumns) {
        alterations++;
      }
    }
    assertIncreasing(changes);
    assertThat(changes.size() + alterations).isEqualTo(expected);
    try (Recording snapshot = Recording.open(source).toEnd()) {
      TableId table = new TableId("resume", "t");
      Map<List<Object>, Row> rows = Recording.apply(all, table);
      rows.put(List.of(-1), Row.of(-1, 0));
      assertThat(rows).isEqualTo(snapshot.table(table));
      assertThat(
              changes.stream().filter(c -> c.table().name().equals("u")).map(c -> c.after().get(0)))
          .containsExactlyInAnyOrderElementsOf(
              snapshot.changes(new TableId("resume", "u")).stream()
                  .map(c -> c.after().get(0))
                  .toList());
    }
  }

  @Test
  void anUnfinishedSnapshotStartsAnewAndVoidsWhatWasRead() {
    fresh("again");
    server()
        .execute(
            "CREATE TABLE again.t (id INT PRIMARY KEY)", "INSERT INTO again.t VALUES (1), (2)");
    MySqlSource source = Servers.source(server(), "again.t");
    SourceState first;
    try (Recording recording = Recording.open(source)) {
      Batch batch = recording.poll(true);
      while (batch.boundary() == null) {
        batch = recording.poll(true);
      }
      first = batch.boundary();
    }
    assertThat(first.snapshotCompleted()).isFalse();
    assertThat(first.position().snapshot()).isTrue();
    try (Recording recording = Recording.open(source, first).toEnd()) {
      assertThat(recording.elements.get(1)).isInstanceOf(SchemaChange.TruncateTable.class);
      assertThat(recording.changes()).hasSize(2);
    }
  }

  @Test
  void aStateWithoutAnOffsetGoesOnFromItsPosition() {
    fresh("lake");
    server().execute("CREATE TABLE lake.t (id INT PRIMARY KEY)");
    MySqlSource source = Servers.source(server(), "lake.t");
    SourceState state;
    try (Recording recording = Recording.open(source).toEnd()) {
      state = recording.lastBoundary();
    }
    SourceState fromLake =
        new SourceState(
            io.firn.model.stream.SourcePosition.parse(state.position().encode()),
            true,
            "",
            state.tableSchemas());
    server().execute("INSERT INTO lake.t VALUES (1)");
    try (Recording recording = Recording.open(source, fromLake).toEnd()) {
      assertThat(recording.changes()).extracting(RowChange::after).containsExactly(Row.of(1));
    }
  }

  @Test
  void xaTransactionsStopOnlyWhereTheyTouchCapturedTables() {
    fresh("xa");
    server().execute("CREATE TABLE xa.t (id INT PRIMARY KEY)", "CREATE TABLE xa.other (id INT)");
    try (Recording recording = Recording.open(Servers.source(server(), "xa.t")).toEnd()) {
      server()
          .execute(
              "XA START 'o'",
              "INSERT INTO xa.other VALUES (1)",
              "XA END 'o'",
              "XA PREPARE 'o'",
              "XA COMMIT 'o'",
              "INSERT INTO xa.t VALUES (1)");
      recording.toEnd();
      assertThat(recording.changes()).hasSize(1);
      server()
          .execute(
              "XA START 'c'",
              "INSERT INTO xa.t VALUES (2)",
              "XA END 'c'",
              "XA PREPARE 'c'",
              "XA ROLLBACK 'c'");
      assertThatThrownBy(recording::toEnd)
          .isInstanceOf(UnsupportedChangeException.class)
          .hasMessageContaining("XA transaction");
      assertThat(recording.changes()).hasSize(1);
    }
  }

  @Test
  void aConnectionThatDiesSilentlyIsNoticed() {
    fresh("silent");
    server().execute("CREATE TABLE silent.t (id INT PRIMARY KEY)");
    try (TcpProxy proxy = TcpProxy.to(server())) {
      MySqlSourceOptions options = Servers.through(proxy, server(), "silent.t").build();
      try (Recording recording = Recording.open(new MySqlSource(options)).toEnd()) {
        server().execute("INSERT INTO silent.t VALUES (1)");
        recording.toEnd(); // streaming by now
        proxy.stall();
        long start = System.nanoTime();
        assertThatThrownBy(
                () -> {
                  while (System.nanoTime() - start < Duration.ofSeconds(20).toNanos()) {
                    recording.poll(true);
                  }
                })
            .isInstanceOf(RetryableException.class)
            .hasMessageContaining("silent for");
        assertThat(Duration.ofNanos(System.nanoTime() - start))
            .as("twice the timeout")
            .isLessThan(Duration.ofSeconds(4));
      }
    }
  }

  @Test
  void aSnapshotWhoseConnectionDiesSilentlyIsGivenUp() {
    fresh("dead");
    server()
        .execute(
            "CREATE TABLE dead.t (id INT PRIMARY KEY, pad VARCHAR(1000))",
            "CREATE TABLE dead.digits (d INT PRIMARY KEY)",
            "INSERT INTO dead.digits VALUES (0),(1),(2),(3),(4),(5),(6),(7),(8),(9)",
            "INSERT INTO dead.t SELECT a.d*1000+b.d*100+c.d*10+d.d, REPEAT('x', 1000) FROM"
                + " dead.digits a, dead.digits b, dead.digits c, dead.digits d");
    try (TcpProxy proxy = TcpProxy.to(server())) {
      MySqlSourceOptions options = Servers.through(proxy, server(), "dead.t").build();
      proxy.delay(Duration.ofMillis(20));
      try (Recording recording = Recording.open(new MySqlSource(options))) {
        while (recording.changes().isEmpty()) {
          recording.poll(true);
        }
        proxy.stall();
        long start = System.nanoTime();
        assertThatThrownBy(
                () -> {
                  while (System.nanoTime() - start < Duration.ofSeconds(30).toNanos()) {
                    recording.poll(true);
                  }
                })
            .isInstanceOf(RetryableException.class)
            .hasMessageContaining("the snapshot starts again");
        assertThat(recording.boundaries).noneMatch(SourceState::snapshotCompleted);
      }
    }
  }

  @Test
  void theServersRestartIsARetryableFailure() {
    fresh("restart");
    server().execute("CREATE TABLE restart.t (id INT PRIMARY KEY)");
    MySqlSource source = Servers.source(server(), "restart.t");
    SourceState state;
    try (Recording recording = Recording.open(source).toEnd()) {
      state = recording.lastBoundary();
      server().restart();
      Optional<RuntimeException> failure = Optional.empty();
      long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
      while (failure.isEmpty() && System.nanoTime() < end) {
        try {
          recording.poll(true);
        } catch (RetryableException e) {
          failure = Optional.of(e);
        }
      }
      assertThat(failure).isPresent();
    }
    server().execute("INSERT INTO restart.t VALUES (1)");
    try (Recording recording = Recording.open(source, state).toEnd()) {
      assertThat(recording.changes()).extracting(RowChange::after).containsExactly(Row.of(1));
    }
  }
}
