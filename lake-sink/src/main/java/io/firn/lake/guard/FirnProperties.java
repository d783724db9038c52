package io.firn.lake.guard;

/**
 * Names of the table properties and snapshot summary entries that Firn keeps in the lake. They are
 * part of the lake's format: a later version must still read them.
 */
public final class FirnProperties {
  /** Table property and summary entry: id of the pipeline that owns the table. */
  public static final String PIPELINE_ID = "firn.pipeline-id";

  /** Table property: epoch of the life that has possession. In the summary: of the committer. */
  public static final String EPOCH = "firn.epoch";

  /** Table property: random name of the instance that has possession. */
  public static final String OWNER = "firn.owner";

  /** Table property: the table's name in the pipeline, as JSON. */
  public static final String TABLE = "firn.table";

  /** Table property: how changes become rows, such as {@code upsert}: see {@code WriteMode}. */
  public static final String WRITE_MODE = "firn.write-mode";

  /** Table property: the newest {@link Marker}, as JSON. */
  public static final String MARKER = "firn.checkpoint";

  /**
   * Table property: sequence number of the newest checkpoint's snapshot, or of one that somebody
   * else committed at the same moment. If the current snapshot's is lower, the table was rolled
   * back.
   */
  public static final String MARKER_SEQUENCE_NUMBER = "firn.checkpoint-sequence-number";

  /** Table property: highest number that a data file of the table ever had. */
  public static final String LAST_FILE_ID = "firn.last-file-id";

  /**
   * Table property: numbers of data files that compaction wrote and that a key index of the newest
   * checkpoint may not know yet, separated by commas; missing for none.
   */
  public static final String PENDING_REPOINTS = "firn.pending-repoints";

  /** Prefix of table properties, one per source table: {@link SourceSchema}, as JSON. */
  public static final String SOURCE_SCHEMA_PREFIX = "firn.source-schema.";

  /**
   * Summary entry: what made the snapshot, {@code checkpoint}, {@code compaction} or {@code fence}.
   */
  public static final String OPERATION = "firn.operation";

  /** Summary entry: number of the newest checkpoint that the table contains. */
  public static final String CHECKPOINT_ID = "firn.checkpoint-id";

  /** Summary entry: source position of that checkpoint. */
  public static final String POSITION = "firn.position";

  /** Summary entry: source position of the checkpoint before it; missing for the first. */
  public static final String PREVIOUS_POSITION = "firn.previous-position";

  /** Summary entry: whether the initial snapshot was complete at that checkpoint. */
  public static final String SNAPSHOT_COMPLETED = "firn.snapshot-completed";

  /** Summary entry: how many tables the checkpoint changed; their names are in the marker. */
  public static final String CHECKPOINT_TABLES = "firn.checkpoint-tables";

  private FirnProperties() {}
}
