package io.firn.source.type;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.CoderResult;

/**
 * What MySQL and MariaDB call latin1: Windows code page 1252 with its five unassigned bytes (81,
 * 8D, 8F, 90, 9D) mapped to the control characters of the same number. Java's {@code windows-1252}
 * gives U+FFFD for them, which would lose every byte of UTF-8 text that was stored in a latin1
 * column. Decodes only.
 */
final class ServerLatin1 extends Charset {
  private static final char[] CHARACTERS = characters();

  ServerLatin1() {
    super("x-server-latin1", new String[0]);
  }

  private static char[] characters() {
    byte[] all = new byte[256];
    for (int i = 0; i < all.length; i++) {
      all[i] = (byte) i;
    }
    char[] characters = new String(all, Charset.forName("windows-1252")).toCharArray();
    for (int i = 0; i < characters.length; i++) {
      if (characters[i] == '\uFFFD') {
        characters[i] = (char) i;
      }
    }
    return characters;
  }

  @Override
  public boolean contains(Charset other) {
    return other instanceof ServerLatin1;
  }

  @Override
  public boolean canEncode() {
    return false;
  }

  @Override
  public CharsetEncoder newEncoder() {
    throw new UnsupportedOperationException("decodes only");
  }

  @Override
  public CharsetDecoder newDecoder() {
    return new CharsetDecoder(this, 1, 1) {
      @Override
      protected CoderResult decodeLoop(ByteBuffer in, CharBuffer out) {
        while (in.hasRemaining()) {
          if (!out.hasRemaining()) {
            return CoderResult.OVERFLOW;
          }
          out.put(CHARACTERS[in.get() & 0xff]);
        }
        return CoderResult.UNDERFLOW;
      }
    };
  }
}
