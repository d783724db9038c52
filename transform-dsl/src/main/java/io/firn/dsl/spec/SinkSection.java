package io.firn.dsl.spec;

import io.firn.dsl.field.BadValueException;
import io.firn.dsl.field.FieldInput;
import io.firn.dsl.field.FieldSpec;
import io.firn.dsl.field.FieldType;
import io.firn.dsl.field.FieldTypes;
import io.firn.dsl.field.SectionSpec;
import io.firn.dsl.table.PartitionKeys;
import io.firn.dsl.table.WriteModes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The settings of {@code sink}: the names are those of Flink CDC's Iceberg pipeline sink. */
public final class SinkSection {
  private SinkSection() {}

  /** The kinds of sink. */
  public enum SinkType {
    /** Apache Iceberg. */
    ICEBERG
  }

  private static final FieldType<PartitionKeys> PARTITION_KEYS =
      new FieldType<>() {
        @Override
        public String title() {
          return "partition list";
        }

        @Override
        public PartitionKeys parse(FieldInput input) throws BadValueException {
          return PartitionKeys.parse(input.text());
        }

        @Override
        public Map<String, Object> jsonSchema() {
          return Map.of("type", "string");
        }
      };

  private static final FieldType<WriteModes> WRITE_MODES =
      new FieldType<>() {
        @Override
        public String title() {
          return "mode list";
        }

        @Override
        public WriteModes parse(FieldInput input) throws BadValueException {
          return WriteModes.parse(input.text());
        }

        @Override
        public Map<String, Object> jsonSchema() {
          return Map.of("type", "string");
        }
      };

  private static final String PER_EVENT = "choosing kinds of changes is not built yet";

  static final FieldSpec<SinkType> TYPE =
      FieldSpec.of("type", FieldTypes.oneOf(SinkType.class), "The kind of sink.")
          .mandatory()
          .withExample("iceberg");
  static final FieldSpec<String> NAME = FieldSpec.of("name", FieldTypes.TEXT, "A name for people.");
  static final FieldSpec<PartitionKeys> PARTITION_KEY =
      FieldSpec.of(
              "partition.key",
              PARTITION_KEYS,
              "Partitioning of target tables at their creation: `database.table:field,field`, tables"
                  + " separated by `;`. A field is a column or `year(c)`, `month(c)`, `day(c)`,"
                  + " `hour(c)`, `bucket[n](c)` or `truncate[n](c)`. Table names may be regular"
                  + " expressions; the first that matches counts.")
          .withExample("shop.orders:day(created_at);shop.customers:bucket[16](id)");
  static final FieldSpec<WriteModes> WRITE_MODE =
      FieldSpec.of(
              "write.mode",
              WRITE_MODES,
              "How changes become rows of target tables: `database.table:mode`, tables separated by"
                  + " `;`. Modes are `upsert` (one row per key; usual for tables with a key),"
                  + " `soft-delete` (the same, but rows of deleted keys stay, marked), `history`"
                  + " (every version with the time of its validity), `append` (a change log; usual"
                  + " for tables without a key) and `append-after` (the same without before"
                  + " images). Table names may be regular expressions; the first that matches"
                  + " counts. The mode of a table that exists cannot be changed. See the [user"
                  + " guide](user-guide.md#write-modes).")
          .withExample("shop.orders:history;shop.customers:soft-delete");
  static final FieldSpec<String> CATALOG =
      FieldSpec.of(
              "catalog.properties.*",
              FieldTypes.TEXT,
              "Properties of the Iceberg catalog: `type` (`hadoop`, `jdbc`, `rest`, ...) or"
                  + " `catalog-impl`, `warehouse`, `uri` and whatever the catalog takes.")
          .withExample("type: hadoop");
  static final FieldSpec<String> TABLE =
      FieldSpec.of(
              "table.properties.*",
              FieldTypes.TEXT,
              "Iceberg table properties of every table that is created, such as `format-version`.")
          .withExample("write.parquet.compression-codec: zstd");
  static final FieldSpec<String> HADOOP =
      FieldSpec.of(
              "hadoop.conf.*",
              FieldTypes.TEXT,
              "Hadoop configuration for catalogs and file systems that use it.")
          .withExample("fs.s3a.endpoint: http://localhost:9000");

  /** The section. */
  public static final SectionSpec SPEC =
      new SectionSpec("sink", "The lake that changes go to.", false, true, fields());

  private static List<FieldSpec<?>> fields() {
    List<FieldSpec<?>> fields =
        new ArrayList<>(
            List.of(
                TYPE,
                NAME,
                CATALOG,
                TABLE,
                PARTITION_KEY,
                WRITE_MODE,
                HADOOP,
                FieldSpec.of(
                        "include.schema.changes", FieldTypes.TEXT, "Kinds of changes to follow.")
                    .notSupportedExcept(null, PER_EVENT),
                FieldSpec.of("exclude.schema.changes", FieldTypes.TEXT, "Kinds not to follow.")
                    .notSupportedExcept(null, PER_EVENT),
                FieldSpec.of("job.id.prefix", FieldTypes.TEXT, "Prefix of Flink's job id.")
                    .withoutEffect("commits carry the pipeline's name")));
    fields.addAll(CompactionFields.ALL);
    fields.addAll(MaintenanceFields.ALL);
    return List.copyOf(fields);
  }
}
