package io.firn.model.stream;

import io.firn.model.schema.TableId;
import io.firn.model.schema.TableSchema;
import java.util.List;
import java.util.Map;

/**
 * A change of a table's definition, in band: everything before it in the stream has the old layout,
 * everything after it the new one.
 *
 * <p>Every kind says what the table looks like afterwards ({@link #schemaAfter()}), so a consumer
 * may apply the named difference or compare.
 */
public sealed interface SchemaChange extends StreamElement {

  /** The table concerned; after a transform or route, the target table. */
  default TableId table() {
    return schemaAfter().table();
  }

  /** The table's layout once the change is applied. */
  TableSchema schemaAfter();

  /** Where the change came from. */
  Origin origin();

  /** The same change with another resulting layout, as transforms and routes need it. */
  SchemaChange withSchemaAfter(TableSchema schema);

  /**
   * Where a change came from.
   *
   * @param sourceTable the table at the source, before any route
   * @param position the source position of the statement
   * @param statement the DDL text as the source logged it; empty when there was none
   * @param sourceSchema the source's own description of the table after the change, opaque to
   *     everyone but the source; kept in checkpoints and in the lake so that the source can decode
   *     the binlog again from there
   * @param commitTimestampMicros when the source logged the statement, or, of a place inside the
   *     initial snapshot, the time whose rows the snapshot has; microseconds since 1970 UTC, 0 when
   *     unknown
   */
  record Origin(
      TableId sourceTable,
      SourcePosition position,
      String statement,
      String sourceSchema,
      long commitTimestampMicros) {

    /** An origin of unknown time. */
    public Origin(
        TableId sourceTable, SourcePosition position, String statement, String sourceSchema) {
      this(sourceTable, position, statement, sourceSchema, 0);
    }
  }

  /**
   * The table exists with this layout. Sent before the first row of a table after every start, so
   * it must be idempotent: a target that already has the layout is left alone; missing columns are
   * added; columns that the target has in addition become optional.
   */
  record CreateTable(TableSchema schemaAfter, Origin origin) implements SchemaChange {
    @Override
    public SchemaChange withSchemaAfter(TableSchema schema) {
      return new CreateTable(schema, origin);
    }
  }

  /** Columns were added; positions are those in {@code schemaAfter}. */
  record AddColumns(TableSchema schemaAfter, List<String> columns, Origin origin)
      implements SchemaChange {
    @Override
    public SchemaChange withSchemaAfter(TableSchema schema) {
      return new AddColumns(schema, columns, origin);
    }
  }

  /** Columns were dropped. */
  record DropColumns(TableSchema schemaAfter, List<String> columns, Origin origin)
      implements SchemaChange {
    @Override
    public SchemaChange withSchemaAfter(TableSchema schema) {
      return new DropColumns(schema, columns, origin);
    }
  }

  /** Columns were renamed, old name to new name. */
  record RenameColumns(TableSchema schemaAfter, Map<String, String> names, Origin origin)
      implements SchemaChange {
    @Override
    public SchemaChange withSchemaAfter(TableSchema schema) {
      return new RenameColumns(schema, names, origin);
    }
  }

  /** Columns changed type, nullability, order or comment. */
  record AlterColumns(TableSchema schemaAfter, List<String> columns, Origin origin)
      implements SchemaChange {
    @Override
    public SchemaChange withSchemaAfter(TableSchema schema) {
      return new AlterColumns(schema, columns, origin);
    }
  }

  /**
   * Every row that came from the source table so far is void: {@code TRUNCATE}, or the table is
   * about to be read anew from its beginning.
   */
  record TruncateTable(TableSchema schemaAfter, Origin origin) implements SchemaChange {
    @Override
    public SchemaChange withSchemaAfter(TableSchema schema) {
      return new TruncateTable(schema, origin);
    }
  }

  /** The table was dropped at the source. {@code schemaAfter} is its last layout. */
  record DropTable(TableSchema schemaAfter, Origin origin) implements SchemaChange {
    @Override
    public SchemaChange withSchemaAfter(TableSchema schema) {
      return new DropTable(schema, origin);
    }
  }
}
