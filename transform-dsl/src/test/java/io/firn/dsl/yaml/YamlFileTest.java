package io.firn.dsl.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.dsl.finding.Finding;
import io.firn.dsl.finding.Findings;
import io.firn.dsl.finding.Position;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class YamlFileTest {

  private static YamlNode.Scalar scalar(String yaml) {
    Findings findings = new Findings("f");
    YamlNode root = YamlFile.read(yaml, findings).orElseThrow();
    assertThat(findings.sorted()).isEmpty();
    return (YamlNode.Scalar) ((YamlNode.Mapping) root).entries().get(0).value();
  }

  /** Says for each occurrence of a mark in the value where it stands in the file. */
  private static void assertFound(String yaml) {
    YamlNode.Scalar scalar = scalar(yaml);
    String[] lines = yaml.split("\n", -1);
    for (int i = 0; i < scalar.text().length(); i++) {
      char c = scalar.text().charAt(i);
      if (c >= 'A' && c <= 'Z') {
        Position position = scalar.map().at(i);
        String line = lines[position.line() - 1];
        int unit = line.offsetByCodePoints(0, position.column() - 1);
        assertThat(line.charAt(unit)).as("%s at %s in %s", c, position, yaml).isEqualTo(c);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "k: ABC def",
        "k:   A 'x' B  # comment",
        "k: 'A ''x'' B'",
        "k: \"A \\\"x\\\" \\u00e9 B \\x61 \\U0001F3D4 C\\n D\"",
        "k: |\n  A\n    B\n\n  C",
        "k: >-\n  A\n  B\n\n  C D\n",
        "k: |2-\n    A\n   B",
        "k: A\n  B\n\n  C",
        "k: 'A\n  B\n\n  C'",
        "k: \"A\\\n  B\n  C\"",
        "k: 🏔 A é B",
        "é🏔: A",
      })
  void everyCharacterOfAValueIsFoundInTheFile(String yaml) {
    assertFound(yaml);
  }

  @Test
  void scalarsStayTextWhateverTheyLookLike() {
    for (String text : List.of("no", "010", "1e3", "~", "null", "0x1F", "2024-01-01", "1_000")) {
      assertThat(scalar("k: " + text).text()).isEqualTo(text);
    }
    assertThat(scalar("k:").isAbsent()).isTrue();
    assertThat(scalar("k: ''").isAbsent()).isFalse();
  }

  @Test
  void duplicateKeysAreAllFound() {
    Findings findings = new Findings("f");
    YamlFile.read("a: 1\nb: {x: 1, x: 2}\na: 2\nc: 3\na: 4\n", findings);
    assertThat(findings.sorted())
        .extracting(f -> f.position() + " " + f.path())
        .containsExactly("2:11 b.x", "3:1 a", "5:1 a");
  }

  @Test
  void byteOrderMarkAndWindowsLineEndsAreFine() {
    assertThat(scalar("\uFEFFk: A").text()).isEqualTo("A");
    assertThat(scalar("k: A\r\nl: B\r\n").text()).isEqualTo("A");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "---\n",
        "a: b: c",
        "\t- x",
        "a: \u0000",
        "a: [1, 2",
        "{a: 1",
        "%YAML 9.9\n---\na: 1",
        "? [x, y]\n: z",
        "a: !!binary x",
        "a: &x 1\nb: *x",
        "a: *unknown",
        "<<: {a: 1}\n<<: {b: 1}",
        "--- a\n--- b",
        "'a",
      })
  void whatIsNotPlainYamlIsAFinding(String yaml) {
    Findings findings = new Findings("f");
    YamlFile.read(yaml, findings);
    assertThat(findings.hasErrors()).isTrue();
    assertThat(findings.sorted()).allMatch(f -> f.position().line() >= 1);
  }

  @Test
  @Timeout(20)
  void hugeAndDeepFilesAreRefusedQuickly() {
    for (String yaml :
        List.of(
            "[".repeat(200_000),
            "a: " + "[".repeat(100) + "]".repeat(100),
            "- ".repeat(100_000) + "x",
            "x".repeat(YamlFile.MAX_CHARACTERS + 1),
            "a: [" + "1,".repeat(50_000) + "]",
            "a: &a [x,x]\n" + "b: &b [*a,*a,*a,*a]\n".repeat(1_000))) {
      Findings findings = new Findings("f");
      assertThat(YamlFile.read(yaml, findings)).isEmpty();
      assertThat(findings.hasErrors()).isTrue();
    }
  }

  @Test
  void anyTextGivesATreeOrFindings() {
    String seed =
        "source:\n  type: mysql\n  tables: \"a.\\\\.*\"\nsink: {x: [1, 'b']}\nr:\n  - |\n   x\n";
    Random random = new Random(20_240_229);
    for (int run = 0; run < 3_000; run++) {
      StringBuilder text = new StringBuilder(seed);
      for (int i = 0; i < 1 + random.nextInt(6); i++) {
        char c = "{}[]:-&*!|>'\"%@`#,?\n\t \\\u0007é\uD83C".charAt(random.nextInt(24));
        int at = random.nextInt(text.length());
        if (random.nextBoolean()) {
          text.insert(at, c);
        } else {
          text.setCharAt(at, c);
        }
      }
      Findings findings = new Findings("f");
      boolean tree = YamlFile.read(text.toString(), findings).isPresent();
      assertThat(tree || findings.hasErrors()).as(text.toString()).isTrue();
      assertThat(findings.sorted()).extracting(Finding::toString).allMatch(t -> t.length() < 1_000);
    }
  }
}
