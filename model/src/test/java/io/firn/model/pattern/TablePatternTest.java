package io.firn.model.pattern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.model.schema.TableId;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TablePatternTest {

  private static TableId id(String text) {
    int dot = text.indexOf('.');
    return new TableId(text.substring(0, dot), text.substring(dot + 1));
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = " => ",
      quoteCharacter = '#',
      value = {
        "db.t => db.t => true",
        "db.t => db.t2 => false",
        "db.t => DB.t => false",
        "db.\\.* => db.anything => true",
        "db.\\.* => dbx.t => false",
        "db.tbl_\\d+ => db.tbl_12 => true",
        "db.tbl_\\d+ => db.tbl_x => false",
        "adb.\\.*, bdb.user_table_[0-9]+, [app|web].order_\\.* => a.order_1 => true",
        "adb.\\.*, bdb.user_table_[0-9]+, [app|web].order_\\.* => bdb.user_table_7 => true",
        "adb.\\.*, bdb.user_table_[0-9]+, [app|web].order_\\.* => bdb.user_table_ => false",
        "a|b.c => a.c => true",
        "a|b.c => b.c => true",
        "a|b.c => a.x => false",
        "mydb\\.* => mydb.orders => true",
        "mydb\\.* => other.orders => false",
        "db.t{1,2} => db.tt => true",
        "db.t{1,2},x.y => x.y => true",
        "db.a\\,b => db.a,b => true",
        "\\.*.\\.* => any.table.with.dots => true",
        "db.a => db.a.b => false",
      })
  void matchesAsInFlinkCdc(String pattern, String table, boolean matches) throws Exception {
    assertThat(TablePattern.parse(pattern).matches(id(table))).isEqualTo(matches);
  }

  @Test
  void borderBetweenDatabaseAndTableCannotBeCrossed() throws Exception {
    // Joined with a dot, "a.b" + "c" and "a" + "b.c" would look the same.
    TablePattern pattern = TablePattern.parse("a.b\\.c");
    assertThat(pattern.matches(new TableId("a", "b.c"))).isTrue();
    assertThat(pattern.matches(new TableId("a.b", "c"))).isFalse();
  }

  @Test
  void groupsAreCaptured() throws Exception {
    assertThat(TablePattern.parse("db_(\\.*).(\\.*)_tbl").match(id("db_foo.bar_tbl")))
        .contains(List.of("db_foo.bar_tbl", "foo", "bar"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " , ",
        "a.b.c",
        "db.",
        ".t",
        "db.[a",
        "db.(?=x)",
        "db.(a)\\1",
        "db.a{2000}",
        "db.((a{999}){999}){999}"
      })
  void badPatternIsRefused(String pattern) {
    assertThatThrownBy(() -> TablePattern.parse(pattern)).isInstanceOf(BadPatternException.class);
  }

  @Test
  void placeOfTheBadPartIsKnown() {
    assertThatThrownBy(() -> TablePattern.parse("a.b, c.[d"))
        .isInstanceOfSatisfying(
            BadPatternException.class, e -> assertThat(e.offset()).isEqualTo(7));
  }

  @Test
  @Timeout(5)
  void hostilePatternIsMatchedQuickly() throws Exception {
    TablePattern pattern = TablePattern.parse("db.(\\.*a){12}b");
    assertThat(pattern.matches(new TableId("db", "a".repeat(5_000)))).isFalse();
  }
}
