package io.firn.lake.guard;

import com.fasterxml.jackson.databind.JsonNode;
import io.firn.model.checkpoint.CheckpointMark;
import io.firn.model.error.InconsistentStateException;
import io.firn.model.schema.TableId;
import io.firn.model.sink.TableState;
import io.firn.model.source.SourceState;
import io.firn.model.stream.SourcePosition;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.iceberg.util.JsonUtil;

/**
 * What a table remembers of the newest checkpoint it contains. Kept in the summary of every
 * snapshot we write and, in full, in one table property, so that expiring snapshots cannot expire
 * the memory of a commit.
 *
 * @param pipelineId the pipeline
 * @param epoch the life that made the checkpoint
 * @param checkpointId its number
 * @param position where it lies in the source
 * @param snapshotCompleted whether the initial snapshot was complete there
 * @param previousPosition where the checkpoint before it lies; null for the first
 * @param tables all tables that the checkpoint changed; empty where only the summary is left
 * @param known all tables of the pipeline before the checkpoint; empty where only the summary is
 *     left, or if an older version wrote the marker
 */
public record Marker(
    String pipelineId,
    long epoch,
    long checkpointId,
    SourcePosition position,
    boolean snapshotCompleted,
    SourcePosition previousPosition,
    List<TableId> tables,
    List<TableState> known) {

  /** Copies the lists. */
  public Marker {
    tables = List.copyOf(tables);
    known = List.copyOf(known);
  }

  /** A marker that does not know the pipeline's other tables. */
  public Marker(
      String pipelineId,
      long epoch,
      long checkpointId,
      SourcePosition position,
      boolean snapshotCompleted,
      SourcePosition previousPosition,
      List<TableId> tables) {
    this(
        pipelineId,
        epoch,
        checkpointId,
        position,
        snapshotCompleted,
        previousPosition,
        tables,
        List.of());
  }

  /** The marker of a checkpoint that changes these tables. */
  public static Marker of(CheckpointMark mark, List<TableId> tables) {
    return of(mark, tables, List.of());
  }

  /** The same, with all tables of the pipeline as they are before it. */
  public static Marker of(CheckpointMark mark, List<TableId> tables, List<TableState> known) {
    return new Marker(
        mark.pipelineId(),
        mark.epoch(),
        mark.checkpointId(),
        mark.source().position(),
        mark.source().snapshotCompleted(),
        mark.previousPosition(),
        tables,
        known);
  }

  /**
   * The tables that there must be if this is the newest checkpoint: those with rows before it, and
   * those that it changed.
   */
  public List<TableState> expectedTables() {
    List<TableState> expected = new ArrayList<>();
    Set<TableId> noted = new HashSet<>();
    for (TableState state : known) {
      noted.add(state.table());
      if (state.checkpointId() > 0 || tables.contains(state.table())) {
        expected.add(state);
      }
    }
    for (TableId table : tables) {
      if (!noted.contains(table)) {
        expected.add(new TableState(table, "", 0));
      }
    }
    return expected;
  }

  /** The checkpoint, with a source state that knows the position and these descriptions only. */
  public CheckpointMark toMark(Map<TableId, String> sourceSchemas) {
    return new CheckpointMark(
        pipelineId,
        epoch,
        checkpointId,
        new SourceState(position, snapshotCompleted, "", sourceSchemas),
        previousPosition);
  }

  /** Whether both stand for the same checkpoint of the same life. */
  public boolean sameCheckpoint(Marker other) {
    return pipelineId.equals(other.pipelineId)
        && epoch == other.epoch
        && checkpointId == other.checkpointId
        && position.equals(other.position);
  }

  /** For messages: number, epoch and position. */
  public String describe() {
    return "checkpoint " + checkpointId + " of epoch " + epoch + " at '" + position.encode() + "'";
  }

  /** The entries of a snapshot's summary. */
  public Map<String, String> toSummary() {
    Map<String, String> summary = new LinkedHashMap<>();
    summary.put(FirnProperties.PIPELINE_ID, pipelineId);
    summary.put(FirnProperties.EPOCH, Long.toString(epoch));
    summary.put(FirnProperties.CHECKPOINT_ID, Long.toString(checkpointId));
    summary.put(FirnProperties.POSITION, position.encode());
    if (previousPosition != null) {
      summary.put(FirnProperties.PREVIOUS_POSITION, previousPosition.encode());
    }
    summary.put(FirnProperties.SNAPSHOT_COMPLETED, Boolean.toString(snapshotCompleted));
    summary.put(FirnProperties.CHECKPOINT_TABLES, Integer.toString(tables.size()));
    return summary;
  }

  /** Reads a summary; empty if the snapshot has no marker. */
  public static Optional<Marker> fromSummary(Map<String, String> summary) {
    if (summary == null || !summary.containsKey(FirnProperties.CHECKPOINT_ID)) {
      return Optional.empty();
    }
    try {
      String previous = summary.get(FirnProperties.PREVIOUS_POSITION);
      return Optional.of(
          new Marker(
              summary.get(FirnProperties.PIPELINE_ID),
              Long.parseLong(summary.get(FirnProperties.EPOCH)),
              Long.parseLong(summary.get(FirnProperties.CHECKPOINT_ID)),
              SourcePosition.parse(summary.get(FirnProperties.POSITION)),
              Boolean.parseBoolean(summary.get(FirnProperties.SNAPSHOT_COMPLETED)),
              previous == null ? null : SourcePosition.parse(previous),
              List.of()));
    } catch (RuntimeException e) {
      throw damaged("the summary of a snapshot", e);
    }
  }

  /** The full form, for the table property. */
  public String toJson() {
    return JsonUtil.generate(
        json -> {
          json.writeStartObject();
          json.writeNumberField("version", 1);
          json.writeStringField("pipeline-id", pipelineId);
          json.writeNumberField("epoch", epoch);
          json.writeNumberField("checkpoint-id", checkpointId);
          json.writeStringField("position", position.encode());
          json.writeBooleanField("snapshot-completed", snapshotCompleted);
          if (previousPosition != null) {
            json.writeStringField("previous-position", previousPosition.encode());
          }
          json.writeArrayFieldStart("tables");
          for (TableId table : tables) {
            TableIds.write(table, json);
          }
          json.writeEndArray();
          json.writeArrayFieldStart("known");
          for (TableState state : known) {
            json.writeStartObject();
            json.writeFieldName("table");
            TableIds.write(state.table(), json);
            json.writeStringField("uuid", state.identity());
            json.writeNumberField("checkpoint-id", state.checkpointId());
            json.writeEndObject();
          }
          json.writeEndArray();
          json.writeEndObject();
        },
        false);
  }

  /** Reads {@link #toJson}. */
  public static Marker fromJson(String text) {
    try {
      JsonNode node = JsonUtil.mapper().readTree(text);
      if (node.path("version").asInt() != 1) {
        throw new IllegalArgumentException("unknown version");
      }
      List<TableId> tables = new ArrayList<>();
      for (JsonNode table : node.get("tables")) {
        tables.add(TableIds.read(table));
      }
      List<TableState> known = new ArrayList<>();
      for (JsonNode state : node.path("known")) {
        known.add(
            new TableState(
                TableIds.read(state.get("table")),
                JsonUtil.getString("uuid", state),
                JsonUtil.getLong("checkpoint-id", state)));
      }
      JsonNode previous = node.get("previous-position");
      return new Marker(
          JsonUtil.getString("pipeline-id", node),
          JsonUtil.getLong("epoch", node),
          JsonUtil.getLong("checkpoint-id", node),
          SourcePosition.parse(JsonUtil.getString("position", node)),
          JsonUtil.getBool("snapshot-completed", node),
          previous == null ? null : SourcePosition.parse(previous.asText()),
          tables,
          known);
    } catch (IOException | RuntimeException e) {
      throw damaged("the table property '" + FirnProperties.MARKER + "'", e);
    }
  }

  private static InconsistentStateException damaged(String where, Exception cause) {
    return new InconsistentStateException(
        "Reading Firn's marker from "
            + where
            + " failed: it is damaged or of a newer version; restore the table's properties or use"
            + " the Firn version that wrote them",
        cause);
  }
}
