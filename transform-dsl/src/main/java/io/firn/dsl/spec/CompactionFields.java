package io.firn.dsl.spec;

import io.firn.dsl.field.FieldSpec;
import io.firn.dsl.field.FieldTypes;
import io.firn.dsl.field.SectionValues;
import java.util.List;

/** The settings of {@code sink} that are about compaction. */
final class CompactionFields {
  private static final String NO_COMMITS_OF_ITS_OWN =
      "compaction starts when there is enough to do and commits between two checkpoints";

  static final FieldSpec<Boolean> ENABLED =
      FieldSpec.of(
              "compaction.enabled",
              FieldTypes.BOOLEAN,
              "Whether small files and files with many deleted rows are rewritten while the pipeline"
                  + " runs. Compaction never makes a commit of rows fail, and never waits for one.")
          .withDefault("true");
  static final FieldSpec<Boolean> FLINK_ENABLED =
      FieldSpec.of(
          "sink.compaction.enabled",
          FieldTypes.BOOLEAN,
          "Flink CDC's name for `compaction.enabled`, which wins if both are given.");
  static final FieldSpec<Long> TARGET_FILE_SIZE =
      FieldSpec.of(
              "compaction.target-file-size",
              FieldTypes.SIZE,
              "The size that files are brought to. Without it the table property"
                  + " `write.target-file-size-bytes` counts, which is 512MB if not set.")
          .withExample("128MB");
  static final FieldSpec<Integer> MIN_INPUT_FILES =
      FieldSpec.of(
              "compaction.min-input-files",
              FieldTypes.integer(2, 1000),
              "How many small files of one partition are rewritten together at least. Small is below"
                  + " three quarters of the target size.")
          .withDefault("10");
  static final FieldSpec<Double> DELETE_RATIO =
      FieldSpec.of(
              "compaction.delete-ratio-threshold",
              FieldTypes.decimal(0.01, 1),
              "The share of deleted rows from which on a file is rewritten whatever its size (from"
                  + " 1000 deleted rows on).")
          .withDefault("0.2");
  static final FieldSpec<Double> CPU_SHARE =
      FieldSpec.of(
              "compaction.cpu-share",
              FieldTypes.decimal(0.01, 1),
              "The share of the machine's processors that rewriting may use. It runs at the lowest"
                  + " priority besides.")
          .withDefault("0.2");
  static final FieldSpec<Integer> CONCURRENT_REWRITES =
      FieldSpec.of(
              "compaction.max-concurrent-rewrites",
              FieldTypes.integer(1, 16),
              "How many rewrites run at once. Each holds some 100 MB of memory.")
          .withDefault("1");

  static final FieldSpec<Integer> MIN_DELETE_FILES =
      FieldSpec.of(
              "compaction.min-delete-files",
              FieldTypes.integer(2, 10_000),
              "How many position delete files that apply to one data file are merged at least."
                  + " Tables of format version 2 only: in version 3 there is never more than one.")
          .withDefault("50");

  static final List<FieldSpec<?>> ALL =
      List.of(
          ENABLED,
          TARGET_FILE_SIZE,
          MIN_INPUT_FILES,
          DELETE_RATIO,
          CPU_SHARE,
          CONCURRENT_REWRITES,
          MIN_DELETE_FILES,
          FLINK_ENABLED,
          FieldSpec.of("sink.compaction.commit.interval", FieldTypes.TEXT, "How often.")
              .withoutEffect(NO_COMMITS_OF_ITS_OWN),
          FieldSpec.of("sink.compaction.commit.parallelism", FieldTypes.TEXT, "How parallel.")
              .withoutEffect("see compaction.max-concurrent-rewrites"));

  private CompactionFields() {}

  static CompactionSpec read(SectionValues values) {
    boolean enabled = values.get(ENABLED);
    if (enabled && !values.isWritten(ENABLED)) {
      enabled = values.find(FLINK_ENABLED).orElse(true);
    }
    return new CompactionSpec(
        enabled,
        values.find(TARGET_FILE_SIZE).orElse(0L),
        values.get(MIN_INPUT_FILES),
        values.get(DELETE_RATIO),
        values.get(CPU_SHARE),
        values.get(CONCURRENT_REWRITES),
        values.get(MIN_DELETE_FILES));
  }
}
