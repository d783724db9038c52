package io.firn.lake.write;

import io.firn.model.row.Operation;
import io.firn.model.row.Row;
import io.firn.model.row.RowChange;
import io.firn.model.schema.TableSchema;
import io.firn.model.stream.SchemaChange;
import io.firn.model.stream.SourcePosition;

/** Makes changes with ascending positions. */
public final class TestChanges {
  private long offset = 100;

  public SourcePosition next() {
    return SourcePosition.binlog("binlog.000001", offset++, 0, null);
  }

  private RowChange.Meta meta() {
    return new RowChange.Meta(next(), "tx", 1_700_000_000_000_000L + offset);
  }

  /** The same change, logged at another time. */
  public static RowChange at(long micros, RowChange change) {
    return new RowChange(
        change.schema(),
        change.operation(),
        change.before(),
        change.after(),
        new RowChange.Meta(change.meta().position(), change.meta().transactionId(), micros));
  }

  /** A truncation logged at a time. */
  public SchemaChange.TruncateTable truncateAt(long micros, TableSchema schema) {
    return new SchemaChange.TruncateTable(
        schema, new SchemaChange.Origin(schema.table(), next(), "TRUNCATE", "", micros));
  }

  /** The initial snapshot begins, and has the rows of a time. */
  public SchemaChange.TruncateTable snapshotAt(long micros, TableSchema schema) {
    return new SchemaChange.TruncateTable(
        schema,
        new SchemaChange.Origin(schema.table(), SourcePosition.snapshot(0), "", "", micros));
  }

  public RowChange read(TableSchema schema, Object... after) {
    return new RowChange(schema, Operation.READ, null, Row.of(after), meta());
  }

  public RowChange insert(TableSchema schema, Object... after) {
    return new RowChange(schema, Operation.INSERT, null, Row.of(after), meta());
  }

  public RowChange update(TableSchema schema, Row before, Row after) {
    return new RowChange(schema, Operation.UPDATE, before, after, meta());
  }

  public RowChange delete(TableSchema schema, Object... before) {
    return new RowChange(schema, Operation.DELETE, Row.of(before), null, meta());
  }

  public SchemaChange.Origin origin(TableSchema schema) {
    return new SchemaChange.Origin(schema.table(), next(), "", "");
  }

  public SchemaChange.CreateTable create(TableSchema schema) {
    return new SchemaChange.CreateTable(schema, origin(schema));
  }

  public SchemaChange.TruncateTable truncate(TableSchema schema) {
    return new SchemaChange.TruncateTable(schema, origin(schema));
  }
}
