package io.firn.source.binlog;

import com.github.shyiko.mysql.binlog.event.EventData;
import io.firn.model.schema.TableId;
import io.firn.source.decode.ByteCursor;
import java.nio.charset.StandardCharsets;

/**
 * Says which table the following row events belong to and how its columns are encoded.
 *
 * @param number the server's number for this version of the table
 * @param table the table
 * @param types type codes of the columns
 * @param metadata per column, what its encoding needs to know besides the type
 * @param body the event's bytes, by which a repeated one is recognised
 */
@SuppressWarnings("ArrayRecordComponent") // compared by identity only, on the hot path
record TableMap(long number, TableId table, byte[] types, int[] metadata, byte[] body)
    implements EventData {

  /** Parses an event's body; the format is described in MySQL's {@code rows_event.h}. */
  static TableMap read(byte[] body) {
    ByteCursor in = new ByteCursor(body);
    long number = in.littleEndian(6);
    in.skip(2); // flags
    String database = name(in);
    String table = name(in);
    int columns = (int) in.packed();
    byte[] types = in.copy(columns);
    in.packed(); // length of the metadata
    int[] metadata = new int[columns];
    for (int i = 0; i < columns; i++) {
      metadata[i] = metadata(in, types[i] & 0xff);
    }
    return new TableMap(number, new TableId(database, table), types, metadata, body);
  }

  private static String name(ByteCursor in) {
    int length = in.unsignedByte();
    String name = new String(in.copy(length), StandardCharsets.UTF_8);
    in.skip(1); // terminating zero
    return name;
  }

  private static int metadata(ByteCursor in, int type) {
    return switch (type) {
      // FLOAT, DOUBLE, TIMESTAMP2, DATETIME2, TIME2, VECTOR, JSON, blobs, GEOMETRY
      case 4, 5, 17, 18, 19, 242, 245, 249, 250, 251, 252, 255 -> in.unsignedByte();
      // VARCHAR, BIT, NEWDECIMAL, VAR_STRING
      case 15, 16, 246, 253 -> (int) in.littleEndian(2);
      // ENUM, SET, STRING
      case 247, 248, 254 -> (int) in.bigEndian(2);
      default -> 0;
    };
  }
}
