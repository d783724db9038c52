package io.firn.source.binlog;

import com.github.shyiko.mysql.binlog.event.EventData;
import io.firn.source.decode.ByteCursor;
import io.firn.source.type.Charsets;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/**
 * A statement with the settings of its session that its meaning depends on.
 *
 * @param database the session's current database
 * @param sql the bytes of its text
 * @param sqlMode the session's SQL mode, as the server's bits
 * @param collation number of a collation of the character set in which the text is written; 0 if
 *     the server does not say
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record QueryData(String database, byte[] sql, long sqlMode, int collation) implements EventData {
  // Status variables; the format is described in MySQL's statement_events.h.
  private static final int FLAGS = 0;
  private static final int SQL_MODE = 1;
  private static final int CATALOG_WITH_ZERO = 2;
  private static final int AUTO_INCREMENT = 3;
  private static final int CHARSET = 4;
  private static final int TIME_ZONE = 5;
  private static final int CATALOG = 6;

  /** Parses an event's body. */
  static QueryData read(byte[] body) {
    ByteCursor in = new ByteCursor(body);
    in.skip(8); // thread, duration
    int databaseLength = in.unsignedByte();
    in.skip(2); // error code
    int end = (int) in.littleEndian(2) + in.position();
    long sqlMode = 0;
    int collation = 0;
    while (in.position() < end) {
      switch (in.unsignedByte()) {
        case FLAGS, AUTO_INCREMENT -> in.skip(4);
        case SQL_MODE -> sqlMode = in.littleEndian(8);
        case CATALOG_WITH_ZERO -> in.skip(in.unsignedByte() + 1);
        case TIME_ZONE, CATALOG -> in.skip(in.unsignedByte());
        case CHARSET -> {
          collation = (int) in.littleEndian(2);
          in.skip(4); // of the connection and of the server
        }
        // Of unknown length; servers write those above first.
        default -> in.seek(end);
      }
    }
    String database = new String(in.copy(databaseLength), StandardCharsets.UTF_8);
    in.skip(1);
    return new QueryData(database, in.copy(in.remaining()), sqlMode, collation);
  }

  /** The statement's text. */
  String text(Charsets charsets) {
    Charset charset = collation == 0 ? null : charsets.forCollation(collation);
    return new String(sql, charset == null ? StandardCharsets.UTF_8 : charset);
  }
}
