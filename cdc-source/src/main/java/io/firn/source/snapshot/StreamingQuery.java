package io.firn.source.snapshot;

import io.firn.source.Flavour;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * A query whose rows come as they are read, so that the result never stands in memory as a whole.
 */
final class StreamingQuery implements AutoCloseable {
  private static final int MARIADB_FETCH_ROWS = 1_000;

  private final Statement statement;
  private final ResultSet rows;

  StreamingQuery(Connection connection, Flavour flavour, String query) throws SQLException {
    statement = connection.createStatement(ResultSet.TYPE_FORWARD_ONLY, ResultSet.CONCUR_READ_ONLY);
    // For Connector/J the smallest integer is the sign for streaming.
    statement.setFetchSize(flavour == Flavour.MYSQL ? Integer.MIN_VALUE : MARIADB_FETCH_ROWS);
    rows = statement.executeQuery(query);
  }

  ResultSet rows() {
    return rows;
  }

  @Override
  public void close() throws SQLException {
    rows.close();
    statement.close();
  }
}
