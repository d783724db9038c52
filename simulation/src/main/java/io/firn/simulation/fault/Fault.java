package io.firn.simulation.fault;

/** Everything that goes wrong on purpose. A full run of seeds must reach each of them. */
public enum Fault {
  /** The process ends between two operations on the outside world. */
  CRASH_BEFORE,
  /** The process ends right after an operation took effect. */
  CRASH_AFTER,
  /** The machine ends: what was not forced to its disk may be lost or torn. */
  MACHINE_CRASH,
  /** Bytes that were never forced to the disk are lost in a crash of the machine. */
  DISK_LOSES_BYTES,
  /** A name whose directory was never forced to the disk is lost in a crash of the machine. */
  DISK_LOSES_NAMES,
  /** A write puts only a part of its bytes on the disk and says so. */
  DISK_SHORT_WRITE,
  /** A write says that all bytes are there, and some are not. */
  DISK_LIES,
  /** The disk is full for a while. */
  DISK_FULL,
  /** An operation on the disk fails. */
  DISK_ERROR,
  /** Reading a file of the object store fails. */
  STORE_READ_ERROR,
  /** Writing a file to the object store fails, and the file is not there. */
  STORE_WRITE_ERROR,
  /** Writing a file fails, but the file is there. */
  STORE_WRITE_LANDED,
  /** Deleting a file fails. */
  STORE_DELETE_ERROR,
  /** The object store answers slowly: others get on meanwhile. */
  STORE_SLOW,
  /** Reading from the catalog fails. */
  CATALOG_READ_ERROR,
  /** The catalog answers with an older version of a table. */
  CATALOG_STALE,
  /** A commit is refused although nobody was in the way. */
  CATALOG_CONFLICT,
  /** A commit is lost, and its outcome is reported as unknown. */
  CATALOG_UNKNOWN_LOST,
  /** A commit lands, and its outcome is reported as unknown. */
  CATALOG_UNKNOWN_LANDED,
  /** A commit lands and is reported as failed. */
  CATALOG_FAILED_LANDED,
  /** A commit lands, its outcome is unknown, and the catalog cannot be read for a while. */
  CATALOG_UNKNOWN_AND_DOWN,
  /** The catalog answers slowly: others get on meanwhile. */
  CATALOG_SLOW,
  /** The connection to the source breaks. */
  SOURCE_DISCONNECTED,
  /** A process is paused, replaced, and goes on. */
  ZOMBIE,
  /** A second instance is started while the first one runs. */
  SECOND_INSTANCE,
  /** An old instance found out that it was replaced. */
  FENCED,
  /** The checkpoint directory is gone. */
  CHECKPOINTS_LOST,
  /** A bit of a stored state file flips, or the file is cut short. */
  STATE_DAMAGED,
  /** A bit of a checkpoint manifest flips, or the file is cut short. */
  MANIFEST_DAMAGED,
  /** A file of the checkpoint directory is missing. */
  FILE_MISSING,
  /** Somebody else appends rows to a table. */
  FOREIGN_APPEND,
  /** Somebody else rewrites files of a table. */
  FOREIGN_REWRITE,
  /** Somebody else adds a column. */
  FOREIGN_COLUMN,
  /** Somebody else sets a table property. */
  FOREIGN_PROPERTY,
  /** Somebody expires all old snapshots. */
  EXPIRY,
  /** Somebody rolls a table back, and later forward again. */
  ROLLBACK,
  /** The pipeline is started again with another parallelism. */
  RESCALE,
  /** The pipeline compacts files beside what it writes. */
  COMPACTION,
  /** Rows of a file were changed while the file was rewritten. */
  COMPACTION_OVERTAKEN,
  /** The pipeline merges position delete files beside what it writes. */
  DELETE_MERGE,
  /** The pipeline expires snapshots itself. */
  OWN_EXPIRY,
  /** The pipeline, or its offline maintenance, deletes a file that a crash or failure left. */
  ORPHAN_REMOVED,
  /** Somebody maintains the tables while no process runs. */
  OFFLINE_MAINTENANCE
}
