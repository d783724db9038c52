package io.firn.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.model.row.Operation;
import io.firn.model.row.Row;
import io.firn.model.row.RowChange;
import io.firn.model.schema.TableId;
import io.firn.model.stream.SchemaChange;
import io.firn.testservers.DatabaseServer;
import io.firn.testservers.MySqlServer;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class MySqlSourceTest {
  private static DatabaseServer server;

  @BeforeAll
  static void start() {
    server = MySqlServer.start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void snapshotAndStreamFollowEachOther() {
    server.execute(
        "CREATE DATABASE a",
        "CREATE TABLE a.t (id INT PRIMARY KEY, name VARCHAR(20))",
        "INSERT INTO a.t VALUES (1, 'one'), (2, 'two')");
    TableId table = new TableId("a", "t");
    try (Recording recording = Recording.open(Servers.source(server, "a.\\.*")).toEnd()) {
      assertThat(recording.schemaChanges())
          .hasExactlyElementsOfTypes(
              SchemaChange.CreateTable.class, SchemaChange.TruncateTable.class);
      assertThat(recording.changes(table))
          .extracting(RowChange::operation)
          .containsExactly(Operation.READ, Operation.READ);
      recording.forget();
      server.execute(
          "INSERT INTO a.t VALUES (3, 'three')",
          "UPDATE a.t SET name = 'II' WHERE id = 2",
          "DELETE FROM a.t WHERE id = 1",
          "UPDATE a.t SET id = 4 WHERE id = 3");
      recording.toEnd();
      assertThat(recording.changes(table))
          .extracting(RowChange::operation, RowChange::before, RowChange::after)
          .containsExactly(
              org.assertj.core.groups.Tuple.tuple(Operation.INSERT, null, Row.of(3, "three")),
              org.assertj.core.groups.Tuple.tuple(
                  Operation.UPDATE, Row.of(2, "two"), Row.of(2, "II")),
              org.assertj.core.groups.Tuple.tuple(Operation.DELETE, Row.of(1, "one"), null),
              org.assertj.core.groups.Tuple.tuple(Operation.DELETE, Row.of(3, "three"), null),
              org.assertj.core.groups.Tuple.tuple(Operation.INSERT, null, Row.of(4, "three")));
      List<RowChange> changes = recording.changes(table);
      for (int i = 1; i < changes.size(); i++) {
        assertThat(changes.get(i).meta().position())
            .isGreaterThan(changes.get(i - 1).meta().position());
      }
    }
  }
}
