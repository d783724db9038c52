package io.firn.source.binlog;

import com.github.shyiko.mysql.binlog.event.EventType;
import io.firn.model.error.InconsistentStateException;
import io.firn.model.error.UnsupportedChangeException;
import io.firn.model.row.Operation;
import io.firn.model.row.Row;
import io.firn.model.row.RowChange;
import io.firn.model.schema.TableId;
import io.firn.model.schema.TableSchema;
import io.firn.model.stream.SourcePosition;
import io.firn.source.ddl.TableCatalog;
import io.firn.source.decode.BinlogRowDecoder;
import io.firn.source.decode.ByteCursor;
import io.firn.source.decode.ValueException;
import io.firn.source.table.TableDefinition;
import java.nio.charset.Charset;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Turns row events of captured tables into row changes.
 *
 * <p><b>Threading</b>: the binlog client's thread.
 */
final class BinlogRows {

  /** A numbered table; the decoder is null if the table is not captured. */
  private record Numbered(TableMap map, TableDefinition definition, BinlogRowDecoder decoder) {}

  private final TableCatalog catalog;
  private final Predicate<TableId> captured;
  private final CaptureLog log;
  private final Map<Long, Numbered> tables = new HashMap<>();
  private long positionOffset = -1;
  private String positionFile = "";
  private long positionRow;

  BinlogRows(TableCatalog catalog, Predicate<TableId> captured, CaptureLog log) {
    this.catalog = catalog;
    this.captured = captured;
    this.log = log;
  }

  /** Forgets the numbers: another file has its own. */
  void forgetTables() {
    tables.clear();
  }

  /** Takes note of which table a number stands for. */
  void tableMap(TableMap map, String file, long offset) {
    Numbered known = tables.get(map.number());
    TableDefinition definition = catalog.get(map.table());
    if (known != null && known.map() == map && known.definition() == definition) {
      return;
    }
    if (definition == null) {
      if (captured.test(map.table()) && !map.isSequence()) {
        throw new InconsistentStateException(
            "Reading the binlog at "
                + file
                + ":"
                + offset
                + " failed: table "
                + map.table()
                + " is captured but was not part of the snapshot; exclude it, or start the pipeline"
                + " with a new snapshot.");
      }
      tables.put(map.number(), new Numbered(map, null, null));
      return;
    }
    try {
      BinlogRowDecoder decoder =
          new BinlogRowDecoder(
              map.types(),
              map.metadata(),
              charsets(map),
              definition.columnNames(),
              definition.types());
      tables.put(map.number(), new Numbered(map, definition, decoder));
    } catch (ValueException e) {
      throw new InconsistentStateException(
          "Reading the binlog at "
              + file
              + ":"
              + offset
              + " failed: table "
              + map.table()
              + " is not as its definition says: "
              + e.getMessage()
              + "; start the pipeline with a new snapshot.",
          e);
    }
  }

  private Charset[] charsets(TableMap map) {
    Charset[] charsets = new Charset[map.collations().length];
    for (int i = 0; i < charsets.length; i++) {
      int collation = map.collations()[i];
      charsets[i] = collation == 0 ? null : catalog.charsets().forCollation(collation);
    }
    return charsets;
  }

  /**
   * Reads a row event.
   *
   * @param type its kind
   * @param body its bytes
   * @param offset where it stands in the file
   * @param commitMicros when it was committed
   */
  void read(EventType type, byte[] body, long offset, long commitMicros) {
    ByteCursor in = new ByteCursor(body);
    Numbered table = tables.get(in.littleEndian(6));
    if (table == null) {
      throw new InconsistentStateException(
          "Reading the binlog at "
              + log.file()
              + ":"
              + offset
              + " failed: rows of a table whose name is unknown; the position is not at the beginning"
              + " of a transaction.");
    }
    if (table.decoder() == null) {
      return;
    }
    in.skip(2); // flags
    boolean extended =
        type == EventType.EXT_WRITE_ROWS
            || type == EventType.EXT_UPDATE_ROWS
            || type == EventType.EXT_DELETE_ROWS;
    if (extended) {
      in.skip((int) in.littleEndian(2) - 2);
    }
    try {
      int columns = (int) in.packed();
      checkImage(in, columns, table);
      boolean update = type == EventType.UPDATE_ROWS || type == EventType.EXT_UPDATE_ROWS;
      if (update) {
        checkImage(in, columns, table);
        updates(in, table, offset, commitMicros);
      } else if (type == EventType.WRITE_ROWS || type == EventType.EXT_WRITE_ROWS) {
        while (in.remaining() > 0) {
          add(table, Operation.INSERT, null, table.decoder().read(in), offset, commitMicros);
        }
      } else {
        while (in.remaining() > 0) {
          add(table, Operation.DELETE, table.decoder().read(in), null, offset, commitMicros);
        }
      }
    } catch (ValueException e) {
      throw new UnsupportedChangeException(
          "Reading the binlog at "
              + log.file()
              + ":"
              + offset
              + " failed: table "
              + table.definition().table()
              + ", "
              + e.getMessage()
              + ".",
          e);
    } catch (ArrayIndexOutOfBoundsException e) {
      throw new InconsistentStateException(
          "Reading the binlog at "
              + log.file()
              + ":"
              + offset
              + " failed: the rows of table "
              + table.definition().table()
              + " are damaged or not as its definition says; start the pipeline with a new"
              + " snapshot.",
          e);
    }
  }

  private void updates(ByteCursor in, Numbered table, long offset, long commitMicros) {
    int[] key = table.definition().schema().keyIndexes();
    while (in.remaining() > 0) {
      Row before = table.decoder().read(in);
      Row after = table.decoder().read(in);
      if (sameKey(key, before, after)) {
        add(table, Operation.UPDATE, before, after, offset, commitMicros);
      } else {
        add(table, Operation.DELETE, before, null, offset, commitMicros);
        add(table, Operation.INSERT, null, after, offset, commitMicros);
      }
    }
  }

  private static boolean sameKey(int[] key, Row before, Row after) {
    for (int index : key) {
      if (before.get(index) == null || after.get(index) == null) {
        throw new ValueException("a zero date is part of the key; no row can be told by it");
      }
      if (!before.get(index).equals(after.get(index))) {
        return false;
      }
    }
    return true;
  }

  private void add(
      Numbered table, Operation operation, Row before, Row after, long offset, long commitMicros) {
    TableSchema schema = table.definition().schema();
    log.add(
        new RowChange(
            schema,
            operation,
            before,
            after,
            new RowChange.Meta(position(offset), log.transactionId(), commitMicros)));
  }

  /** The place of the next change: counted within its event, so the two of a key update differ. */
  private SourcePosition position(long offset) {
    if (offset != positionOffset || !positionFile.equals(log.file())) {
      positionOffset = offset;
      positionFile = log.file();
      positionRow = 0;
    }
    return log.position(offset, positionRow++);
  }

  /** Every column must be there: what an image leaves out cannot be known. */
  private void checkImage(ByteCursor in, int columns, Numbered table) {
    int present = 0;
    int bytes = (columns + 7) / 8;
    for (int i = 0; i < bytes; i++) {
      // Bits behind the last column mean nothing, and servers set them.
      int used = Math.min(8, columns - 8 * i);
      present += Integer.bitCount(in.unsignedByte() & ((1 << used) - 1));
    }
    if (present != columns || columns != table.decoder().columnCount()) {
      throw new UnsupportedChangeException(
          "Reading the binlog at "
              + log.file()
              + " failed: rows of table "
              + table.definition().table()
              + " lack columns; set 'binlog_row_image' to FULL on the server, for all sessions, and"
              + " start the pipeline with a new snapshot.");
    }
  }
}
