package io.firn.app.assembly;

import io.firn.dsl.spec.PipelineSpec;
import io.firn.dsl.table.PartitionField;
import io.firn.lake.LakeSinkOptions;
import io.firn.lake.PartitionRule;
import io.firn.lake.write.WriterSettings;
import io.firn.model.schema.TableId;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Turns the {@code sink} section of a pipeline file into options of the lake. */
final class LakeAssembly {
  private static final long MIB = 1L << 20;

  private LakeAssembly() {}

  /**
   * @param partitions by target table, as planned
   */
  static LakeSinkOptions options(
      PipelineSpec spec, Map<TableId, List<PartitionField>> partitions, Set<String> databases) {
    List<PartitionRule> rules =
        partitions.entrySet().stream()
            .map(
                entry ->
                    PartitionRule.of(
                        entry.getKey(),
                        entry.getValue().stream().map(LakeAssembly::expression).toList()))
            .toList();
    return new LakeSinkOptions(
        LakeSinkOptions.DEFAULT_CATALOG_NAME,
        spec.sink().catalogProperties().reveal(),
        spec.sink().hadoopConfiguration().reveal(),
        spec.sink().tableProperties().reveal(),
        rules,
        databases);
  }

  private static String expression(PartitionField field) {
    return switch (field.transform()) {
      case IDENTITY -> field.column();
      case BUCKET, TRUNCATE ->
          lower(field) + "(" + field.parameter() + ", " + field.column() + ")";
      default -> lower(field) + "(" + field.column() + ")";
    };
  }

  private static String lower(PartitionField field) {
    return field.transform().name().toLowerCase(java.util.Locale.ROOT);
  }

  /** Limits of one task, so that all of them together stay within a third of the heap or so. */
  static WriterSettings writerSettings(int parallelism) {
    WriterSettings all = WriterSettings.DEFAULT;
    return new WriterSettings(
        Math.max(20_000, all.bufferRows() / parallelism),
        Math.max(8 * MIB, all.bufferBytes() / parallelism),
        Math.max(8, all.openFiles() / parallelism),
        Math.max(16 * MIB, all.openFileBytes() / parallelism));
  }
}
