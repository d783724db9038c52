package io.firn.lake.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.lake.table.WriteMode;
import io.firn.model.schema.Column;
import io.firn.model.schema.TableId;
import io.firn.model.schema.TableSchema;
import io.firn.model.sink.SinkWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** One task, real tables and the changes of an order table, for tests of the writer. */
abstract class WriterScenario {
  static final TableId TABLE = new TableId("shop", "orders");
  static final TableSchema ORDERS =
      new TableSchema(
          TABLE,
          List.of(
              Column.of("id", Types.LongType.get(), false),
              Column.of("status", Types.StringType.get(), true)),
          List.of("id"));
  static final TableSchema EVENTS =
      new TableSchema(
          new TableId("shop", "events"),
          List.of(
              Column.of("kind", Types.StringType.get(), false),
              Column.of("n", Types.IntegerType.get(), true)),
          List.of());

  @TempDir Path directory;

  final TestChanges changes = new TestChanges();
  TestPipeline pipeline;

  void start(WriterSettings settings) {
    pipeline = new TestPipeline(directory, 3, settings);
    pipeline.start(1, false);
  }

  void startWith(TableSchema schema, WriteMode mode, WriterSettings settings) {
    pipeline = new TestPipeline(directory, 3, settings).in(mode);
    pipeline.start(2, false);
    pipeline.apply(changes.create(schema));
  }

  void startWith(TableSchema schema) {
    start(WriterSettings.DEFAULT);
    pipeline.apply(changes.create(schema));
  }

  @AfterEach
  void closePipeline() {
    if (pipeline != null) {
      pipeline.close();
    }
  }

  static TableCommittable only(List<SinkWriter.Committable> committables) {
    assertThat(committables).hasSize(1);
    return (TableCommittable) committables.get(0);
  }

  List<Path> parquetFiles() throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.filter(file -> file.toString().endsWith(".parquet")).toList();
    }
  }
}
