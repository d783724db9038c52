package io.firn.source.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.model.error.ConfigurationException;
import io.firn.model.schema.TableId;
import java.util.List;
import org.junit.jupiter.api.Test;

class TablePatternsTest {

  @Test
  void excludedTablesAreLeftOut() {
    TablePatterns patterns = TablePatterns.parse("shop.\\.*", "shop.tmp_\\.*");
    assertThat(patterns.test(new TableId("shop", "orders"))).isTrue();
    assertThat(patterns.test(new TableId("shop", "tmp_orders"))).isFalse();
  }

  @Test
  void patternsThatMatchNothingAreNamed() {
    TablePatterns patterns = TablePatterns.parse("a.x, a.y", null);
    assertThat(patterns.withoutMatch(List.of(new TableId("a", "x")))).containsExactly("a.y");
  }

  @Test
  void malformedPatternsAreRefused() {
    for (String pattern : List.of("", "a.b.c", "a.(b")) {
      assertThatThrownBy(() -> TablePatterns.parse(pattern, ""))
          .as(pattern)
          .isInstanceOf(ConfigurationException.class);
    }
  }
}
