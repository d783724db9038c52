package io.firn.lake.write;

import io.firn.lake.layout.InitialSchema;
import io.firn.lake.layout.SchemaReplay;
import io.firn.lake.layout.TableLayouts;
import io.firn.lake.table.DataFileName;
import io.firn.lake.table.DataFileRef;
import io.firn.lake.table.DataFileRegistry;
import io.firn.lake.table.LakeTable;
import io.firn.lake.table.LakeTables;
import io.firn.lake.table.TableLayout;
import io.firn.lake.table.WriteMode;
import io.firn.model.schema.TableId;
import io.firn.model.schema.TableSchema;
import io.firn.model.sink.SinkWriter;
import io.firn.model.stream.SchemaChange;
import io.firn.model.stream.SourcePosition;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileContent;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.RowDelta;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableUtil;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.data.BaseDeleteLoader;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.data.parquet.GenericParquetWriter;
import org.apache.iceberg.deletes.BaseDVFileWriter;
import org.apache.iceberg.deletes.PositionDelete;
import org.apache.iceberg.deletes.PositionDeleteWriter;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.hadoop.HadoopTables;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.DeleteWriteResult;
import org.apache.iceberg.io.OutputFileFactory;
import org.apache.iceberg.parquet.Parquet;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.util.DateTimeUtil;

/** Real Iceberg tables in a directory, and the smallest committer that does. */
public final class TestLake implements LakeTables {
  private final Path directory;
  private final int formatVersion;
  private final Function<Schema, PartitionSpec> partitioning;
  private final Map<String, String> properties;
  private final Map<TableId, LakeTable> announced = new HashMap<>();
  private final Map<TableId, TableLayout> committed = new HashMap<>();
  private SourcePosition committedPosition;
  private Set<TableId> sources = Set.of();
  private WriteMode mode;

  public TestLake(
      Path directory,
      int formatVersion,
      Function<Schema, PartitionSpec> partitioning,
      Map<String, String> properties) {
    this.directory = directory;
    this.formatVersion = formatVersion;
    this.partitioning = partitioning;
    this.properties = properties;
  }

  public TestLake(Path directory, int formatVersion) {
    this(directory, formatVersion, schema -> PartitionSpec.unpartitioned(), Map.of());
  }

  /** Lets tables announced from now on be ahead of the stream. */
  public void committedUpTo(SourcePosition position) {
    committedPosition = position;
  }

  /** Lets tables announced from now on have rows of these source tables. */
  public void hasRowsOf(TableId... sourceTables) {
    sources = Set.of(sourceTables);
  }

  /** Lets tables announced from now on be written in this mode; null for the usual one. */
  public void writeMode(WriteMode newMode) {
    mode = newMode;
  }

  @Override
  public LakeTable announce(SchemaChange.CreateTable change) {
    return announced.computeIfAbsent(change.table(), id -> open(change.schemaAfter()));
  }

  private LakeTable open(TableSchema schema) {
    WriteMode usual = schema.hasPrimaryKey() ? WriteMode.UPSERT : WriteMode.APPEND;
    WriteMode mode = this.mode == null ? usual : this.mode;
    String location = directory.resolve(schema.table().toString()).toString();
    HadoopTables tables = new HadoopTables(PlainLocalFileSystem.configuration());
    Table table;
    if (tables.exists(location)) {
      table = tables.load(location);
    } else {
      Schema initial = InitialSchema.of(schema, mode);
      Map<String, String> all = new HashMap<>(properties);
      all.put("format-version", Integer.toString(formatVersion));
      table = tables.create(initial, partitioning.apply(initial), all, location);
    }
    DataFileRegistry files = new DataFileRegistry();
    for (DataFile file : liveFiles(table)) {
      DataFileName.parse(file.location())
          .ifPresent(
              name ->
                  files.register(
                      new DataFileRef(
                          name.fileId(), file.location(), file.specId(), file.partition())));
    }
    TableLayout layout = TableLayouts.adopt(table, schema, mode);
    committed.put(schema.table(), layout);
    return new LakeTable(schema.table(), table, layout, files, committedPosition, sources);
  }

  /** The Iceberg table of an announced table. */
  public Table table(TableId id) {
    return announced.get(id).table();
  }

  /** The registry of an announced table. */
  public DataFileRegistry files(TableId id) {
    return announced.get(id).files();
  }

  /** Commits what the tasks of one checkpoint returned. */
  public void commit(List<SinkWriter.Committable> committables) {
    Map<TableId, List<TableCommittable>> byTable = new TreeMap<>();
    for (SinkWriter.Committable committable : committables) {
      byTable
          .computeIfAbsent(committable.table(), id -> new ArrayList<>())
          .add((TableCommittable) committable);
    }
    byTable.forEach(this::commitTable);
  }

  private void commitTable(TableId id, List<TableCommittable> parts) {
    Table table = table(id);
    table.refresh();
    boolean truncated = parts.get(0).truncated();
    List<SchemaChange> schemaChanges = new ArrayList<>();
    for (TableCommittable part : parts) {
      if (schemaChanges.isEmpty()) {
        schemaChanges.addAll(part.schemaChanges());
      } else if (!part.schemaChanges().isEmpty() && !part.schemaChanges().equals(schemaChanges)) {
        throw new AssertionError("Tasks disagree: " + schemaChanges + " / " + part);
      }
    }
    Transaction transaction = table.newTransaction();
    TableLayout layout = SchemaReplay.replayAll(transaction, committed.get(id), schemaChanges);
    if (!layout.schema().sameSchema(transaction.table().schema())) {
      throw new AssertionError("Replay gave " + transaction.table().schema());
    }
    committed.put(id, layout);
    if (truncated && table.currentSnapshot() != null) {
      transaction.newDelete().deleteFromRowFilter(Expressions.alwaysTrue()).commit();
    }
    RowDelta delta = transaction.newRowDelta();
    if (table.currentSnapshot() != null) {
      delta.validateFromSnapshot(table.currentSnapshot().snapshotId());
    }
    TreeMap<Long, long[]> superseded = new TreeMap<>();
    for (TableCommittable part : parts) {
      part.dataFiles().forEach(delta::addRows);
      part.superseded()
          .forEach(
              (fileId, positions) -> {
                for (int i = 1; i < positions.length; i++) {
                  if (positions[i - 1] >= positions[i]) {
                    throw new AssertionError("Positions are not ascending");
                  }
                }
                superseded.merge(fileId, positions, TestLake::concat);
              });
    }
    try {
      if (TableUtil.formatVersion(table) >= 3) {
        writeVectors(table, id, superseded, truncated, delta);
      } else {
        writePositionDeletes(table, id, superseded, delta);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    delta.commit();
    transaction.commitTransaction();
    table.refresh();
  }

  private static long[] concat(long[] a, long[] b) {
    long[] all = new long[a.length + b.length];
    System.arraycopy(a, 0, all, 0, a.length);
    System.arraycopy(b, 0, all, a.length, b.length);
    java.util.Arrays.sort(all);
    return all;
  }

  private void writeVectors(
      Table table, TableId id, Map<Long, long[]> superseded, boolean truncated, RowDelta delta)
      throws IOException {
    if (superseded.isEmpty()) {
      return;
    }
    Map<String, DeleteFile> previous = new HashMap<>();
    if (!truncated && table.currentSnapshot() != null) {
      try (CloseableIterable<FileScanTask> tasks = table.newScan().planFiles()) {
        tasks.forEach(
            task -> task.deletes().forEach(dv -> previous.put(task.file().location(), dv)));
      }
    }
    BaseDeleteLoader loader = new BaseDeleteLoader(file -> table.io().newInputFile(file));
    BaseDVFileWriter writer =
        new BaseDVFileWriter(
            OutputFileFactory.builderFor(table, 1, 1).format(FileFormat.PUFFIN).build(),
            path ->
                previous.containsKey(path)
                    ? loader.loadPositionDeletes(List.of(previous.get(path)), path)
                    : null);
    superseded.forEach(
        (fileId, positions) -> {
          DataFileRef file = files(id).get(fileId);
          for (long position : positions) {
            writer.delete(
                file.path(), position, table.specs().get(file.specId()), file.partition());
          }
        });
    writer.close();
    DeleteWriteResult result = writer.result();
    result.deleteFiles().forEach(delta::addDeletes);
    result.rewrittenDeleteFiles().forEach(delta::removeDeletes);
  }

  private void writePositionDeletes(
      Table table, TableId id, Map<Long, long[]> superseded, RowDelta delta) throws IOException {
    OutputFileFactory factory =
        OutputFileFactory.builderFor(table, 1, 1).format(FileFormat.PARQUET).build();
    for (Map.Entry<Long, long[]> entry : superseded.entrySet()) {
      DataFileRef file = files(id).get(entry.getKey());
      PartitionSpec spec = table.specs().get(file.specId());
      PositionDeleteWriter<Record> writer =
          Parquet.writeDeletes(factory.newOutputFile(spec, file.partition()))
              .createWriterFunc(GenericParquetWriter::create)
              .overwrite()
              .withSpec(spec)
              .withPartition(file.partition())
              .buildPositionWriter();
      try (writer) {
        for (long position : entry.getValue()) {
          writer.write(PositionDelete.<Record>create().set(file.path(), position));
        }
      }
      delta.addDeletes(writer.toDeleteFile());
    }
  }

  /** All live rows, as column name to value in internal representation. */
  public List<Map<String, Object>> read(TableId id) {
    Table table = table(id);
    table.refresh();
    List<Map<String, Object>> rows = new ArrayList<>();
    try (CloseableIterable<Record> records = IcebergGenerics.read(table).build()) {
      for (Record record : records) {
        Map<String, Object> row = new TreeMap<>();
        for (Types.NestedField field : table.schema().columns()) {
          row.put(field.name(), internal(record.getField(field.name())));
        }
        rows.add(row);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return rows;
  }

  private static Object internal(Object value) {
    if (value instanceof LocalDate date) {
      return DateTimeUtil.daysFromDate(date);
    }
    if (value instanceof LocalDateTime timestamp) {
      return DateTimeUtil.microsFromTimestamp(timestamp);
    }
    if (value instanceof OffsetDateTime timestamp) {
      return DateTimeUtil.microsFromTimestamptz(timestamp);
    }
    if (value instanceof java.time.LocalTime time) {
      return DateTimeUtil.microsFromTime(time);
    }
    if (value instanceof byte[] bytes) {
      return ByteBuffer.wrap(bytes);
    }
    if (value instanceof CharSequence
        || value instanceof Number
        || value instanceof Boolean
        || value instanceof ByteBuffer
        || value instanceof UUID
        || value instanceof BigDecimal
        || value == null) {
      return value;
    }
    throw new AssertionError("Unexpected " + value.getClass());
  }

  /** The data files of the current snapshot. */
  public static List<DataFile> liveFiles(Table table) {
    List<DataFile> files = new ArrayList<>();
    if (table.currentSnapshot() == null) {
      return files;
    }
    try (CloseableIterable<FileScanTask> tasks = table.newScan().planFiles()) {
      for (FileScanTask task : tasks) {
        files.add(task.file());
        for (DeleteFile delete : task.deletes()) {
          if (delete.content() == FileContent.EQUALITY_DELETES) {
            throw new AssertionError("Equality delete " + delete.location());
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return files;
  }
}
