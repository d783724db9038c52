package io.firn.it.check;

import io.firn.it.engine.RowText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Set;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.types.Types;

/**
 * The rows of a lake table, as texts, read by Iceberg's own generic reader; of a table that keeps
 * what is no more, only those that the source has.
 */
final class LakeRows {
  private static final String OPERATION = "_firn_op";
  private static final String PREFIX = "_firn_";
  private static final Set<String> REMOVALS = Set.of("DELETE", "UPDATE_BEFORE");

  private final Table table;
  private final Long snapshotId;

  /** The newest rows. */
  LakeRows(Table table) {
    this(table, null);
  }

  private LakeRows(Table table, Long snapshotId) {
    this.table = table;
    this.snapshotId = snapshotId;
  }

  /** The rows of one snapshot. */
  LakeRows at(long snapshot) {
    return new LakeRows(table, snapshot);
  }

  /** Takes rows one by one. */
  interface Visitor {
    /**
     * @param sign 1 for a row that is there, -1 for a change log's entry that takes one away
     */
    void row(String key, String text, int sign);
  }

  /** Names of the source's columns, sorted. */
  List<String> columns() {
    return table.schema().columns().stream()
        .map(Types.NestedField::name)
        .filter(name -> !name.startsWith(PREFIX))
        .sorted()
        .toList();
  }

  /** Whether the table is a change log. */
  boolean isChangeLog() {
    return table.schema().findField(OPERATION) != null;
  }

  private boolean isNoMore(Record row) {
    return Boolean.TRUE.equals(row.getField("_firn_deleted"))
        || Boolean.FALSE.equals(row.getField("_firn_is_current"));
  }

  /** Reads every row. */
  void forEach(List<String> key, Visitor visitor) {
    List<String> columns = columns();
    boolean changeLog = isChangeLog();
    RowText text = new RowText();
    IcebergGenerics.ScanBuilder scan = IcebergGenerics.read(table);
    if (snapshotId != null) {
      scan = scan.useSnapshot(snapshotId);
    }
    try (CloseableIterable<Record> records = scan.build()) {
      for (Record row : records) {
        if (isNoMore(row)) {
          continue;
        }
        columns.forEach(column -> text.add(column, row.getField(column)));
        String all = text.take();
        key.forEach(column -> text.add(column, row.getField(column)));
        boolean removal = changeLog && REMOVALS.contains(row.getField(OPERATION).toString());
        visitor.row(text.take(), all, removal ? -1 : 1);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
