package io.firn.lake.guard;

import io.firn.model.error.InconsistentStateException;
import io.firn.model.schema.TableId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.util.SnapshotUtil;

/**
 * What one version of a table's metadata says about Firn.
 *
 * @param pipelineId the owning pipeline, or null
 * @param epoch epoch of the life that has possession; 0 if none
 * @param owner the instance that has possession, or null
 * @param newest the newest checkpoint that the table contains
 * @param sourceSchemas descriptions of the source tables
 */
public record TableMark(
    String pipelineId,
    long epoch,
    String owner,
    Optional<Marker> newest,
    Map<TableId, SourceSchema> sourceSchemas) {

  /**
   * Reads the metadata of a table.
   *
   * @throws InconsistentStateException if its parts contradict each other
   */
  public static TableMark of(TableMetadata metadata) {
    Snapshot current = metadata.currentSnapshot();
    Iterable<Snapshot> ancestry =
        current == null
            ? java.util.List.of()
            : SnapshotUtil.ancestorsOf(current.snapshotId(), metadata::snapshot);
    return of(metadata.properties(), ancestry, metadata.location());
  }

  /**
   * Reads the properties of a table and its snapshots, newest first.
   *
   * @param location for messages
   */
  static TableMark of(
      Map<String, String> properties, Iterable<Snapshot> ancestry, String location) {
    String pipelineId = properties.get(FirnProperties.PIPELINE_ID);
    String epoch = properties.get(FirnProperties.EPOCH);
    Map<TableId, SourceSchema> sourceSchemas = new LinkedHashMap<>();
    properties.forEach(
        (key, value) -> {
          if (key.startsWith(FirnProperties.SOURCE_SCHEMA_PREFIX)) {
            SourceSchema schema = SourceSchema.fromJson(value);
            sourceSchemas.put(schema.sourceTable(), schema);
          }
        });
    return new TableMark(
        pipelineId,
        epoch == null ? 0 : Long.parseLong(epoch),
        properties.get(FirnProperties.OWNER),
        pipelineId == null ? Optional.empty() : newest(pipelineId, properties, ancestry, location),
        sourceSchemas);
  }

  private static Optional<Marker> newest(
      String pipelineId,
      Map<String, String> properties,
      Iterable<Snapshot> ancestry,
      String location) {
    Optional<Marker> inSnapshots = Optional.empty();
    Snapshot current = null;
    Snapshot oldest = null;
    for (Snapshot snapshot : ancestry) {
      current = current == null ? snapshot : current;
      oldest = snapshot;
      inSnapshots =
          Marker.fromSummary(snapshot.summary())
              .filter(marker -> pipelineId.equals(marker.pipelineId()));
      if (inSnapshots.isPresent()) {
        break;
      }
    }
    String property = properties.get(FirnProperties.MARKER);
    if (property == null) {
      if (inSnapshots.isPresent()) {
        throw lost(location, "the table property '" + FirnProperties.MARKER + "' was removed");
      }
      return Optional.empty();
    }
    Marker inProperty = Marker.fromJson(property);
    if (!pipelineId.equals(inProperty.pipelineId())) {
      throw lost(location, "its marker is that of pipeline '" + inProperty.pipelineId() + "'");
    }
    if (oldest == null) {
      throw lost(location, "all its snapshots are gone, which no expiry does");
    }
    String sequence = properties.get(FirnProperties.MARKER_SEQUENCE_NUMBER);
    boolean older = sequence != null && current.sequenceNumber() < Long.parseLong(sequence);
    // If nothing was expired, the whole history is there.
    boolean notInHistory = inSnapshots.isEmpty() && oldest.parentId() == null;
    if (inSnapshots.isEmpty() && (older || notInHistory)) {
      throw lost(
          location,
          "it already had "
              + inProperty.describe()
              + " but its snapshots are all older; it was rolled back");
    }
    // A foreign snapshot may be all that an expiry left; then the property alone remembers.
    if (inSnapshots.isPresent() && !inSnapshots.get().sameCheckpoint(inProperty)) {
      throw lost(
          location,
          "its current snapshot has "
              + inSnapshots.get().describe()
              + " but it already had "
              + inProperty.describe()
              + "; it was rolled back");
    }
    return Optional.of(inProperty);
  }

  private static InconsistentStateException lost(String location, String cause) {
    return new InconsistentStateException(
        "The table at '"
            + location
            + "' cannot be continued: "
            + cause
            + "; restore it as it was and start again. If it is lost, mirror anew into new tables"
            + " under another pipeline name");
  }
}
