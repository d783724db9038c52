package io.firn.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.model.row.Row;
import io.firn.model.row.RowChange;
import io.firn.model.stream.SourcePosition;
import io.firn.testservers.DatabaseServer;
import io.firn.testservers.MariaDbServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class MariaDbStreamTest extends StreamContract {
  private static DatabaseServer server;

  @BeforeAll
  static void start() {
    server = MariaDbServer.start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Override
  DatabaseServer server() {
    return server;
  }

  /**
   * MariaDB notes in its binlog, on its own and late, that older files are not needed for recovery
   * any more. These events move the end without a transaction, and nothing is lost or repeated.
   */
  @Test
  void theEndMovesByEventsThatBelongToNoTransaction() {
    server.execute(
        "CREATE DATABASE late",
        "CREATE TABLE late.t (id INT PRIMARY KEY)",
        "SET GLOBAL innodb_flush_log_at_timeout = 2700",
        "INSERT INTO late.t VALUES (1)",
        "FLUSH BINARY LOGS",
        "FLUSH BINARY LOGS");
    MySqlSource source = Servers.source(server, "late.t");
    try (Recording recording = Recording.open(source).toEnd()) {
      server.execute("INSERT INTO late.t VALUES (2)");
      SourcePosition before = recording.toEnd().lastBoundary().position();
      recording.forget();
      server.execute("SET GLOBAL innodb_flush_log_at_timeout = 1");
      server.awaitQuietBinlog();
      SourcePosition after = recording.toEnd().lastBoundary().position();
      assertThat(after).isGreaterThan(before).isEqualByComparingTo(source.currentEnd());
      assertThat(after.gtidSet()).isEqualTo(before.gtidSet());
      assertThat(recording.changes()).isEmpty();
      server.execute("INSERT INTO late.t VALUES (3)");
      assertThat(recording.toEnd().changes())
          .extracting(RowChange::after)
          .containsExactly(Row.of(3));
    }
  }
}
