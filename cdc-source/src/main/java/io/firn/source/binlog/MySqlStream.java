package io.firn.source.binlog;

import com.github.shyiko.mysql.binlog.BinaryLogClient;
import com.github.shyiko.mysql.binlog.event.Event;
import com.github.shyiko.mysql.binlog.event.deserialization.EventDeserializer;
import io.debezium.config.Configuration;
import io.debezium.connector.binlog.BinlogEventMetadataProvider;
import io.debezium.connector.binlog.jdbc.BinlogConnectorConnection;
import io.debezium.connector.mysql.MySqlConnector;
import io.debezium.connector.mysql.MySqlConnectorConfig;
import io.debezium.connector.mysql.MySqlOffsetContext;
import io.debezium.connector.mysql.MySqlPartition;
import io.debezium.connector.mysql.MySqlStreamingChangeEventSource;
import io.debezium.connector.mysql.MySqlStreamingChangeEventSourceMetrics;
import io.debezium.connector.mysql.MySqlTaskContext;
import io.debezium.connector.mysql.jdbc.MySqlConnection;
import io.debezium.connector.mysql.jdbc.MySqlConnectionConfiguration;
import io.debezium.connector.mysql.jdbc.MySqlFieldReaderResolver;
import io.debezium.pipeline.ErrorHandler;
import io.debezium.pipeline.source.spi.ChangeEventSource.ChangeEventSourceContext;
import io.debezium.snapshot.SnapshotterService;
import io.debezium.util.Clock;
import io.firn.model.stream.SourcePosition;
import java.sql.SQLException;

/**
 * Debezium's streaming source for MySQL, with its events led into a {@link BinlogTap} as they come
 * from the client. What remains of Debezium here: TLS, GTID negotiation and connecting.
 */
final class MySqlStream extends MySqlStreamingChangeEventSource {
  private final BinlogTap tap;

  private MySqlStream(
      MySqlConnectorConfig config,
      BinlogConnectorConnection connection,
      ErrorHandler errors,
      MySqlTaskContext task,
      SnapshotterService snapshotter,
      BinaryLogClient client,
      BinlogTap tap) {
    super(
        config,
        connection,
        null, // records are not dispatched
        errors,
        Clock.system(),
        task,
        null, // tables are known to the tap
        new MySqlStreamingChangeEventSourceMetrics(
            task, new EmptyQueue(), new BinlogEventMetadataProvider(), java.util.Set::of, client),
        snapshotter,
        client);
    this.tap = tap;
  }

  static void run(
      Configuration configuration,
      BinaryLogClient client,
      BinlogTap tap,
      SourcePosition start,
      ChangeEventSourceContext context)
      throws InterruptedException, SQLException {
    MySqlConnectorConfig config = new MySqlConnectorConfig(configuration);
    MySqlTaskContext task = new MySqlTaskContext(configuration, config);
    try (MySqlConnection connection =
        new MySqlConnection(
            new MySqlConnectionConfiguration(configuration),
            MySqlFieldReaderResolver.resolve(config))) {
      MySqlOffsetContext offset = MySqlOffsetContext.initial(config);
      MySqlStream stream =
          new MySqlStream(
              config,
              connection,
              StreamParts.errors(MySqlConnector.class, config, tap),
              task,
              StreamParts.noSnapshots(),
              client,
              tap);
      StreamParts.execute(
          stream, new MySqlPartition(config.getLogicalName(), ""), offset, start, context);
    }
  }

  @Override
  protected EventDeserializer createEventDeserializer() {
    return new RawEvents();
  }

  @Override
  protected void handleEvent(
      MySqlPartition partition,
      MySqlOffsetContext offset,
      ChangeEventSourceContext context,
      Event event) {
    tap.handle(event);
  }

  @Override
  protected void onEvent(MySqlOffsetContext offset, Event event) {
    // Only Debezium's metrics would be fed here.
  }

  @Override
  protected void initializeGtidSet(String gtidSet) {
    super.initializeGtidSet(gtidSet);
    tap.begin(gtidSet);
  }
}
