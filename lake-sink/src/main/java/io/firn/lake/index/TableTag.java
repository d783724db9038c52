package io.firn.lake.index;

import io.firn.model.schema.TableId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * The six bytes that stand for a table in keys of the index: the start of the SHA-256 of its name.
 * They depend on the name only, so tasks need not agree on anything, and key groups move between
 * tasks as they are. Part of the format of checkpoints.
 */
final class TableTag {
  /** Length of a tag in bytes. */
  static final int LENGTH = 6;

  /** A tag that no table has: keys under it say which tables are indexed. */
  static final byte[] RESERVED = new byte[LENGTH];

  private TableTag() {}

  /** A tag as a number. */
  static long number(byte[] tag) {
    return number(tag, 0);
  }

  /** The tag in a key of the index, as a number. */
  static long numberIn(byte[] key) {
    return number(key, 2);
  }

  private static long number(byte[] bytes, int from) {
    long number = 0;
    for (int i = from; i < from + LENGTH; i++) {
      number = number << 8 | (bytes[i] & 0xFF);
    }
    return number;
  }

  static byte[] of(TableId table) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(table.database().getBytes(StandardCharsets.UTF_8));
      digest.update((byte) 0);
      byte[] hash = digest.digest(table.name().getBytes(StandardCharsets.UTF_8));
      byte[] tag = Arrays.copyOf(hash, LENGTH);
      if (Arrays.equals(tag, RESERVED)) {
        tag[LENGTH - 1] = 1;
      }
      return tag;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }
}
