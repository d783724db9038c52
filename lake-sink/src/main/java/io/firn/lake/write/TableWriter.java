package io.firn.lake.write;

import io.firn.lake.table.TableLayout;
import io.firn.model.row.RowChange;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.DataFile;

/**
 * Writes one task's rows of one table.
 *
 * <p><b>Threading</b>: one thread.
 */
sealed interface TableWriter permits UpsertTableWriter, AppendTableWriter, HistoryTableWriter {

  /** Takes a change; it may stay in memory until {@link #flush}. */
  void write(RowChange change);

  /** How many rows and tombstones are in memory. */
  int bufferedRows();

  /** About how many bytes of heap they take. */
  long bufferedBytes();

  /** Puts what is in memory into data files; files stay open. */
  void flush();

  /** Goes on with another layout: what came before is written in the old one. */
  void useLayout(TableLayout layout);

  /**
   * Does to the table what the source's {@code TRUNCATE} means in its write mode.
   *
   * @param commitMicros when the source logged it; 0 when unknown
   * @return whether every row of the table is void, those of this checkpoint included
   */
  boolean truncate(long commitMicros);

  /**
   * Voids every row of the table, those of this checkpoint included: the source is read anew.
   *
   * @param snapshotMicros the time whose rows are read; 0 when unknown
   */
  void empty(long snapshotMicros);

  /** Flushes, completes the files and hands over what belongs to the checkpoint that ends. */
  Written handOver(long endedCheckpointId);

  /**
   * Lets the index follow rows that compaction moved; a slice of work at a time.
   *
   * @param rows about how many rows to look at
   */
  void repoint(int rows);

  /** Gives up everything not handed over. */
  void discard();

  /**
   * What was written in a checkpoint.
   *
   * @param dataFiles the files
   * @param superseded rows that are no longer valid, by data file number
   */
  record Written(List<DataFile> dataFiles, Map<Long, long[]> superseded) {}
}
