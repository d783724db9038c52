package io.firn.lake.guard;

import com.fasterxml.jackson.databind.JsonNode;
import io.firn.model.error.InconsistentStateException;
import io.firn.model.schema.TableId;
import io.firn.model.stream.SourcePosition;
import java.io.IOException;
import org.apache.iceberg.util.JsonUtil;

/**
 * The source's own description of a table, as the lake keeps it, with one step of history: after a
 * crash in the middle of a checkpoint's commits, reading goes on from before a change that some
 * tables have already.
 *
 * @param sourceTable the source table
 * @param text its description at the newest checkpoint of the table in the lake
 * @param since {@code text} is newer than this position, in its encoded form; null for ever
 * @param previous the description up to {@code since}; null if there was none
 * @param checkpointId the checkpoint with which {@code text} came, 0 if that was not noted: of two
 *     tables that have a description of one source table, because it was routed elsewhere once, the
 *     one with the higher number is right
 */
public record SourceSchema(
    TableId sourceTable, String text, String since, String previous, long checkpointId) {

  /** A description that does not know its checkpoint. */
  public SourceSchema(TableId sourceTable, String text, String since, String previous) {
    this(sourceTable, text, since, previous, 0);
  }

  /** The description when reading goes on from {@code position}. */
  public String at(SourcePosition position) {
    boolean before =
        since != null && previous != null && position.compareTo(SourcePosition.parse(since)) <= 0;
    return before ? previous : text;
  }

  /** The table property's value. */
  public String toJson() {
    return JsonUtil.generate(
        json -> {
          json.writeStartObject();
          json.writeFieldName("table");
          TableIds.write(sourceTable, json);
          json.writeStringField("schema", text);
          if (since != null) {
            json.writeStringField("since", since);
          }
          if (previous != null) {
            json.writeStringField("previous", previous);
          }
          json.writeNumberField("checkpoint-id", checkpointId);
          json.writeEndObject();
        },
        false);
  }

  /** Reads {@link #toJson}. */
  public static SourceSchema fromJson(String json) {
    try {
      JsonNode node = JsonUtil.mapper().readTree(json);
      return new SourceSchema(
          TableIds.read(node.get("table")),
          node.get("schema").asText(),
          JsonUtil.getStringOrNull("since", node),
          JsonUtil.getStringOrNull("previous", node),
          node.path("checkpoint-id").asLong());
    } catch (IOException | RuntimeException e) {
      throw new InconsistentStateException(
          "Reading a table property '"
              + FirnProperties.SOURCE_SCHEMA_PREFIX
              + "...' failed: it is damaged; restore the table's properties",
          e);
    }
  }
}
