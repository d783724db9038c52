package io.firn.source.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.model.error.ConfigurationException;
import io.firn.model.schema.TableId;
import java.util.List;
import org.junit.jupiter.api.Test;

class TablePatternsTest {

  private static boolean matches(String patterns, String database, String table) {
    return TablePatterns.parse(patterns, "").test(new TableId(database, table));
  }

  @Test
  void flinkCdcPatternsMean() {
    assertThat(matches("adb.\\.*", "adb", "anything")).isTrue();
    assertThat(matches("adb.\\.*", "adb2", "anything")).isFalse();
    assertThat(matches("adb.\\.*, bdb.user_table_[0-9]+", "bdb", "user_table_42")).isTrue();
    assertThat(matches("adb.\\.*, bdb.user_table_[0-9]+", "bdb", "user_table_")).isFalse();
    assertThat(matches("app_db_[0-9]{1,2}.orders", "app_db_12", "orders")).isTrue();
    assertThat(matches("(app|web).order_\\.*", "web", "order_x")).isTrue();
  }

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
    for (String pattern : List.of("", "orders", "a.b.c", "a.(b")) {
      assertThatThrownBy(() -> TablePatterns.parse(pattern, ""))
          .as(pattern)
          .isInstanceOf(ConfigurationException.class);
    }
  }
}
