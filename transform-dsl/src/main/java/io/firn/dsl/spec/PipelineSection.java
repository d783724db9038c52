package io.firn.dsl.spec;

import io.firn.dsl.field.BadValueException;
import io.firn.dsl.field.FieldInput;
import io.firn.dsl.field.FieldSpec;
import io.firn.dsl.field.FieldType;
import io.firn.dsl.field.FieldTypes;
import io.firn.dsl.field.SectionSpec;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;

/** The settings of {@code pipeline}: Flink CDC's, and Firn's own for checkpoints and state. */
public final class PipelineSection {
  private PipelineSection() {}

  /** What Flink CDC calls the runtime mode. */
  public enum RuntimeMode {
    /** Runs until stopped. */
    STREAMING,
    /** Ends with the snapshot. */
    BATCH
  }

  /** What happens if several route rules match a table. */
  public enum RouteMode {
    /** Every rule that matches is applied. */
    ALL_MATCH,
    /** The first rule that matches is applied. */
    FIRST_MATCH
  }

  private static final FieldType<String> PIPELINE_NAME =
      new FieldType<>() {
        @Override
        public String title() {
          return "text";
        }

        @Override
        public String parse(FieldInput input) throws BadValueException {
          String name = input.text();
          if (name.isBlank() || name.length() > 200) {
            throw new BadValueException(
                "The name " + input.shown() + " is empty or longer than 200 characters",
                "choose a short name");
          }
          if (name.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
            throw new BadValueException(
                "The name " + input.shown() + " has control characters", "remove them");
          }
          return name;
        }

        @Override
        public Map<String, Object> jsonSchema() {
          return Map.of("type", "string", "minLength", 1, "maxLength", 200);
        }
      };

  private static final String FLINK_ONLY = "it is about Flink's operators";

  static final FieldSpec<String> NAME =
      FieldSpec.of(
              "name",
              PIPELINE_NAME,
              "Name of the pipeline. Checkpoints and target tables remember it, so it must stay the"
                  + " same as long as the pipeline lives. Without it the file's name is used.")
          .withExample("shop-to-lake");
  static final FieldSpec<Integer> PARALLELISM =
      FieldSpec.of("parallelism", FieldTypes.integer(1, 128), "Tasks that transform and write.")
          .withDefault("1");
  static final FieldSpec<SchemaChangeBehavior> SCHEMA_CHANGE_BEHAVIOR =
      FieldSpec.of(
              "schema.change.behavior",
              FieldTypes.oneOf(SchemaChangeBehavior.class),
              "What a change of a source table's definition does: `evolve` makes the target follow"
                  + " and stops where it cannot; `lenient` only ever adds (dropped and renamed columns"
                  + " stay and become optional, truncation and dropping of tables is not followed);"
                  + " `exception` stops. `try_evolve` and `ignore` are not built yet. The default"
                  + " differs from Flink CDC's (`lenient`), because only `evolve` keeps the lake equal"
                  + " to the source.")
          .withDefault("evolve");
  static final FieldSpec<Duration> CHECKPOINT_INTERVAL =
      FieldSpec.of(
              "checkpoint.interval",
              FieldTypes.duration(Duration.ofMillis(100), Duration.ofDays(1)),
              "How often changes are committed to the lake.")
          .withDefault("10s");
  static final FieldSpec<String> CHECKPOINT_DIRECTORY =
      FieldSpec.of(
              "checkpoint.directory",
              FieldTypes.NON_EMPTY,
              "Where checkpoints are kept: a path or a `file:`, `hdfs:` or `s3:` URL. Without it"
                  + " `./firn-data/<pipeline name>/checkpoints`.")
          .withExample("s3://lake/checkpoints/shop");
  static final FieldSpec<String> STATE_DIRECTORY =
      FieldSpec.of(
              "state.directory",
              FieldTypes.NON_EMPTY,
              "Local directory for working files; can be rebuilt, need not be backed up. Without it"
                  + " `./firn-data/<pipeline name>/state`.")
          .withExample("/var/lib/firn/shop");
  static final FieldSpec<Long> INDEX_MEMORY =
      FieldSpec.of(
              "index.memory",
              FieldTypes.SIZE,
              "Memory outside the heap, for all tasks together, in which the index remembers where"
                  + " each key's row is: about 25 bytes a key (35 where the key is not one number)."
                  + " It is taken as keys need it. Beyond it, keys that were not used lately are"
                  + " looked up in the working files, which costs several times the CPU time. More"
                  + " than the default also needs a higher `-XX:MaxDirectMemorySize`; see"
                  + " docs/operations.md.")
          .withDefault("512MB");
  static final FieldSpec<ZoneId> LOCAL_TIME_ZONE =
      FieldSpec.of(
              "local-time-zone",
              FieldTypes.ZONE,
              "Time zone in which expressions turn points in time into dates and texts and back. The"
                  + " default differs from Flink CDC's (the machine's), so that a file means the same"
                  + " everywhere.")
          .withDefault("UTC");
  static final FieldSpec<RouteMode> ROUTE_MODE =
      FieldSpec.of(
              "route-mode",
              FieldTypes.oneOf(RouteMode.class),
              "Whether all route rules that match a table are applied or the first one. A table that"
                  + " several rules match under `all_match` is refused: writing one table to several"
                  + " targets is not built yet.")
          .withDefault("all_match");
  static final FieldSpec<RuntimeMode> RUNTIME_MODE =
      FieldSpec.of(
              "execution.runtime-mode",
              FieldTypes.oneOf(RuntimeMode.class),
              "Flink CDC's runtime mode.")
          .withDefault("streaming")
          .notSupportedExcept("streaming", "use the command line's --until-caught-up instead");

  /** The section. */
  public static final SectionSpec SPEC =
      new SectionSpec(
          "pipeline",
          "The pipeline itself. May be left out.",
          false,
          true,
          List.of(
              NAME,
              PARALLELISM,
              SCHEMA_CHANGE_BEHAVIOR,
              CHECKPOINT_INTERVAL,
              CHECKPOINT_DIRECTORY,
              STATE_DIRECTORY,
              INDEX_MEMORY,
              LOCAL_TIME_ZONE,
              ROUTE_MODE,
              RUNTIME_MODE,
              FieldSpec.of("user-defined-function", FieldTypes.TEXT, "Functions from Java classes.")
                  .notSupportedExcept(
                      null, "code named by a pipeline file is never loaded; see docs/functions.md"),
              FieldSpec.of("model", FieldTypes.TEXT, "Calls to language models.")
                  .notSupportedExcept(null, "a row's result must not depend on an outside service"),
              FieldSpec.of("schema.operator.uid", FieldTypes.TEXT, "Flink operator id.")
                  .withoutEffect(FLINK_ONLY),
              FieldSpec.of("operator.uid.prefix", FieldTypes.TEXT, "Flink operator ids.")
                  .withoutEffect(FLINK_ONLY),
              FieldSpec.of("schema-operator.rpc-timeout", FieldTypes.TEXT, "Flink timeout.")
                  .withoutEffect(FLINK_ONLY),
              FieldSpec.of("sink.partitioning.strategy", FieldTypes.TEXT, "Flink shuffling.")
                  .withoutEffect("rows are always distributed by key"),
              FieldSpec.of("transform.decimal.precision.mode", FieldTypes.TEXT, "Decimal limits.")
                  .withoutEffect("decimals always have up to 38 digits")));
}
