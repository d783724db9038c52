package io.firn.source.binlog;

import io.debezium.config.CommonConnectorConfig;
import io.debezium.connector.binlog.BinlogOffsetContext;
import io.debezium.connector.binlog.BinlogPartition;
import io.debezium.connector.binlog.BinlogStreamingChangeEventSource;
import io.debezium.pipeline.ErrorHandler;
import io.debezium.pipeline.source.spi.ChangeEventSource.ChangeEventSourceContext;
import io.debezium.snapshot.SnapshotterService;
import io.debezium.snapshot.mode.NeverSnapshotter;
import io.firn.model.stream.SourcePosition;
import org.apache.kafka.connect.source.SourceConnector;

/**
 * What the streaming sources of both flavours have in common; Debezium gives them no common class
 * that could hold it.
 */
final class StreamParts {
  private StreamParts() {}

  /** Leads failures of the client into the tap. */
  static ErrorHandler errors(
      Class<? extends SourceConnector> connector, CommonConnectorConfig config, BinlogTap tap) {
    return new ErrorHandler(connector, config, null, null) {
      @Override
      public void setProducerThrowable(Throwable failure) {
        tap.lost(failure);
      }
    };
  }

  /** Snapshots are not Debezium's business here. */
  static SnapshotterService noSnapshots() {
    return new SnapshotterService(new NeverSnapshotter(), null, null);
  }

  /** Reads from a position until the context says that it is enough. */
  static <P extends BinlogPartition, O extends BinlogOffsetContext<?>> void execute(
      BinlogStreamingChangeEventSource<P, O> stream,
      P partition,
      O offset,
      SourcePosition start,
      ChangeEventSourceContext context)
      throws InterruptedException {
    offset.setBinlogStartPoint(start.file(), start.offset());
    offset.setCompletedGtidSet(start.gtidSet());
    stream.init(offset);
    stream.execute(context, partition, offset);
  }
}
