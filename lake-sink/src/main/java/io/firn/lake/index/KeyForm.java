package io.firn.lake.index;

import io.firn.model.row.KeyHash;
import io.firn.model.state.KeyGroups;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.function.LongUnaryOperator;

/**
 * How the keys of a table are kept in its hot table: as one long that is the key, or as a hash of
 * 128 bits.
 *
 * <p>A key has a route: its key group in the upper seven bits, hash below. Pages hold ranges of
 * routes, so a batch of keys in order, which is one key group after the other, goes through the
 * pages one after the other, too.
 *
 * <p><b>Collisions</b>: a key that is one long stands for itself, so there are none. Others are
 * told apart by 121 bits of hash and the key group only: of 100 million keys of a table, two are
 * taken for one with a probability of about 10<sup>16</sup> / 2<sup>122</sup> = 2 &middot;
 * 10<sup>-21</sup>. SipHash with a secret drawn for each life makes that hold for keys that
 * somebody chose with bad intent, too; and as hashes are never stored, the next life draws anew.
 *
 * <p><b>Threading</b>: one thread; {@link #read} leaves its result in the fields.
 */
abstract class KeyForm {
  private static final int GROUP_SHIFT = 57;
  private static final int GROUP_BITS = 7;

  /** Of the key last read: its first word. */
  long first;

  /** Of the key last read: its second word, 0 if the form has one only. */
  long second;

  /** Of the key last read: its route. */
  long route;

  /** How many words a key has: 1 or 2. */
  abstract int words();

  /** Reads a key of {@link KeyEncoder}. */
  abstract void read(byte[] key);

  /** The route of a key that is in the table. */
  abstract long routeOf(long firstWord);

  /** The form of keys that are one column of whole numbers or times. */
  static KeyForm number() {
    return new NumberForm(KeyForm::mix);
  }

  /** The same with another hash. */
  static KeyForm number(LongUnaryOperator hash) {
    return new NumberForm(hash);
  }

  /** The form of all other keys. */
  static KeyForm hashed(SipHash hash) {
    return new HashedForm(hash);
  }

  /** The finaliser of MurmurHash3 for 64 bits. */
  private static long mix(long value) {
    long h = value;
    h ^= h >>> 33;
    h *= 0xff51afd7ed558ccdL;
    h ^= h >>> 33;
    h *= 0xc4ceb9fe1a85ec53L;
    return h ^ h >>> 33;
  }

  private static final class NumberForm extends KeyForm {
    private static final VarHandle LONG =
        MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private final LongUnaryOperator hash;

    NumberForm(LongUnaryOperator hash) {
      this.hash = hash;
    }

    @Override
    int words() {
      return 1;
    }

    @Override
    void read(byte[] key) {
      if (key.length != KeyEncoder.VALUES_OFFSET + Long.BYTES) {
        throw new IllegalArgumentException("A key of " + key.length + " bytes is not one number");
      }
      first = (long) LONG.get(key, KeyEncoder.VALUES_OFFSET);
      route = routeOf(first);
    }

    @Override
    long routeOf(long firstWord) {
      // Not taken from the key's bytes, so that nothing but the word decides where it is looked
      // for.
      long group = KeyGroups.ofHash(KeyHash.ofNumber(firstWord ^ Long.MIN_VALUE));
      return group << GROUP_SHIFT | hash.applyAsLong(firstWord) >>> GROUP_BITS;
    }
  }

  private static final class HashedForm extends KeyForm {
    private final SipHash hash;

    HashedForm(SipHash hash) {
      this.hash = hash;
    }

    @Override
    int words() {
      return 2;
    }

    @Override
    void read(byte[] key) {
      hash.digest(key, KeyEncoder.VALUES_OFFSET);
      first = (long) key[1] << GROUP_SHIFT | hash.first >>> GROUP_BITS;
      second = hash.second;
      route = first;
    }

    @Override
    long routeOf(long firstWord) {
      return firstWord;
    }
  }
}
