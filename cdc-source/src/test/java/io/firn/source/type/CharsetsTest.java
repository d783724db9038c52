package io.firn.source.type;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.source.Flavour;
import java.nio.charset.Charset;
import org.junit.jupiter.api.Test;

class CharsetsTest {

  @Test
  void noByteOfLatin1IsLost() {
    Charset latin1 = new Charsets(Flavour.MYSQL).forName("latin1");
    byte[] bytes = {(byte) 0x93, (byte) 0x80, (byte) 0xe9, (byte) 0x81, (byte) 0x9d, 'a'};
    assertThat(new String(bytes, latin1)).isEqualTo("\u201c\u20ac\u00e9\u0081\u009da");
    byte[] all = new byte[256];
    for (int i = 0; i < all.length; i++) {
      all[i] = (byte) i;
    }
    assertThat(new String(all, latin1).chars().distinct().count()).isEqualTo(256);
    assertThat(new String(all, latin1)).doesNotContain("\uFFFD");
  }
}
