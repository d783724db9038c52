package io.firn.model.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class GtidSetTest {
  private static final String A = "3e11fa47-71ca-11e1-9e33-c80aa9429562";
  private static final String B = "4e11fa47-71ca-11e1-9e33-c80aa9429562";

  private static boolean contains(String set, String other) {
    return GtidSet.parse(set).containsAll(GtidSet.parse(other));
  }

  private static String minus(String set, String other) {
    return GtidSet.parse(set).minus(GtidSet.parse(other)).toString();
  }

  @Test
  void containmentIsByServerAndInterval() {
    assertThat(contains(A + ":1-10", A + ":1-10")).isTrue();
    assertThat(contains(A + ":1-10," + B + ":1", A + ":3-5:7-9")).isTrue();
    assertThat(contains(A + ":1-5:6-10", A + ":4-8")).isTrue();
    assertThat(contains(A + ":1-5:7-10", A + ":4-8")).isFalse();
    assertThat(contains(A + ":1-10", B + ":1")).isFalse();
    assertThat(contains(A + ":1-10", "")).isTrue();
    assertThat(contains("", A + ":1")).isFalse();
    assertThat(contains(A.toUpperCase(java.util.Locale.ROOT) + ":1-3", A + ":2")).isTrue();
    assertThat(contains(A + ":1-3,\n" + B + ":1-2", B + ":2")).isTrue();
  }

  @Test
  void differencesAreNamed() {
    assertThat(minus(A + ":1-10", A + ":3-5:7")).isEqualTo(A + ":1-2:6:8-10");
    assertThat(minus(A + ":1-10:20", A + ":1-30")).isEmpty();
    assertThat(minus(A + ":1," + B + ":4-5", A + ":1")).isEqualTo(B + ":4-5");
    assertThat(minus("0-1-10", "0-2-7")).isEqualTo("0:8-10");
  }

  @Test
  void aTagIsASourceOfItsOwn() {
    String tagged = A + ":1-5:blue:1-3:9:green:7";
    assertThat(GtidSet.parse(tagged).hasTags()).isTrue();
    assertThat(GtidSet.parse(A + ":1-5").hasTags()).isFalse();
    assertThat(contains(tagged, A + ":blue:2-3")).isTrue();
    assertThat(contains(tagged, A + ":blue:9," + A + ":green:7")).isTrue();
    assertThat(contains(tagged, A + ":blue:4")).isFalse();
    assertThat(contains(A + ":1-9", A + ":green:7")).isFalse();
  }

  @Test
  void aMariaDbListStandsForEverythingUpToItInEachDomain() {
    assertThat(contains("0-1-10", "0-1-10")).isTrue();
    assertThat(contains("0-2-11", "0-1-10")).isTrue();
    assertThat(contains("0-1-10", "0-2-11")).isFalse();
    assertThat(contains("0-1-10,1-1-5", "1-9-5,0-1-3")).isFalse();
    assertThat(contains("0-1-10,1-1-5", "1-9-4,0-1-3")).isTrue();
    assertThat(contains("0-1-10", "1-1-1")).isFalse();
  }

  @Test
  void listsThatEndWithDifferentTransactionsOfOneNumberWentDifferentWays() {
    assertThat(contains("0-1-10", "0-2-10")).isFalse();
    assertThat(contains("0-2-10", "0-1-10")).isFalse();
  }

  @Test
  void whatIsNoSetIsRefused() {
    assertThatThrownBy(() -> GtidSet.parse("hello")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> GtidSet.parse(A + ":1-x"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
