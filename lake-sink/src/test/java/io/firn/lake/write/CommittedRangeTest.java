package io.firn.lake.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.model.stream.SourcePosition;
import org.junit.jupiter.api.Test;

class CommittedRangeTest {
  private static final String UUID = "3e11fa47-71ca-11e1-9e33-c80aa9429562";

  private static SourcePosition at(String server, String file, long offset, String gtid) {
    return new SourcePosition(false, file, offset, 0, gtid, server);
  }

  @Test
  void withoutGtidsThePlaceDecides() {
    CommittedRange range = new CommittedRange(SourcePosition.binlog("binlog.000002", 500, 0, null));
    assertThat(range.contains(SourcePosition.binlog("binlog.000002", 499, 3, null))).isTrue();
    assertThat(range.contains(SourcePosition.binlog("binlog.000002", 500, 0, null))).isFalse();
    assertThat(range.contains(SourcePosition.snapshot(1))).isFalse();
  }

  @Test
  void afterAFailoverTheTransactionDecides() {
    CommittedRange range = new CommittedRange(at("a", "binlog.000009", 500, UUID + ":1-10"));
    assertThat(range.contains(at("b", "other.000001", 90_000, UUID + ":10"))).isTrue();
    assertThat(range.contains(at("b", "other.000001", 90_001, UUID + ":10"))).isTrue();
    assertThat(range.contains(at("b", "other.000001", 4, UUID + ":11"))).isFalse();
    assertThat(range.contains(at("b", "binlog.000001", 4, UUID + ":12"))).isFalse();
  }

  @Test
  void mariaDbsTransactionsAreComparedByDomain() {
    CommittedRange range = new CommittedRange(at("a", "binlog.000009", 500, "0-1-10,1-1-3"));
    assertThat(range.contains(at("b", "binlog.000001", 4, "0-2-9"))).isTrue();
    assertThat(range.contains(at("b", "binlog.000001", 4, "1-2-4"))).isFalse();
  }
}
