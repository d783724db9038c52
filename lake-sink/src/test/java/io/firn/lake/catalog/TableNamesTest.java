package io.firn.lake.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.model.schema.TableId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.iceberg.catalog.TableIdentifier;
import org.junit.jupiter.api.Test;

class TableNamesTest {
  private static final List<String> HOSTILE =
      List.of(
          "..",
          ".",
          "../../evil",
          "a/b",
          "a\\b",
          "a\nb",
          "a\rb",
          "a\u0001b",
          "a b",
          " a",
          "a ",
          ".a",
          "a.",
          "a..b",
          "a@b",
          "a@002fb",
          "a%2fb",
          "a?b",
          "a#b",
          "a:b",
          "a*b",
          "ä",
          "表",
          "\ud83d\ude00",
          "\ud83d",
          "a'b",
          "a\"b",
          "a`b",
          "a;drop",
          "~",
          "x".repeat(300),
          "x".repeat(299) + "y",
          "/".repeat(64));

  @Test
  void ordinaryNamesStayAsTheyAre() {
    assertThat(TableNames.identifier(new TableId("shop", "order_lines-2024$x")))
        .isEqualTo(TableIdentifier.of("shop", "order_lines-2024$x"));
    assertThat(TableNames.encode("Straße")).isEqualTo("Straße");
  }

  @Test
  void hostileNamesBecomeHarmlessAndStayDifferent() {
    Map<String, String> seen = new HashMap<>();
    for (String name : HOSTILE) {
      String encoded = TableNames.encode(name);
      assertThat(encoded)
          .matches("[\\p{L}\\p{N}_\\-$@.]+")
          .doesNotStartWith(".")
          .doesNotEndWith(".");
      assertThat(encoded).doesNotContain("..");
      assertThat(encoded.length()).isLessThan(200);
      assertThat(seen.put(encoded, name)).as(name).isNull();
    }
  }

  @Test
  void encodingIsInjectiveOnRandomNames() {
    Random random = new Random(7);
    char[] alphabet = {'a', '@', '.', '/', '0', '2', 'f', 'e', '\n', '_'};
    Map<String, String> seen = new HashMap<>();
    for (int i = 0; i < 200_000; i++) {
      StringBuilder name = new StringBuilder();
      int length = 1 + random.nextInt(7);
      for (int j = 0; j < length; j++) {
        name.append(alphabet[random.nextInt(alphabet.length)]);
      }
      String before = seen.put(TableNames.encode(name.toString()), name.toString());
      assertThat(before == null || before.contentEquals(name))
          .as("%s and %s", before, name)
          .isTrue();
    }
  }

  @Test
  void dotsInDatabasesAreNamespaces() {
    assertThat(TableNames.namespace("a.b").levels()).containsExactly("a", "b");
    assertThat(TableNames.namespace("a..b").levels()).containsExactly("a@002e@002eb");
    assertThat(TableNames.namespace("../x").levels()).hasSize(1);
  }
}
