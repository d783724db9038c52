package io.firn.simulation.actor;

import io.firn.simulation.check.LakeEqualsOracle;
import io.firn.simulation.check.Oracle;
import io.firn.simulation.fault.Fault;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.PartitionKey;
import org.apache.iceberg.RewriteFiles;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.InternalRecordWrapper;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.data.parquet.GenericParquetWriter;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.DataWriter;
import org.apache.iceberg.parquet.Parquet;
import org.apache.iceberg.types.Types;

/**
 * Another program that writes to the pipeline's tables: appends rows of its own, rewrites files as
 * a compaction does, adds columns.
 */
public final class ForeignWriter implements Actor {
  private static final long FIRST_ID = 1000;
  private static final OffsetDateTime SOME_TIME =
      OffsetDateTime.of(2020, 1, 1, 0, 0, 0, 0, ZoneOffset.UTC);

  private final LakeAccess lake;
  private final Oracle oracle;
  private long written;
  private boolean rewritten;

  /** A writer that tells the oracle which rows it adds. */
  public ForeignWriter(LakeAccess lake, Oracle oracle) {
    this.lake = lake;
    this.oracle = oracle;
  }

  /** Whether files that the pipeline relies on were replaced, which no restart repairs. */
  public boolean hasRewritten() {
    return rewritten;
  }

  /** Whether it wrote files that a rebuilt index does not accept. */
  public boolean hasWritten() {
    return written > 0;
  }

  @Override
  public void act(Random random) {
    Optional<Table> any = lake.anyTable(random);
    // During the initial snapshot a restart voids everything, also what others wrote.
    if (any.isEmpty()
        || any.get().currentSnapshot() == null
        || !any.get()
            .properties()
            .getOrDefault("firn.checkpoint", "")
            .contains("completed\":true")) {
      return;
    }
    Table table = any.get();
    int kind = random.nextInt(10);
    if (kind < 5 && lake.may(Fault.FOREIGN_APPEND)) {
      append(table, random);
    } else if (kind < 8 && lake.may(Fault.FOREIGN_COLUMN)) {
      if (table.schema().findField("x_foreign") == null) {
        lake.did(Fault.FOREIGN_COLUMN, table);
        table.updateSchema().addColumn("x_foreign", Types.StringType.get()).commit();
      }
    } else if (lake.may(Fault.FOREIGN_REWRITE)) {
      rewrite(table);
    }
  }

  private void append(Table table, Random random) {
    GenericRecord row = GenericRecord.create(table.schema());
    for (Types.NestedField field : table.schema().columns()) {
      row.setField(field.name(), value(field, random));
    }
    DataFile file = write(table, List.of(row), row);
    lake.did(Fault.FOREIGN_APPEND, table);
    // Before the commit: its checks count the row already.
    oracle.foreignRow(identifier(table), LakeEqualsOracle.text(row, table.schema()));
    table.newAppend().appendFile(file).commit();
  }

  private Object value(Types.NestedField field, Random random) {
    return switch (field.type().typeId()) {
      case LONG -> FIRST_ID + written;
      case INTEGER -> random.nextInt(3);
      case STRING -> "foreign" + written;
      case BOOLEAN -> true;
      case TIMESTAMP -> field.isOptional() ? null : SOME_TIME;
      default -> null;
    };
  }

  private static TableIdentifier identifier(Table table) {
    String[] names = table.name().split("\\.", -1);
    return TableIdentifier.of(names[names.length - 2], names[names.length - 1]);
  }

  private DataFile write(Table table, List<? extends Record> rows, Record partitioned) {
    PartitionKey partition = new PartitionKey(table.spec(), table.schema());
    InternalRecordWrapper wrapper = new InternalRecordWrapper(table.schema().asStruct());
    partition.partition(wrapper.wrap(partitioned));
    String location = table.locationProvider().newDataLocation("foreign-" + written++ + ".parquet");
    try {
      DataWriter<Record> writer =
          Parquet.writeData(table.io().newOutputFile(location))
              .schema(table.schema())
              .createWriterFunc(GenericParquetWriter::create)
              .withSpec(table.spec())
              .withPartition(partition)
              .build();
      try (writer) {
        rows.forEach(writer::write);
      }
      return writer.toDataFile();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Replaces all data files by one with the same rows. */
  private void rewrite(Table table) {
    List<Record> rows = new ArrayList<>();
    try (CloseableIterable<Record> records = IcebergGenerics.read(table).build()) {
      records.forEach(rows::add);
      if (table.spec().isUnpartitioned() && !rows.isEmpty()) {
        rewriteAll(table, rows);
        lake.did(Fault.FOREIGN_REWRITE, table);
        rewritten = true;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void rewriteAll(Table table, List<Record> rows) throws IOException {
    RewriteFiles rewrite = table.newRewrite();
    Set<String> seen = new java.util.HashSet<>();
    try (CloseableIterable<FileScanTask> tasks = table.newScan().planFiles()) {
      for (FileScanTask task : tasks) {
        rewrite.deleteFile(task.file());
        for (DeleteFile delete : task.deletes()) {
          if (seen.add(delete.location() + delete.contentOffset())) {
            rewrite.deleteFile(delete);
          }
        }
      }
    }
    rewrite.addFile(write(table, rows, rows.get(0)));
    rewrite.validateFromSnapshot(table.currentSnapshot().snapshotId());
    rewrite.commit();
  }
}
