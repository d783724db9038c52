package io.firn.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.model.row.Row;
import io.firn.model.row.RowChange;
import io.firn.testservers.DatabaseServer;
import io.firn.testservers.MariaDbServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class MariaDbDdlTest implements ColumnDdlContract, TableDdlContract, StatementDdlContract {
  private static DatabaseServer server;

  @BeforeAll
  static void start() {
    server = MariaDbServer.start("--log-bin-trust-function-creators=ON");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Override
  public DatabaseServer server() {
    return server;
  }

  @Test
  void sequencesAreNoTables() {
    fresh("seq");
    server()
        .execute(
            "CREATE TABLE seq.t (id INT PRIMARY KEY)",
            "CREATE SEQUENCE seq.s",
            "SELECT NEXTVAL(seq.s)");
    try (Recording recording = Recording.open(Servers.source(server(), "seq.\\.*")).toEnd()) {
      recording.forget();
      server()
          .execute(
              "SELECT NEXTVAL(seq.s)",
              "CREATE SEQUENCE seq.s2",
              "SELECT NEXTVAL(seq.s2)",
              "SELECT SETVAL(seq.s, 5000)",
              "DROP SEQUENCE seq.s",
              "ALTER TABLE seq.t ADD COLUMN a INT",
              "ALTER TABLE seq.t ADD COLUMN IF NOT EXISTS a BIGINT, DROP COLUMN IF EXISTS b",
              "INSERT INTO seq.t VALUES (1, 1)");
      recording.toEnd();
      assertThat(recording.schemaChanges()).hasSize(1);
      assertThat(recording.changes()).extracting(RowChange::after).containsExactly(Row.of(1, 1));
    }
  }
}
