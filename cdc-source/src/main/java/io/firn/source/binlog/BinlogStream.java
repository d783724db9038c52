package io.firn.source.binlog;

import com.github.shyiko.mysql.binlog.BinaryLogClient;
import io.debezium.config.Configuration;
import io.debezium.pipeline.source.spi.ChangeEventSource.ChangeEventSourceContext;
import io.firn.model.error.RetryableException;
import io.firn.model.schema.TableId;
import io.firn.model.stream.SourcePosition;
import io.firn.source.Flavour;
import io.firn.source.MySqlSourceOptions;
import io.firn.source.connect.DebeziumProperties;
import io.firn.source.connect.ServerIdentity;
import io.firn.source.ddl.TableCatalog;
import io.firn.source.reader.CaptureQueue;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.Predicate;

/**
 * Reads the binlog from a position into a queue until it is stopped.
 *
 * <p><b>Threading</b>: {@link #run} belongs to one thread; everything else may be called from
 * others.
 */
public final class BinlogStream {
  private final MySqlSourceOptions options;
  private final TableCatalog catalog;
  private final Predicate<TableId> captured;
  private final CaptureQueue queue;
  private final RunContext context = new RunContext();
  private volatile BinlogTap tap;
  private volatile boolean connected;

  /**
   * @param catalog the captured tables as they are at the start position
   * @param captured which tables are captured, those that do not exist yet included
   * @param queue where changes and failures go
   */
  public BinlogStream(
      MySqlSourceOptions options,
      TableCatalog catalog,
      Predicate<TableId> captured,
      CaptureQueue queue) {
    this.options = options;
    this.catalog = catalog;
    this.captured = captured;
    this.queue = queue;
  }

  /**
   * Connects and reads; returns when stopped or when the connection cannot be made.
   *
   * @param server the server that {@code start} was checked with
   */
  public void run(SourcePosition start, ServerIdentity server) throws InterruptedException {
    BinlogTap newTap =
        new BinlogTap(
            options.flavour(), catalog, captured, queue, start, options.address(), server.text());
    BinaryLogClient newClient = new BinlogClient(options);
    tap = newTap;
    newClient.registerLifecycleListener(
        new BinaryLogClient.AbstractLifecycleListener() {
          @Override
          public void onConnect(BinaryLogClient source) {
            connected = true;
            if (source.getMasterServerId() != server.number()) {
              newTap.lost(anotherServer(server.number(), source.getMasterServerId()));
            }
          }

          @Override
          public void onDisconnect(BinaryLogClient source) {
            if (context.isRunning()) {
              newTap.lost(new java.io.EOFException("the server closed the connection"));
            }
          }
        });
    Configuration configuration = Configuration.from(DebeziumProperties.of(options));
    try {
      if (options.flavour() == Flavour.MYSQL) {
        MySqlStream.run(configuration, newClient, newTap, start, context);
      } else {
        MariaDbStream.run(configuration, newClient, newTap, start, context);
      }
    } catch (SQLException | RuntimeException e) {
      if (context.isRunning()) {
        newTap.lost(e);
      }
    }
  }

  /** Names of several servers lead now to one and now to another; files belong to one of them. */
  private RetryableException anotherServer(long expected, long actual) {
    return new RetryableException(
        "Reading the binlog of "
            + options.address()
            + " failed: the connection leads to the server with 'server_id' "
            + actual
            + ", but the position was checked with "
            + expected
            + "; the connection is made anew from the last checkpoint.");
  }

  /**
   * Notices a connection that is dead without saying so.
   *
   * @param limit how long the server may be silent: it sends a heartbeat when it has nothing else
   */
  public void checkAlive(Duration limit) {
    BinlogTap current = tap;
    if (current == null) {
      return;
    }
    long silent = System.nanoTime() - current.lastEventNanos();
    // Connecting is several questions, each of which may take its time.
    long patience = connected ? limit.toNanos() : 2 * limit.toNanos();
    if (silent > patience) {
      queue.fail(
          new RetryableException(
              "Reading the binlog of "
                  + options.address()
                  + " failed: the server has been silent for "
                  + Duration.ofNanos(silent).toSeconds()
                  + " s; the connection is made anew from the last checkpoint."));
    }
  }

  /** Makes {@link #run} return soon. */
  public void stop() {
    context.stop();
  }

  /** Tells Debezium's sources whether to go on; they are never paused. */
  private static final class RunContext implements ChangeEventSourceContext {
    private volatile boolean running = true;

    void stop() {
      running = false;
    }

    @Override
    public boolean isPaused() {
      return false;
    }

    @Override
    public boolean isRunning() {
      return running;
    }

    @Override
    public void resumeStreaming() {
      throw new UnsupportedOperationException("never paused");
    }

    @Override
    public void waitSnapshotCompletion() {
      throw new UnsupportedOperationException("never paused");
    }

    @Override
    public void streamingPaused() {
      throw new UnsupportedOperationException("never paused");
    }

    @Override
    public void waitStreamingPaused() {
      throw new UnsupportedOperationException("never paused");
    }
  }
}
