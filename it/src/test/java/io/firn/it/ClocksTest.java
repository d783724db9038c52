package io.firn.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.it.fault.Fault;
import io.firn.it.process.FirnProcess;
import io.firn.it.process.Pipeline;
import io.firn.testservers.MySqlServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Clocks that jump and time zones that differ leave the values as they are. */
class ClocksTest {
  /** Microseconds around the days on which summer time begins and ends in Europe and America. */
  private static final String[] LOCAL_TIMES = {
    "2021-03-28 02:30:00.000001", "2021-10-31 02:30:00.999999", "2021-03-14 02:30:00",
    "2021-11-07 01:30:00", "1000-01-01 00:00:00", "9999-12-31 23:59:59.999999"
  };

  private static final long[] INSTANTS = {
    1_616_891_400L, 1_635_640_200L, 1_635_643_800L, 1L, 2_147_483_647L
  };

  @Test
  void storedTimesDependOnNoClockAndNoTimeZone() throws Exception {
    try (MySqlServer server = MySqlServer.start("--default-time-zone=+05:30")) {
      server.execute(
          "CREATE DATABASE times",
          "CREATE TABLE times.orders (id INT PRIMARY KEY AUTO_INCREMENT, at TIMESTAMP(6) NOT NULL,"
              + " wall DATETIME(6) NOT NULL)");
      Pipeline pipeline =
          Pipeline.of("times", server, "times", Source.directory("times"))
              .setting("checkpoint.interval", "200ms");
      insert(server, "-03:00");
      run(pipeline, "Europe/Berlin");
      // The binlog's events have times that go back and forth by decades.
      insert(server, "+13:00");
      run(pipeline, "America/New_York");
      Firn.reached(Fault.CLOCK_JUMPED);
      Firn.reached(Fault.TIME_ZONES);
      assertThat(
              TableReader.rows(
                  pipeline,
                  "orders",
                  row ->
                      row.getField("id")
                          + " "
                          + ((OffsetDateTime) row.getField("at"))
                              .withOffsetSameInstant(ZoneOffset.UTC)
                              .toLocalDateTime()
                          + " "
                          + row.getField("wall")))
          .containsExactlyInAnyOrderElementsOf(expected(server));
    }
  }

  private static void insert(MySqlServer server, String zone) throws SQLException {
    try (Connection connection = server.connect("times");
        Statement statement = connection.createStatement()) {
      statement.execute("SET time_zone = '" + zone + "'");
      for (long instant : INSTANTS) {
        for (String local : LOCAL_TIMES) {
          statement.execute("SET timestamp = " + instant);
          statement.execute(
              "INSERT INTO orders (at, wall) VALUES (FROM_UNIXTIME("
                  + instant
                  + "), '"
                  + local
                  + "')");
        }
      }
    }
  }

  private static List<String> expected(MySqlServer server) throws SQLException {
    List<String> expected = new ArrayList<>();
    try (Connection connection = server.connect("times");
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT id, UNIX_TIMESTAMP(at), CAST(wall AS CHAR) FROM orders")) {
      while (rows.next()) {
        expected.add(
            rows.getInt(1)
                + " "
                + LocalDateTime.ofEpochSecond(rows.getLong(2), 0, ZoneOffset.UTC)
                + " "
                + LocalDateTime.parse(rows.getString(3).replace(' ', 'T')));
      }
    }
    assertThat(expected).hasSize(2 * INSTANTS.length * LOCAL_TIMES.length);
    return expected;
  }

  private static void run(Pipeline pipeline, String zone) {
    String yaml = pipeline.yaml().replaceFirst("  partition.key: .*\n", "");
    FirnProcess.start(
            FirnProcess.Options.of(pipeline).property("user.timezone", zone),
            "run",
            pipeline.write(yaml).toString(),
            "--until-caught-up")
        .expectExit(0, Firn.LIMIT_SECONDS);
  }
}
