package io.firn.source.binlog;

import com.github.shyiko.mysql.binlog.event.EventData;
import io.firn.model.schema.TableId;
import io.firn.source.decode.ByteCursor;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Says which table the following row events belong to and how its columns are encoded.
 *
 * @param number the server's number for this version of the table
 * @param table the table
 * @param types type codes of the columns
 * @param metadata per column, what its encoding needs to know besides the type
 * @param collations per column, the number of its collation; 0 where the server does not say
 * @param body the event's bytes, by which a repeated one is recognised
 */
@SuppressWarnings("ArrayRecordComponent") // compared by identity only, on the hot path
record TableMap(
    long number, TableId table, byte[] types, int[] metadata, int[] collations, byte[] body)
    implements EventData {
  private static final int DEFAULT_CHARSET = 2;
  private static final int COLUMN_CHARSET = 3;
  private static final byte TINY = 1;
  private static final byte LONGLONG = 8;

  /** The columns of every sequence in MariaDB, from next_not_cached_value to cycle_count. */
  private static final byte[] SEQUENCE = {
    LONGLONG, LONGLONG, LONGLONG, LONGLONG, LONGLONG, LONGLONG, TINY, LONGLONG
  };

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
    in.skip((columns + 7) / 8); // nullability
    return new TableMap(
        number,
        new TableId(database, table),
        types,
        metadata,
        collations(in, types, metadata),
        body);
  }

  /**
   * Whether this looks like one of MariaDB's sequences, which write rows to the binlog but are no
   * tables to anybody else.
   */
  boolean isSequence() {
    return Arrays.equals(types, SEQUENCE);
  }

  /** The collations of character columns, which newer servers write behind everything else. */
  private static int[] collations(ByteCursor in, byte[] types, int[] metadata) {
    int[] collations = new int[types.length];
    while (in.remaining() > 0) {
      int field = in.unsignedByte();
      int length = (int) in.packed();
      int end = in.position() + length;
      if (field == DEFAULT_CHARSET) {
        int common = (int) in.packed();
        for (int i = 0; i < types.length; i++) {
          collations[i] = isCharacter(types[i] & 0xff, metadata[i]) ? common : 0;
        }
        while (in.position() < end) {
          int index = (int) in.packed();
          collations[nthCharacter(index, types, metadata)] = (int) in.packed();
        }
      } else if (field == COLUMN_CHARSET) {
        for (int index = 0; in.position() < end; index++) {
          collations[nthCharacter(index, types, metadata)] = (int) in.packed();
        }
      }
      in.seek(end);
    }
    return collations;
  }

  private static int nthCharacter(int index, byte[] types, int[] metadata) {
    int seen = -1;
    for (int i = 0; i < types.length; i++) {
      if (isCharacter(types[i] & 0xff, metadata[i]) && ++seen == index) {
        return i;
      }
    }
    throw new ArrayIndexOutOfBoundsException(index);
  }

  /** VARCHAR, blobs, VECTOR and GEOMETRY as blobs, VAR_STRING, STRING without ENUM and SET. */
  private static boolean isCharacter(int type, int metadata) {
    int real = metadata >> 8;
    return switch (type) {
      case 15, 242, 252, 253, 255 -> true;
      case 254 -> real != 247 && real != 248;
      default -> false;
    };
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
