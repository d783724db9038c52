package io.firn.lake.kit;

import io.firn.lake.table.DataFileName;
import io.firn.lake.table.DataFileRef;
import io.firn.lake.table.LakeTable;
import io.firn.lake.table.LakeTables;
import io.firn.lake.write.TableCommittable;
import io.firn.model.row.Row;
import io.firn.model.schema.Column;
import io.firn.model.schema.TableId;
import io.firn.model.schema.TableSchema;
import io.firn.model.stream.SchemaChange;
import io.firn.model.stream.SourcePosition;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.PartitionKey;
import org.apache.iceberg.Schema;
import org.apache.iceberg.StructLike;
import org.apache.iceberg.data.parquet.InternalWriter;
import org.apache.iceberg.io.DataWriter;
import org.apache.iceberg.parquet.Parquet;
import org.apache.iceberg.types.Types;

/** A keyed table {@code (id bigint, note string)} that a test writes files for by hand. */
public final class TestTable {
  public static final String PIPELINE = "shop";

  private final TableId id;
  private final TableSchema schema;
  private LakeTable lakeTable;
  private Schema icebergSchema;
  private final List<DataFile> files = new ArrayList<>();
  private final Map<Long, long[]> superseded = new HashMap<>();
  private final List<SchemaChange> changes = new ArrayList<>();
  private boolean truncated;

  public TestTable(String name) {
    this(new TableId("db", name));
  }

  public TestTable(TableId id) {
    this.id = id;
    this.schema =
        new TableSchema(
            id,
            List.of(
                Column.of("id", Types.LongType.get(), false),
                Column.of("note", Types.StringType.get(), true)),
            List.of("id"));
  }

  public TableId id() {
    return id;
  }

  public TableSchema schema() {
    return schema;
  }

  public LakeTable lakeTable() {
    return lakeTable;
  }

  public SchemaChange.Origin origin(String description) {
    return new SchemaChange.Origin(
        id, SourcePosition.binlog("binlog.000001", 4, 0, null), "", description);
  }

  public SchemaChange.CreateTable creation() {
    return new SchemaChange.CreateTable(schema, origin("v1"));
  }

  public TestTable announce(LakeTables tables) {
    lakeTable = tables.announce(creation());
    icebergSchema = lakeTable.table().schema();
    return this;
  }

  /** Writes later rows with another Iceberg schema. */
  public void useSchema(Schema schema) {
    icebergSchema = schema;
  }

  /** Writes rows into a new file of the checkpoint under way; returns the file's number. */
  public long write(long checkpointId, Row... rows) {
    return write(1, checkpointId, rows);
  }

  /** The same for another epoch. */
  public long write(long epoch, long checkpointId, Row... rows) {
    long fileId = lakeTable.files().newFileId();
    String name =
        new DataFileName(DataFileName.hashOf(PIPELINE), epoch, checkpointId, 0, fileId)
            .format("parquet");
    var spec = lakeTable.table().spec();
    PartitionKey partition = null;
    if (spec.isPartitioned()) {
      partition = new PartitionKey(spec, icebergSchema);
      partition.partition(rows[0]);
    }
    String path =
        partition == null
            ? lakeTable.table().locationProvider().newDataLocation(name)
            : lakeTable.table().locationProvider().newDataLocation(spec, partition, name);
    try {
      DataWriter<StructLike> writer =
          Parquet.writeData(lakeTable.table().io().newOutputFile(path))
              .schema(icebergSchema)
              .createWriterFunc(type -> InternalWriter.create(icebergSchema.asStruct(), type))
              .withSpec(spec)
              .withPartition(partition)
              .overwrite()
              .build();
      try (writer) {
        for (Row row : rows) {
          writer.write(row);
        }
      }
      files.add(writer.toDataFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    lakeTable.files().register(new DataFileRef(fileId, path, spec.specId(), partition));
    return fileId;
  }

  public static Row row(long id, String note) {
    return Row.of(id, note);
  }

  public TestTable supersede(long fileId, long... positions) {
    superseded.put(fileId, positions);
    return this;
  }

  public TestTable change(SchemaChange change) {
    changes.add(change);
    return this;
  }

  public TestTable truncate() {
    truncated = true;
    return this;
  }

  /** Hands over what was written; the next checkpoint begins. */
  public TableCommittable handOver() {
    TableCommittable committable =
        new TableCommittable(
            id, List.copyOf(changes), truncated, List.copyOf(files), Map.copyOf(superseded));
    files.clear();
    superseded.clear();
    changes.clear();
    truncated = false;
    return committable;
  }
}
