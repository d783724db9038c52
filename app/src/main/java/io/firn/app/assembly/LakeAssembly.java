package io.firn.app.assembly;

import io.firn.dsl.plan.PipelinePlan;
import io.firn.dsl.spec.CompactionSpec;
import io.firn.dsl.spec.MaintenanceSpec;
import io.firn.dsl.spec.PipelineSpec;
import io.firn.dsl.table.PartitionField;
import io.firn.dsl.table.PartitionKeys;
import io.firn.dsl.table.WriteModes;
import io.firn.lake.LakeSinkOptions;
import io.firn.lake.PartitionRule;
import io.firn.lake.PropertyRule;
import io.firn.lake.WriteModeRule;
import io.firn.lake.compact.CompactionSettings;
import io.firn.lake.maintain.MaintenanceSettings;
import io.firn.lake.table.WriteMode;
import io.firn.lake.write.WriterSettings;
import io.firn.model.schema.TableId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** Turns the {@code sink} section of a pipeline file into options of the lake. */
final class LakeAssembly {
  private static final long MIB = 1L << 20;

  private LakeAssembly() {}

  /** Options for looking at the lake, and for writing planned tables. */
  static LakeSinkOptions options(PipelinePlan plan) {
    PipelineSpec spec = plan.spec();
    List<PartitionRule> rules = new ArrayList<>();
    List<PropertyRule> properties = new ArrayList<>();
    plan.targets()
        .forEach(
            (target, planned) -> {
              rules.add(
                  PartitionRule.of(target, expressions(planned.settings().partitionFields())));
              properties.add(new PropertyRule(target::equals, planned.settings().properties()));
            });
    // For tables that appear while the pipeline runs.
    for (PartitionKeys.Table table : spec.sink().partitionKeys().tables()) {
      rules.add(new PartitionRule(table.pattern()::matches, expressions(table.fields())));
    }
    Set<String> databases =
        plan.targets().keySet().stream().map(TableId::database).collect(Collectors.toSet());
    return new LakeSinkOptions(
        LakeSinkOptions.DEFAULT_CATALOG_NAME,
        spec.sink().catalogProperties().reveal(),
        spec.sink().hadoopConfiguration().reveal(),
        spec.sink().tableProperties().reveal(),
        rules,
        properties,
        // A table that is captured later may go to a database that nobody knows yet.
        spec.source().tables().parts().stream().allMatch(part -> isLiteral(part.text()))
            ? databases
            : Set.of(),
        compaction(spec.sink().compaction()),
        maintenance(spec.sink().maintenance()),
        spec.sink().writeModes().tables().stream().map(LakeAssembly::rule).toList());
  }

  private static WriteModeRule rule(WriteModes.Table table) {
    return new WriteModeRule(
        table.pattern()::matches, WriteMode.of(table.mode().text()).orElseThrow());
  }

  /** Options for tables that exist, wherever they are. */
  static LakeSinkOptions options(PipelineSpec spec) {
    return new LakeSinkOptions(
        LakeSinkOptions.DEFAULT_CATALOG_NAME,
        spec.sink().catalogProperties().reveal(),
        spec.sink().hadoopConfiguration().reveal(),
        spec.sink().tableProperties().reveal(),
        List.of(),
        List.of(),
        Set.of(),
        compaction(spec.sink().compaction()),
        maintenance(spec.sink().maintenance()));
  }

  private static MaintenanceSettings maintenance(MaintenanceSpec spec) {
    return new MaintenanceSettings(
        spec.expireSnapshots(),
        spec.maxSnapshots(),
        spec.removeOrphans(),
        spec.orphanAge(),
        spec.interval(),
        System::currentTimeMillis);
  }

  private static CompactionSettings compaction(CompactionSpec spec) {
    CompactionSettings defaults = CompactionSettings.DEFAULT;
    return new CompactionSettings(
        spec.enabled(),
        spec.targetFileBytes(),
        spec.minInputFiles(),
        spec.deleteRatio(),
        defaults.minDeletedRows(),
        spec.cpuShare(),
        spec.concurrentRewrites(),
        spec.minDeleteFiles());
  }

  private static boolean isLiteral(String pattern) {
    return pattern.matches("[A-Za-z0-9_$]+\\.[A-Za-z0-9_$]+");
  }

  private static List<String> expressions(List<PartitionField> fields) {
    return fields.stream().map(LakeAssembly::expression).toList();
  }

  private static String expression(PartitionField field) {
    String name = field.transform().name().toLowerCase(Locale.ROOT);
    return switch (field.transform()) {
      case IDENTITY -> field.column();
      case BUCKET, TRUNCATE -> name + "(" + field.parameter() + ", " + field.column() + ")";
      default -> name + "(" + field.column() + ")";
    };
  }

  /**
   * Limits of one task, so that all of them together stay within a third of the heap or so, and
   * their indexes within what the pipeline file says.
   */
  static WriterSettings writerSettings(int parallelism, long indexMemoryBytes) {
    WriterSettings all = WriterSettings.DEFAULT;
    WriterSettings task =
        new WriterSettings(
            Math.max(20_000, all.bufferRows() / parallelism),
            Math.max(8 * MIB, all.bufferBytes() / parallelism),
            Math.max(8, all.openFiles() / parallelism),
            Math.max(16 * MIB, all.openFileBytes() / parallelism));
    return task.withIndexBytes(Math.max(MIB, indexMemoryBytes / parallelism));
  }
}
