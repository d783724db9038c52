package io.firn.bench.reference;

import io.debezium.embedded.Connect;
import io.debezium.engine.ChangeEvent;
import io.debezium.engine.DebeziumEngine;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;

/**
 * The reference: Debezium's embedded engine, unchanged, with a consumer that only counts. Runs
 * until it has seen a given number of row records and prints when it saw the first and the last.
 *
 * <p>Arguments: host, port, user, password, directory for offsets and history, snapshot mode,
 * number of row records to wait for (0: only start streaming).
 */
public final class DebeziumNoOp {
  private DebeziumNoOp() {}

  /** See the class. */
  public static void main(String[] args) throws Exception {
    Path directory = Path.of(args[4]);
    long expected = Long.parseLong(args[6]);
    Properties properties = new Properties();
    properties.setProperty("name", "reference");
    properties.setProperty("connector.class", "io.debezium.connector.mysql.MySqlConnector");
    properties.setProperty(
        "offset.storage", "org.apache.kafka.connect.storage.FileOffsetBackingStore");
    properties.setProperty("offset.storage.file.filename", directory.resolve("offsets").toString());
    properties.setProperty("offset.flush.interval.ms", "1000");
    properties.setProperty(
        "schema.history.internal", "io.debezium.storage.file.history.FileSchemaHistory");
    properties.setProperty(
        "schema.history.internal.file.filename", directory.resolve("history").toString());
    properties.setProperty("topic.prefix", "reference");
    properties.setProperty("database.hostname", args[0]);
    properties.setProperty("database.port", args[1]);
    properties.setProperty("database.user", args[2]);
    properties.setProperty("database.password", args[3]);
    properties.setProperty("database.server.id", "7421");
    properties.setProperty("table.include.list", "bench\\.orders");
    properties.setProperty("snapshot.mode", args[5]);
    properties.setProperty("snapshot.locking.mode", "minimal");
    properties.setProperty("snapshot.fetch.size", "10240");
    properties.setProperty("decimal.handling.mode", "precise");
    properties.setProperty("time.precision.mode", "adaptive_time_microseconds");
    properties.setProperty("bigint.unsigned.handling.mode", "precise");
    properties.setProperty("tombstones.on.delete", "false");

    CountingConsumer consumer = new CountingConsumer(expected);
    DebeziumEngine<ChangeEvent<SourceRecord, SourceRecord>> engine =
        DebeziumEngine.create(Connect.class)
            .using(properties)
            .using(
                (success, message, error) -> {
                  if (!success) {
                    System.err.println(message);
                    consumer.done.countDown();
                  }
                })
            .notifying(consumer)
            .build();
    ExecutorService thread = Executors.newSingleThreadExecutor();
    thread.execute(engine);
    if (expected == 0) {
      // An idle engine gives no record to wait for; its offset is written when it closes.
      TimeUnit.SECONDS.sleep(15);
    } else if (!consumer.done.await(30, TimeUnit.MINUTES)) {
      System.err.println("Gave up after 30 minutes at " + consumer.rows + " rows");
    }
    com.sun.management.OperatingSystemMXBean system =
        (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    System.out.printf(
        "result rows=%d seconds=%.3f cpuSeconds=%.3f%n",
        consumer.rows,
        (consumer.lastNanos - consumer.firstNanos) / 1e9,
        system.getProcessCpuTime() / 1e9);
    // Time for the engine to get past the last record, so that its offset says that it is complete.
    TimeUnit.SECONDS.sleep(3);
    engine.close();
    thread.shutdown();
    System.exit(consumer.rows >= expected ? 0 : 1);
  }

  private static final class CountingConsumer
      implements DebeziumEngine.ChangeConsumer<ChangeEvent<SourceRecord, SourceRecord>> {
    private final long expected;
    private final CountDownLatch done = new CountDownLatch(1);
    private volatile long rows;
    private volatile long firstNanos;
    private volatile long lastNanos;

    CountingConsumer(long expected) {
      this.expected = expected;
    }

    @Override
    public void handleBatch(
        List<ChangeEvent<SourceRecord, SourceRecord>> records,
        DebeziumEngine.RecordCommitter<ChangeEvent<SourceRecord, SourceRecord>> committer)
        throws InterruptedException {
      long seen = 0;
      for (ChangeEvent<SourceRecord, SourceRecord> event : records) {
        SourceRecord data = event.value();
        if (data.value() instanceof Struct value && value.schema().field("op") != null) {
          seen++;
        }
        committer.markProcessed(event);
      }
      committer.markBatchFinished();
      long now = System.nanoTime();
      if (rows == 0 && seen > 0) {
        firstNanos = now;
      }
      rows = rows + seen;
      lastNanos = now;
      if (expected > 0 && rows >= expected) {
        done.countDown();
      }
    }
  }
}
