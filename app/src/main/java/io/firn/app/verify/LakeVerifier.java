package io.firn.app.verify;

import io.firn.lake.LakeSinkOptions;
import io.firn.lake.read.LakeReader;
import io.firn.model.checkpoint.CheckpointStorage;
import io.firn.model.schema.TableId;
import io.firn.model.schema.TableSchema;
import io.firn.model.transform.Transform;
import io.firn.source.MySqlSource;
import io.firn.source.MySqlSourceOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** Compares the tables of a pipeline with their source, also while changes flow. */
public final class LakeVerifier {
  private final String pipelineId;
  private final MySqlSourceOptions source;
  private final LakeSinkOptions lake;
  private final CheckpointStorage storage;
  private final Transform.Factory transforms;
  private final VerifiedTables tables;

  /**
   * @param storage the pipeline's checkpoints
   * @param tables what is compared
   */
  public LakeVerifier(
      String pipelineId,
      MySqlSourceOptions source,
      LakeSinkOptions lake,
      CheckpointStorage storage,
      Transform.Factory transforms,
      VerifiedTables tables) {
    this.pipelineId = pipelineId;
    this.source = source;
    this.lake = lake;
    this.storage = storage;
    this.transforms = transforms;
    this.tables = tables;
  }

  /**
   * Compares one table after the other.
   *
   * @param timeout how long to wait for the lake to reach a position of the source
   * @param finished told about every table as soon as it is done
   */
  public List<TableResult> verify(Duration timeout, Consumer<TableResult> finished)
      throws InterruptedException {
    List<TableResult> results = new ArrayList<>();
    try (LakeReader reader = LakeReader.open(lake);
        MySqlSource live = new MySqlSource(source)) {
      CommittedPosition positions =
          new CheckpointPositions(live, pipelineId, storage, reader, timeout);
      for (Map.Entry<TableId, VerifiedTables.Verified> entry : tables.tables().entrySet()) {
        TableResult result = verify(reader, positions, entry.getKey(), entry.getValue());
        finished.accept(result);
        results.add(result);
      }
    }
    return results;
  }

  private TableResult verify(
      LakeReader reader,
      CommittedPosition positions,
      TableId target,
      VerifiedTables.Verified verified)
      throws InterruptedException {
    SourceSide sourceSide = new SourceSide(source, transforms, target, verified.sources());
    TableSchema expected = without(sourceSide.layout(), verified.notCompared());
    if (!reader.exists(target)) {
      return wholeTable(target, "the lake has no such table");
    }
    LakeSide lakeSide = new LakeSide(reader, target);
    TableSchema actual = lakeSide.layout();
    for (var column : expected.columns()) {
      if (actual.indexOf(column.name()) < 0) {
        return wholeTable(target, "column '" + column.name() + "' is missing in the lake");
      }
    }
    try {
      return lakeSide.mode().isChangeLog()
          ? new ChangeLogVerifier(expected, sourceSide, lakeSide, positions).verify()
          : new KeyedVerifier(expected, sourceSide, lakeSide, positions).verify();
    } catch (ComparedColumns.MissingColumnException e) {
      return wholeTable(
          target, "its definition changed while it was compared (" + e.getMessage() + ")");
    }
  }

  private static TableSchema without(TableSchema schema, Set<String> columns) {
    return new TableSchema(
        schema.table(),
        schema.columns().stream().filter(c -> !columns.contains(c.name())).toList(),
        schema.primaryKey());
  }

  private static TableResult wholeTable(TableId target, String what) {
    return new TableResult(target, 0, 0, 1, 0, "", List.of(new Difference("", what)));
  }
}
