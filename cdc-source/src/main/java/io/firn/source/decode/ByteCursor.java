package io.firn.source.decode;

import java.util.Arrays;

/**
 * Reads a binlog event's bytes from front to back.
 *
 * <p>Running over the end throws {@link ArrayIndexOutOfBoundsException}, which callers report as a
 * damaged event.
 */
public final class ByteCursor {
  private final byte[] bytes;
  private final int end;
  private int position;

  /** Over all of an array, which must not change meanwhile. */
  public ByteCursor(byte[] bytes) {
    this(bytes, 0, bytes.length);
  }

  /** Over {@code length} bytes from {@code start}. */
  public ByteCursor(byte[] bytes, int start, int length) {
    this.bytes = bytes;
    this.position = start;
    this.end = start + length;
  }

  /** Index of the next byte in the array. */
  public int position() {
    return position;
  }

  /** Goes on at another index of the array. */
  public void seek(int newPosition) {
    position = newPosition;
  }

  /** How many bytes are left. */
  public int remaining() {
    return end - position;
  }

  /** Passes over bytes. */
  public void skip(int count) {
    position += count;
  }

  /** One byte, unsigned. */
  public int unsignedByte() {
    return bytes[position++] & 0xff;
  }

  /** One byte, signed. */
  public int signedByte() {
    return bytes[position++];
  }

  /** {@code size} bytes, least significant first, unsigned. */
  public long littleEndian(int size) {
    long value = 0;
    for (int i = 0; i < size; i++) {
      value |= (bytes[position + i] & 0xffL) << (i << 3);
    }
    position += size;
    return value;
  }

  /** {@code size} bytes, most significant first, unsigned. */
  public long bigEndian(int size) {
    long value = 0;
    for (int i = 0; i < size; i++) {
      value = value << 8 | bytes[position + i] & 0xff;
    }
    position += size;
    return value;
  }

  /** MySQL's length-encoded integer. */
  public long packed() {
    int first = unsignedByte();
    return switch (first) {
      case 252 -> littleEndian(2);
      case 253 -> littleEndian(3);
      case 254 -> littleEndian(8);
      default -> first;
    };
  }

  /** A copy of the next bytes. */
  public byte[] copy(int length) {
    if (length > end - position) {
      throw new ArrayIndexOutOfBoundsException(position + length);
    }
    byte[] copy = Arrays.copyOfRange(bytes, position, position + length);
    position += length;
    return copy;
  }

  /** The array below; never to be changed. */
  public byte[] array() {
    return bytes;
  }
}
