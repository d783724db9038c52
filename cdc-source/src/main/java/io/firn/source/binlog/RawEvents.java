package io.firn.source.binlog;

import com.github.shyiko.mysql.binlog.event.EventData;
import com.github.shyiko.mysql.binlog.event.EventHeader;
import com.github.shyiko.mysql.binlog.event.EventType;
import com.github.shyiko.mysql.binlog.event.deserialization.ChecksumType;
import com.github.shyiko.mysql.binlog.event.deserialization.EventDataDeserializer;
import com.github.shyiko.mysql.binlog.event.deserialization.EventDeserializer;
import com.github.shyiko.mysql.binlog.io.ByteArrayInputStream;
import io.firn.source.decode.ByteCursor;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Takes events off the wire without decoding their rows: rows stay bytes until the table's own
 * decoder turns them into values, and a table map that was seen before is not parsed again (in
 * single-row transactions parsing table maps was four fifths of raw reading).
 *
 * <p><b>Threading</b>: the binlog client's thread.
 */
final class RawEvents extends EventDeserializer {
  private static final int MAX_CACHED_TABLE_MAPS = 10_000;

  /** The body of a row event, from the table number on. */
  record RowsData(byte[] body) implements EventData {}

  /** A transaction that the server compressed, still compressed. */
  record CompressedData(byte[] body) implements EventData {}

  private final Map<Long, TableMap> tableMaps =
      new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, TableMap> eldest) {
          return size() > MAX_CACHED_TABLE_MAPS;
        }
      };

  private int checksumLength;

  RawEvents() {
    EventDataDeserializer<RowsData> rows = in -> new RowsData(in.read(in.available()));
    for (EventType type :
        new EventType[] {
          EventType.WRITE_ROWS,
          EventType.UPDATE_ROWS,
          EventType.DELETE_ROWS,
          EventType.EXT_WRITE_ROWS,
          EventType.EXT_UPDATE_ROWS,
          EventType.EXT_DELETE_ROWS
        }) {
      setEventDataDeserializer(type, rows);
    }
    setEventDataDeserializer(EventType.QUERY, in -> QueryData.read(in.read(in.available())));
  }

  @Override
  @SuppressWarnings("deprecation") // the only way to learn the length of checksums
  public void setChecksumType(ChecksumType checksumType) {
    super.setChecksumType(checksumType);
    checksumLength = checksumType.getLength();
  }

  @Override
  public com.github.shyiko.mysql.binlog.event.Event nextEvent(ByteArrayInputStream in)
      throws IOException {
    com.github.shyiko.mysql.binlog.event.Event event = super.nextEvent(in);
    if (event != null && event.getHeader().getEventType() == EventType.FORMAT_DESCRIPTION) {
      EventData data = event.getData();
      if (data
          instanceof com.github.shyiko.mysql.binlog.event.FormatDescriptionEventData description) {
        checksumLength = description.getChecksumType().getLength();
      }
    }
    return event;
  }

  @Override
  public EventData deserializeTableMapEventData(ByteArrayInputStream in, EventHeader header)
      throws IOException {
    byte[] body = body(in, header);
    long number = new ByteCursor(body).littleEndian(6);
    TableMap known = tableMaps.get(number);
    if (known != null && Arrays.equals(known.body(), body)) {
      return known;
    }
    TableMap map = TableMap.read(body);
    tableMaps.put(number, map);
    return map;
  }

  @Override
  public EventData deserializeTransactionPayloadEventData(
      ByteArrayInputStream in, EventHeader header) throws IOException {
    return new CompressedData(body(in, header));
  }

  private byte[] body(ByteArrayInputStream in, EventHeader header) throws IOException {
    byte[] body = in.read((int) header.getDataLength() - checksumLength);
    in.skip(checksumLength);
    return body;
  }
}
