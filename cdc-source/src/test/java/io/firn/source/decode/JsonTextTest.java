package io.firn.source.decode;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class JsonTextTest {

  @Test
  void spaceBetweenTokensGoesAndSpaceInStringsStays() {
    assertThat(JsonText.canonical("{\"a b\": [1, 2, {\"c\": \" x \"}]}"))
        .isEqualTo("{\"a b\":[1,2,{\"c\":\" x \"}]}");
  }

  @Test
  void escapesAreMinimal() {
    assertThat(JsonText.canonical("\"\\u00e4\\/\\u0001\\n\\\"\\\\\""))
        .isEqualTo("\"\u00e4/\\u0001\\n\\\"\\\\\"");
  }

  @Test
  void everySpellingOfANumberIsTheSame() {
    for (String text : new String[] {"1e2", "100.0", "1.0E+2", "100.00"}) {
      assertThat(JsonText.canonical(text)).as(text).isEqualTo("100.0");
    }
    assertThat(JsonText.canonical("-17")).isEqualTo("-17");
    assertThat(JsonText.canonical("0.1")).isEqualTo(JsonNumbers.ofDouble(0.1));
    assertThat(JsonText.canonical("2e-323")).isEqualTo(JsonNumbers.ofDouble(2e-323));
    assertThat(JsonNumbers.ofDouble(2.0e-3)).isEqualTo("0.002");
  }

  @Test
  void digitsThatNoDoubleHoldsAreKept() {
    assertThat(JsonText.canonical("12345678901234567.125")).isEqualTo("12345678901234567.125");
  }
}
