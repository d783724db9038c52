package io.firn.model.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.model.error.InconsistentStateException;
import java.util.List;
import org.junit.jupiter.api.Test;

class SourcePositionTest {
  private static final String UUID = "3e11fa47-71ca-11e1-9e33-c80aa9429562";

  private static SourcePosition at(String server, String file, long offset, String gtids) {
    return new SourcePosition(false, file, offset, 0, gtids, server);
  }

  @Test
  void oneServersPlacesAreOrderedByFileAndOffset() {
    List<SourcePosition> ascending =
        List.of(
            SourcePosition.snapshot(0),
            SourcePosition.snapshot(5),
            at("a", "binlog.999999", 500, UUID + ":1-3"),
            at("a", "binlog.1000000", 4, null),
            new SourcePosition(false, "binlog.1000000", 4, 1, UUID + ":4", "a"),
            at("a", "binlog.1000000", 90, UUID + ":1-4"));
    assertThat(ascending).isSorted();
    assertThat(ascending.get(5)).isGreaterThan(ascending.get(2));
  }

  @Test
  void betweenServersTransactionsDecideAndNotFiles() {
    SourcePosition before = at("a", "binlog.000900", 700, UUID + ":1-10");
    assertThat(at("b", "other.000001", 4, UUID + ":1-11")).isGreaterThan(before);
    assertThat(at("b", "binlog.000001", 4, UUID + ":1-9")).isLessThan(before);
    assertThat(at("b", "binlog.000001", 4, UUID + ":1-10")).isEqualByComparingTo(before);
    assertThat(before.reaches(at("b", "binlog.000999", 4, UUID + ":1-10"))).isTrue();
    assertThat(before.reaches(at("b", "binlog.000001", 4, UUID + ":1-11"))).isFalse();
  }

  @Test
  void aRenamedBinlogIsAnotherSequence() {
    assertThat(at("a", "binlog.000900", 4, UUID + ":1-10"))
        .isLessThan(at("a", "mysql-bin.000001", 4, UUID + ":1-11"));
  }

  @Test
  void serversThatWentDifferentWaysHaveNoOrder() {
    SourcePosition left = at("a", "binlog.000001", 4, UUID + ":1-12");
    SourcePosition right = at("b", "binlog.000001", 4, UUID + ":1-10:13");
    assertThatThrownBy(() -> left.compareTo(right))
        .isInstanceOf(InconsistentStateException.class)
        .hasMessageContaining("'" + UUID + ":11-12' that the second lacks")
        .hasMessageContaining("'" + UUID + ":13' that the first lacks");
    assertThat(left.reaches(right)).isFalse();
  }

  @Test
  void withoutGtidsPlacesOfDifferentServersHaveNoOrder() {
    SourcePosition left = at("a", "binlog.000001", 4, null);
    assertThatThrownBy(() -> left.compareTo(at("b", "binlog.000002", 4, null)))
        .isInstanceOf(InconsistentStateException.class)
        .hasMessageContaining("have no GTIDs");
    assertThat(SourcePosition.binlog("binlog.000002", 4, 0, null)).isGreaterThan(left);
  }

  @Test
  void theTextFormIsReadBack() {
    for (SourcePosition position :
        List.of(
            SourcePosition.snapshot(7),
            SourcePosition.binlog("a:b.000001", 1234, 5, null),
            SourcePosition.binlog("binlog.000001", 1234, 0, UUID + ":1-5:7"),
            at(UUID, "binlog.000001", 4, null),
            at("1@host.3306", "binlog.000001", 4, "0-1-7,1-1-2"))) {
      assertThat(SourcePosition.parse(position.encode())).isEqualTo(position);
    }
    assertThatThrownBy(() -> SourcePosition.parse("binlog.000001:x:0"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void positionsOfOlderVersionsAreUnderstood() {
    assertThat(SourcePosition.parse("binlog.000003:400:0;" + UUID + ":1-5"))
        .isEqualTo(SourcePosition.binlog("binlog.000003", 400, 0, UUID + ":1-5"))
        .isLessThan(at("a", "binlog.000001", 4, UUID + ":1-6"));
  }
}
