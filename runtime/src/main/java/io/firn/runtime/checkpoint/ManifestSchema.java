package io.firn.runtime.checkpoint;

import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;

/**
 * The Avro schemas of a manifest. Fields are added with a default, and never change their meaning:
 * a later version reads manifests of an earlier one.
 */
final class ManifestSchema {
  /** Grows only when an older version must not read the file. */
  static final int FORMAT_VERSION = 1;

  private static final String NAMESPACE = "io.firn.checkpoint";

  static final Schema DESCRIBED_TABLE =
      SchemaBuilder.record("DescribedTable")
          .namespace(NAMESPACE)
          .fields()
          .requiredString("database")
          .requiredString("name")
          .requiredString("description")
          .endRecord();

  static final Schema STATE_FILE =
      SchemaBuilder.record("StateFile")
          .namespace(NAMESPACE)
          .fields()
          .requiredString("localName")
          .requiredString("objectName")
          .requiredLong("sizeBytes")
          .requiredInt("crc32c")
          .endRecord();

  static final Schema TASK_STATE =
      SchemaBuilder.record("TaskState")
          .namespace(NAMESPACE)
          .fields()
          .requiredInt("firstKeyGroup")
          .requiredInt("endKeyGroup")
          .name("files")
          .type(Schema.createArray(STATE_FILE))
          .noDefault()
          .endRecord();

  static final Schema TABLE_COMMIT =
      SchemaBuilder.record("TableCommit")
          .namespace(NAMESPACE)
          .fields()
          .requiredString("database")
          .requiredString("name")
          .requiredInt("formatVersion")
          .requiredBytes("payload")
          .endRecord();

  static final Schema TABLE_STATE =
      SchemaBuilder.record("TableState")
          .namespace(NAMESPACE)
          .fields()
          .requiredString("database")
          .requiredString("name")
          .requiredString("identity")
          .requiredLong("checkpointId")
          .endRecord();

  static final Schema MANIFEST =
      SchemaBuilder.record("CheckpointManifest")
          .namespace(NAMESPACE)
          .fields()
          .requiredString("pipelineId")
          .requiredLong("epoch")
          .requiredLong("checkpointId")
          .requiredString("position")
          .requiredBoolean("snapshotCompleted")
          .requiredString("sourceOffset")
          .name("tableSchemas")
          .type(Schema.createArray(DESCRIBED_TABLE))
          .noDefault()
          .optionalString("previousPosition")
          .requiredLong("previousCommitId")
          .requiredInt("keyGroupCount")
          .name("taskStates")
          .type(Schema.createArray(TASK_STATE))
          .noDefault()
          .name("commits")
          .type(Schema.createArray(TABLE_COMMIT))
          .noDefault()
          // Null: a version wrote it that did not note the tables.
          .name("tables")
          .type()
          .optional()
          .array()
          .items(TABLE_STATE)
          .endRecord();

  private ManifestSchema() {}
}
