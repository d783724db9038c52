package io.firn.lake.commit;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import io.firn.lake.guard.CommitGuard.BaseMark;
import io.firn.lake.guard.SourceSchema;
import io.firn.model.error.InconsistentStateException;
import io.firn.model.sink.Committer.TableCommit;
import io.firn.model.stream.SchemaChange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.ContentFile;
import org.apache.iceberg.ContentFileParser;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.util.JsonUtil;

/**
 * The serialised form of a {@link CommitPayload}, version 1: one JSON object. Files are written as
 * Iceberg's REST protocol writes them ({@link ContentFileParser}), with their statistics, which go
 * into the table's manifests only when the commit happens; schema changes as {@link
 * SchemaChangeFormat} says.
 */
final class PayloadFormat {
  static final int VERSION = 1;

  private PayloadFormat() {}

  static byte[] write(CommitPayload payload, Map<Integer, PartitionSpec> specs) {
    String text =
        JsonUtil.generate(
            json -> {
              json.writeStartObject();
              json.writeNumberField("base-epoch", payload.base().epoch());
              json.writeNumberField("base-checkpoint-id", payload.base().checkpointId());
              if (payload.baseSnapshotId() != null) {
                json.writeNumberField("base-snapshot-id", payload.baseSnapshotId());
              }
              json.writeBooleanField("truncated", payload.truncated());
              json.writeNumberField("last-column-id", payload.lastColumnId());
              json.writeNumberField("last-file-id", payload.lastFileId());
              if (payload.layoutBefore() != null) {
                json.writeFieldName("layout-before");
                SchemaChangeFormat.write(payload.layoutBefore(), json);
              }
              json.writeArrayFieldStart("schema-changes");
              for (SchemaChange change : payload.schemaChanges()) {
                SchemaChangeFormat.write(change, json);
              }
              json.writeEndArray();
              json.writeArrayFieldStart("source-schemas");
              for (SourceSchema schema : payload.sourceSchemas()) {
                json.writeString(schema.toJson());
              }
              json.writeEndArray();
              writeFiles("added-data", payload.addedData(), specs, json);
              writeFiles("added-deletes", payload.addedDeletes(), specs, json);
              writeFiles("removed-data", payload.removedData(), specs, json);
              writeFiles("removed-deletes", payload.removedDeletes(), specs, json);
              json.writeArrayFieldStart("referenced-data");
              for (String location : payload.referencedData()) {
                json.writeString(location);
              }
              json.writeEndArray();
              json.writeEndObject();
            },
            false);
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static void writeFiles(
      String name,
      List<? extends ContentFile<?>> files,
      Map<Integer, PartitionSpec> specs,
      JsonGenerator json)
      throws IOException {
    json.writeArrayFieldStart(name);
    for (ContentFile<?> file : files) {
      ContentFileParser.toJson(file, specs.get(file.specId()), json);
    }
    json.writeEndArray();
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @param specs the table's partition specs
   * @throws InconsistentStateException if it is something else
   */
  static CommitPayload read(TableCommit commit, Map<Integer, PartitionSpec> specs) {
    try {
      if (commit.formatVersion() != VERSION) {
        throw new IllegalArgumentException("its version is " + commit.formatVersion());
      }
      JsonNode json = JsonUtil.mapper().readTree(commit.payload());
      List<SchemaChange> changes = new ArrayList<>();
      for (JsonNode change : json.get("schema-changes")) {
        changes.add(SchemaChangeFormat.readChange(change));
      }
      List<SourceSchema> sourceSchemas = new ArrayList<>();
      json.get("source-schemas")
          .forEach(text -> sourceSchemas.add(SourceSchema.fromJson(text.asText())));
      List<String> referenced = new ArrayList<>();
      json.get("referenced-data").forEach(location -> referenced.add(location.asText()));
      JsonNode before = json.get("layout-before");
      return new CommitPayload(
          new BaseMark(
              JsonUtil.getLong("base-epoch", json), JsonUtil.getLong("base-checkpoint-id", json)),
          JsonUtil.getLongOrNull("base-snapshot-id", json),
          JsonUtil.getBool("truncated", json),
          JsonUtil.getInt("last-column-id", json),
          before == null ? null : SchemaChangeFormat.readSchema(before),
          changes,
          sourceSchemas,
          JsonUtil.getLong("last-file-id", json),
          readFiles("added-data", DataFile.class, json, specs),
          readFiles("added-deletes", DeleteFile.class, json, specs),
          readFiles("removed-data", DataFile.class, json, specs),
          readFiles("removed-deletes", DeleteFile.class, json, specs),
          referenced);
    } catch (IOException | RuntimeException e) {
      throw new InconsistentStateException(
          "Reading what a checkpoint promised to table "
              + commit.table()
              + " failed: "
              + e.getMessage()
              + "; use the Firn version that wrote the checkpoint",
          e);
    }
  }

  private static <F> List<F> readFiles(
      String name, Class<F> kind, JsonNode json, Map<Integer, PartitionSpec> specs) {
    List<F> files = new ArrayList<>();
    for (JsonNode file : json.get(name)) {
      files.add(kind.cast(ContentFileParser.fromJson(file, specs)));
    }
    return files;
  }
}
