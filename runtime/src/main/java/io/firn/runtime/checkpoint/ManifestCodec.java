package io.firn.runtime.checkpoint;

import io.firn.model.error.ConfigurationException;
import io.firn.model.schema.TableId;
import io.firn.model.sink.Committer.TableCommit;
import io.firn.model.sink.TableState;
import io.firn.model.source.SourceState;
import io.firn.model.state.KeyGroupRange;
import io.firn.model.state.KeyGroups;
import io.firn.model.stream.SourcePosition;
import io.firn.runtime.state.Checksums;
import io.firn.runtime.state.StateFile;
import io.firn.runtime.state.TaskStateFiles;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.file.SeekableByteArrayInput;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;

/**
 * The bytes of a manifest.
 *
 * <p>Format: magic {@code FIRNCKPT}; format version, 4 bytes; length of the body, 4 bytes; the
 * body, an Avro data file (which carries the writer's schema) with one record; CRC32C of everything
 * before it, 4 bytes. Numbers are big-endian. Nothing follows. A file that was cut, extended or
 * altered in any bit is refused.
 */
final class ManifestCodec {
  private static final long MAGIC = 0x4649524E434B5054L; // FIRNCKPT
  private static final int HEADER_BYTES = 16;
  private static final int TRAILER_BYTES = 4;

  private ManifestCodec() {}

  static byte[] encode(CheckpointManifest manifest) {
    byte[] body = encodeBody(manifest);
    ByteBuffer out = ByteBuffer.allocate(HEADER_BYTES + body.length + TRAILER_BYTES);
    out.putLong(MAGIC).putInt(ManifestSchema.FORMAT_VERSION).putInt(body.length).put(body);
    out.putInt(Checksums.crc32c(out.array(), 0, out.position()));
    return out.array();
  }

  static CheckpointManifest decode(byte[] bytes) throws DamagedManifestException {
    if (bytes.length < HEADER_BYTES + TRAILER_BYTES) {
      throw new DamagedManifestException("it has only " + bytes.length + " bytes");
    }
    ByteBuffer in = ByteBuffer.wrap(bytes);
    if (in.getLong() != MAGIC) {
      throw new DamagedManifestException("it does not begin like a manifest");
    }
    int version = in.getInt();
    int bodyLength = in.getInt();
    if (bodyLength != bytes.length - HEADER_BYTES - TRAILER_BYTES) {
      throw new DamagedManifestException(
          "it has " + bytes.length + " bytes, which is not the length written in it");
    }
    int crc = in.getInt(bytes.length - TRAILER_BYTES);
    if (crc != Checksums.crc32c(bytes, 0, bytes.length - TRAILER_BYTES)) {
      throw new DamagedManifestException("its checksum does not match");
    }
    if (version > ManifestSchema.FORMAT_VERSION) {
      throw new ConfigurationException(
          "Cannot read the checkpoint: its format version is '"
              + version
              + "', written by a newer Firn; use that version.");
    }
    byte[] body = new byte[bodyLength];
    in.get(body);
    try {
      return decodeBody(body);
    } catch (IOException | AvroRuntimeException | IllegalArgumentException e) {
      throw new DamagedManifestException("its content cannot be decoded: " + e.getMessage(), e);
    }
  }

  private static byte[] encodeBody(CheckpointManifest manifest) {
    GenericRecord record = new GenericData.Record(ManifestSchema.MANIFEST);
    SourceState source = manifest.source();
    record.put("pipelineId", manifest.pipelineId());
    record.put("epoch", manifest.epoch());
    record.put("checkpointId", manifest.checkpointId());
    record.put("position", source.position().encode());
    record.put("snapshotCompleted", source.snapshotCompleted());
    record.put("sourceOffset", source.offset());
    record.put("tableSchemas", describedTables(source.tableSchemas()));
    SourcePosition previous = manifest.previousPosition();
    record.put("previousPosition", previous == null ? null : previous.encode());
    record.put("previousCommitId", manifest.previousCommitId());
    record.put("keyGroupCount", KeyGroups.COUNT);
    record.put("taskStates", taskStates(manifest.taskStates()));
    record.put("commits", commits(manifest.commits()));
    record.put("tables", manifest.tables().map(ManifestCodec::tableStates).orElse(null));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (DataFileWriter<GenericRecord> writer =
        new DataFileWriter<>(new GenericDatumWriter<GenericRecord>(ManifestSchema.MANIFEST))) {
      writer.create(ManifestSchema.MANIFEST, out);
      writer.append(record);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory does not fail
    }
    return out.toByteArray();
  }

  private static List<GenericRecord> describedTables(Map<TableId, String> schemas) {
    List<GenericRecord> records = new ArrayList<>();
    schemas.forEach(
        (table, description) -> {
          GenericRecord record = new GenericData.Record(ManifestSchema.DESCRIBED_TABLE);
          record.put("database", table.database());
          record.put("name", table.name());
          record.put("description", description);
          records.add(record);
        });
    return records;
  }

  private static List<GenericRecord> taskStates(List<TaskStateFiles> tasks) {
    List<GenericRecord> records = new ArrayList<>();
    for (TaskStateFiles task : tasks) {
      List<GenericRecord> files = new ArrayList<>();
      for (StateFile file : task.files()) {
        GenericRecord record = new GenericData.Record(ManifestSchema.STATE_FILE);
        record.put("localName", file.localName());
        record.put("objectName", file.objectName());
        record.put("sizeBytes", file.sizeBytes());
        record.put("crc32c", file.crc32c());
        files.add(record);
      }
      GenericRecord record = new GenericData.Record(ManifestSchema.TASK_STATE);
      record.put("firstKeyGroup", task.keyGroups().start());
      record.put("endKeyGroup", task.keyGroups().end());
      record.put("files", files);
      records.add(record);
    }
    return records;
  }

  private static List<GenericRecord> commits(List<TableCommit> commits) {
    List<GenericRecord> records = new ArrayList<>();
    for (TableCommit commit : commits) {
      GenericRecord record = new GenericData.Record(ManifestSchema.TABLE_COMMIT);
      record.put("database", commit.table().database());
      record.put("name", commit.table().name());
      record.put("formatVersion", commit.formatVersion());
      record.put("payload", ByteBuffer.wrap(commit.payload()));
      records.add(record);
    }
    return records;
  }

  private static List<GenericRecord> tableStates(List<TableState> tables) {
    List<GenericRecord> records = new ArrayList<>();
    for (TableState state : tables) {
      GenericRecord record = new GenericData.Record(ManifestSchema.TABLE_STATE);
      record.put("database", state.table().database());
      record.put("name", state.table().name());
      record.put("identity", state.identity());
      record.put("checkpointId", state.checkpointId());
      records.add(record);
    }
    return records;
  }

  private static CheckpointManifest decodeBody(byte[] body) throws IOException {
    GenericDatumReader<GenericRecord> datum = new GenericDatumReader<>();
    datum.setExpected(ManifestSchema.MANIFEST);
    try (DataFileReader<GenericRecord> reader =
        new DataFileReader<>(new SeekableByteArrayInput(body), datum)) {
      GenericRecord record = reader.next();
      int keyGroups = (Integer) record.get("keyGroupCount");
      if (keyGroups != KeyGroups.COUNT) {
        throw new ConfigurationException(
            "Cannot read the checkpoint: it has '" + keyGroups + "' key groups; use its version.");
      }
      Object previous = record.get("previousPosition");
      SourceState source =
          new SourceState(
              SourcePosition.parse(text(record, "position")),
              (Boolean) record.get("snapshotCompleted"),
              text(record, "sourceOffset"),
              schemas(records(record, "tableSchemas")));
      return new CheckpointManifest(
          text(record, "pipelineId"),
          (Long) record.get("epoch"),
          (Long) record.get("checkpointId"),
          source,
          previous == null ? null : SourcePosition.parse(previous.toString()),
          (Long) record.get("previousCommitId"),
          readTaskStates(records(record, "taskStates")),
          readCommits(records(record, "commits")),
          record.get("tables") == null
              ? Optional.empty()
              : Optional.of(readTableStates(records(record, "tables"))));
    }
  }

  private static Map<TableId, String> schemas(List<GenericRecord> records) {
    Map<TableId, String> schemas = new HashMap<>();
    for (GenericRecord record : records) {
      schemas.put(table(record), text(record, "description"));
    }
    return schemas;
  }

  private static List<TaskStateFiles> readTaskStates(List<GenericRecord> records) {
    List<TaskStateFiles> tasks = new ArrayList<>();
    for (GenericRecord record : records) {
      List<StateFile> files = new ArrayList<>();
      for (GenericRecord file : records(record, "files")) {
        files.add(
            new StateFile(
                text(file, "localName"),
                text(file, "objectName"),
                (Long) file.get("sizeBytes"),
                (Integer) file.get("crc32c")));
      }
      KeyGroupRange keyGroups =
          new KeyGroupRange(
              (Integer) record.get("firstKeyGroup"), (Integer) record.get("endKeyGroup"));
      tasks.add(new TaskStateFiles(keyGroups, files));
    }
    return tasks;
  }

  private static List<TableCommit> readCommits(List<GenericRecord> records) {
    List<TableCommit> commits = new ArrayList<>();
    for (GenericRecord record : records) {
      ByteBuffer payload = (ByteBuffer) record.get("payload");
      byte[] bytes = new byte[payload.remaining()];
      payload.duplicate().get(bytes);
      commits.add(new TableCommit(table(record), (Integer) record.get("formatVersion"), bytes));
    }
    return commits;
  }

  private static List<TableState> readTableStates(List<GenericRecord> records) {
    return records.stream()
        .map(
            record ->
                new TableState(
                    table(record), text(record, "identity"), (Long) record.get("checkpointId")))
        .toList();
  }

  private static TableId table(GenericRecord record) {
    return new TableId(text(record, "database"), text(record, "name"));
  }

  private static String text(GenericRecord record, String field) {
    return record.get(field).toString();
  }

  private static List<GenericRecord> records(GenericRecord record, String field) {
    List<GenericRecord> records = new ArrayList<>();
    for (Object element : (Iterable<?>) record.get(field)) {
      records.add((GenericRecord) element);
    }
    return records;
  }
}
