package io.firn.dsl.spec;

import io.firn.dsl.field.FieldSpec;
import io.firn.dsl.field.FieldTypes;
import io.firn.dsl.field.SectionValues;
import java.time.Duration;
import java.util.List;

/** The settings of {@code sink} that are about old snapshots and files. */
final class MaintenanceFields {
  static final FieldSpec<Boolean> EXPIRE =
      FieldSpec.of(
              "snapshot-expiration.enabled",
              FieldTypes.BOOLEAN,
              "Whether old snapshots are expired while the pipeline runs, and the files deleted that"
                  + " only they need. How old is said by the table properties"
                  + " `history.expire.max-snapshot-age-ms` (5 days if not set) and"
                  + " `history.expire.min-snapshots-to-keep`. What a tag or branch holds stays.")
          .withDefault("true");
  static final FieldSpec<Integer> MAX_SNAPSHOTS =
      FieldSpec.of(
              "snapshot-expiration.max-snapshots",
              FieldTypes.integer(1, 1_000_000),
              "How many snapshots a table keeps at most, whatever their age. Every commit writes the"
                  + " list of all of them anew, about 1 KB each.")
          .withDefault("2000");
  static final FieldSpec<Boolean> ORPHANS =
      FieldSpec.of(
              "orphan-files.enabled",
              FieldTypes.BOOLEAN,
              "Whether files are deleted that a crash left behind: data and delete files written by"
                  + " this pipeline, manifests, in no snapshot. Looked for at a start and once a day.")
          .withDefault("true");
  static final FieldSpec<Duration> ORPHAN_AGE =
      FieldSpec.of(
              "orphan-files.older-than",
              FieldTypes.duration(Duration.ZERO, Duration.ofDays(3650)),
              "How old such files must be.")
          .withDefault("3d");
  static final FieldSpec<Duration> INTERVAL =
      FieldSpec.of(
              "snapshot-expiration.interval",
              FieldTypes.duration(Duration.ofMillis(100), Duration.ofDays(365)),
              "How often a table is looked at.")
          .withDefault("10min");

  static final List<FieldSpec<?>> ALL =
      List.of(EXPIRE, MAX_SNAPSHOTS, INTERVAL, ORPHANS, ORPHAN_AGE);

  private MaintenanceFields() {}

  static MaintenanceSpec read(SectionValues values) {
    return new MaintenanceSpec(
        values.get(EXPIRE),
        values.get(MAX_SNAPSHOTS),
        values.get(ORPHANS),
        values.get(ORPHAN_AGE),
        values.get(INTERVAL));
  }
}
