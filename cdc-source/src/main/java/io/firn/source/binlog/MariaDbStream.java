package io.firn.source.binlog;

import com.github.shyiko.mysql.binlog.BinaryLogClient;
import com.github.shyiko.mysql.binlog.event.Event;
import com.github.shyiko.mysql.binlog.event.deserialization.EventDeserializer;
import io.debezium.config.Configuration;
import io.debezium.connector.binlog.BinlogEventMetadataProvider;
import io.debezium.connector.binlog.jdbc.BinlogConnectorConnection;
import io.debezium.connector.mariadb.MariaDbConnector;
import io.debezium.connector.mariadb.MariaDbConnectorConfig;
import io.debezium.connector.mariadb.MariaDbOffsetContext;
import io.debezium.connector.mariadb.MariaDbPartition;
import io.debezium.connector.mariadb.MariaDbStreamingChangeEventSource;
import io.debezium.connector.mariadb.MariaDbTaskContext;
import io.debezium.connector.mariadb.jdbc.MariaDbConnection;
import io.debezium.connector.mariadb.jdbc.MariaDbConnectionConfiguration;
import io.debezium.connector.mariadb.jdbc.MariaDbFieldReader;
import io.debezium.connector.mariadb.metrics.MariaDbStreamingChangeEventSourceMetrics;
import io.debezium.pipeline.ErrorHandler;
import io.debezium.pipeline.source.spi.ChangeEventSource.ChangeEventSourceContext;
import io.debezium.snapshot.SnapshotterService;
import io.debezium.util.Clock;
import io.firn.model.stream.SourcePosition;
import java.sql.SQLException;

/**
 * Debezium's streaming source for MariaDB, with its events led into a {@link BinlogTap} as they
 * come from the client. What remains of Debezium here: TLS, GTID negotiation and connecting.
 */
final class MariaDbStream extends MariaDbStreamingChangeEventSource {
  private final BinlogTap tap;

  private MariaDbStream(
      MariaDbConnectorConfig config,
      BinlogConnectorConnection connection,
      ErrorHandler errors,
      MariaDbTaskContext task,
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
        new MariaDbStreamingChangeEventSourceMetrics(
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
    MariaDbConnectorConfig config = new MariaDbConnectorConfig(configuration);
    MariaDbTaskContext task = new MariaDbTaskContext(configuration, config);
    try (MariaDbConnection connection =
        new MariaDbConnection(
            new MariaDbConnectionConfiguration(configuration), new MariaDbFieldReader(config))) {
      MariaDbOffsetContext offset = MariaDbOffsetContext.initial(config);
      MariaDbStream stream =
          new MariaDbStream(
              config,
              connection,
              StreamParts.errors(MariaDbConnector.class, config, tap),
              task,
              StreamParts.noSnapshots(),
              client,
              tap);
      StreamParts.execute(
          stream, new MariaDbPartition(config.getLogicalName(), ""), offset, start, context);
    }
  }

  @Override
  protected EventDeserializer createEventDeserializer() {
    return new RawEvents();
  }

  @Override
  protected void handleEvent(
      MariaDbPartition partition,
      MariaDbOffsetContext offset,
      ChangeEventSourceContext context,
      Event event) {
    tap.handle(event);
  }

  @Override
  protected void onEvent(MariaDbOffsetContext offset, Event event) {
    // Only Debezium's metrics would be fed here.
  }

  @Override
  protected void initializeGtidSet(String gtidSet) {
    super.initializeGtidSet(gtidSet);
    tap.begin(gtidSet);
  }
}
