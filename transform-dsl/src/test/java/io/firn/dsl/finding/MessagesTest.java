package io.firn.dsl.finding;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class MessagesTest {
  @Test
  void nearNamesAreFoundAndFarOnesAreNot() {
    List<String> names = List.of("tables", "tables.exclude", "type", "port");
    assertThat(ClosestName.of("tabels", names)).contains("tables");
    assertThat(ClosestName.of("TABLES", names)).contains("tables");
    assertThat(ClosestName.of("prot", names)).contains("port");
    assertThat(ClosestName.of("tables.exlcude", names)).contains("tables.exclude");
    assertThat(ClosestName.of("x", names)).isEmpty();
    assertThat(ClosestName.of("password", names)).isEmpty();
  }

  @Test
  void textIsCutAndCannotMoveTheCursor() {
    assertThat(Quoted.of("a\nb\u001b[2J\u202e\u200b")).isEqualTo("'a\\nb\\u001b[2J\\u202e\\u200b'");
    assertThat(Quoted.of("x".repeat(500))).hasSize(205);
    assertThat(Quoted.of("🏔é")).isEqualTo("'🏔é'");
  }

  @Test
  void findingsAreSortedAndNotRepeated() {
    Findings findings = new Findings("f");
    findings.error(new Position(2, 1), "b", "Two", "do");
    findings.warning(new Position(1, 5), "", "One", "do");
    findings.error(new Position(2, 1), "b", "Two", "do");
    assertThat(findings.sorted())
        .extracting(Finding::toString)
        .containsExactly("f:1:5: warning: One; do", "f:2:1: b: Two; do");
  }
}
