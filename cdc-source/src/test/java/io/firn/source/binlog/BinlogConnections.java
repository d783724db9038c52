package io.firn.source.binlog;

import io.firn.source.MySqlSourceOptions;
import io.firn.source.connect.TlsFailures;
import java.io.IOException;

/** Binlog connections alone: in use they come after JDBC, which then hides what they would do. */
public final class BinlogConnections {
  private BinlogConnections() {}

  /** Connects and ends the connection at the first event. */
  public static void tryOut(MySqlSourceOptions options) {
    BinlogClient client = new BinlogClient(options);
    client.setBlocking(false);
    client.setKeepAlive(false);
    try {
      client.connect();
    } catch (IOException e) {
      throw TlsFailures.of(e, options.address())
          .map(RuntimeException.class::cast)
          .orElseGet(() -> new IllegalStateException(e));
    }
  }
}
