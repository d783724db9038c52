package io.firn.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever a pipeline file holds, {@code validate} says where it is wrong, quickly, and ends. */
class HostileInputTest {
  private static final String GOOD =
      """
      source:
        type: mysql
        hostname: 127.0.0.1
        username: firn
        password: canary-password
        tables: shop.\\.*
      sink:
        type: iceberg
        catalog.properties.type: hadoop
        catalog.properties.warehouse: /tmp/lake
      """;

  @TempDir Path directory;

  private static String setting(String line) {
    return GOOD + "pipeline:\n  " + line + "\n";
  }

  private static String rule(String lines) {
    return GOOD + "transform:\n  - source-table: shop.\\.*\n" + lines.indent(4);
  }

  static Stream<Arguments> texts() {
    Map<String, String> texts = new TreeMap<>();
    texts.put("empty", "");
    texts.put("blank", " \n\n");
    texts.put("comment", "# nothing\n");
    texts.put("scalar", "hello\n");
    texts.put("list", "- a\n- b\n");
    texts.put("null", "~\n");
    texts.put("tab", "source:\n\ttype: mysql\n");
    texts.put("control character", "source:\n  type: my\u0007sql\n");
    texts.put("not a character", "source:\n  type: my\uffffsql\n");
    texts.put("bomb", "a: &a [x,x,x]\nb: &b [*a,*a,*a]\nc: &c [*b,*b,*b]\nd: [*c,*c,*c]\n");
    texts.put("merge key", "a: &a {x: y}\nsource:\n  <<: *a\n");
    texts.put("recursive alias", "source: &s\n  type: *s\n");
    texts.put("tag", GOOD.replace("mysql", "!!java.net.URL http://127.0.0.1/"));
    texts.put("directive", "%YAML 9.9\n---\n" + GOOD);
    texts.put("tag directive", "%TAG ! tag:x,2000:\n---\nsource: !foo {}\n");
    texts.put("two documents", GOOD + "---\n" + GOOD);
    texts.put("duplicate section", GOOD + "sink:\n  type: iceberg\n");
    texts.put("duplicate setting", setting("name: a\n  name: b"));
    texts.put("duplicate in other quotes", setting("name: a\n  \"name\": b"));
    texts.put("unknown setting", setting("nmae: x"));
    texts.put("unknown section", GOOD + "pipline:\n  name: x\n");
    texts.put(
        "nested settings",
        GOOD.replace("  catalog.properties.type: hadoop", "  catalog:\n    type: x"));
    texts.put("list for value", setting("name: [a, b]"));
    texts.put("mapping for value", setting("name: {a: b}"));
    texts.put("complex key", setting("? [a, b]\n  : c"));
    texts.put("empty value", setting("name:"));
    for (String number :
        new String[] {
          "0x1F", "1e3", "1_000", "-1", "no", "off", "~", "1.5", "9".repeat(400), "٣", ".inf"
        }) {
      texts.put("parallelism " + number, setting("parallelism: " + number));
      texts.put("interval " + number, setting("checkpoint.interval: " + number));
    }
    texts.put("interval overflow", setting("checkpoint.interval: 9223372036854775807d"));
    texts.put("deep brackets", "a: " + "[".repeat(50_000));
    texts.put("deep braces", "{a: ".repeat(50_000));
    texts.put(
        "deep blocks",
        Stream.iterate(0, i -> i + 1)
            .limit(400)
            .map(i -> " ".repeat(i) + "a:\n")
            .reduce("", String::concat));
    texts.put("deep dashes", "- ".repeat(100_000) + "x\n");
    texts.put("deep question marks", "? ".repeat(100_000) + "x\n");
    texts.put(
        "many settings",
        setting(
            "x: y\n"
                + Stream.iterate(0, i -> i + 1)
                    .limit(60_000)
                    .map(i -> "  k" + i + ": v\n")
                    .reduce(new StringBuilder(), StringBuilder::append, StringBuilder::append)));
    texts.put("many duplicates", GOOD + "pipeline:\n" + "  name: x\n".repeat(15_000));
    texts.put("long name", setting("x".repeat(900_000) + ": y"));
    texts.put("long key of a mapping", GOOD + "? " + "k".repeat(900_000) + "\n: v\n");
    texts.put("unclosed quote", setting("name: \"abc"));
    texts.put("quotes", setting("name: " + "'".repeat(900_001)));
    texts.put("unclosed reference", setting("name: ${env:X"));
    texts.put("empty reference", setting("name: ${}"));
    texts.put("unknown reference", setting("name: ${jndi:ldap://127.0.0.1:1/x}"));
    texts.put("nested reference", setting("name: ${env:${env:X}}"));
    texts.put("many references", setting("name: " + "${env:X}".repeat(100_000)));
    texts.put("missing variable", setting("name: ${env:NO_SUCH_VARIABLE}"));
    texts.put("missing file", setting("name: ${file:no/such/file}"));
    texts.put("directory as file", setting("name: ${file:..}"));
    texts.put("NUL in a path", setting("name: \"${file:a\\0b}\""));
    texts.put("endless file", setting("name: ${file:/dev/zero}"));
    texts.put("reference in a rule", rule("filter: ${env:X}"));
    texts.put("regex bomb", GOOD.replace("shop.\\.*", "shop.(((a{900}){900}){900}){900}"));
    texts.put("deep regex", GOOD.replace("shop.\\.*", "shop." + "(".repeat(9_000)));
    texts.put("long regex", GOOD.replace("shop.\\.*", "shop." + "a".repeat(500_000)));
    texts.put("look-around", GOOD.replace("shop.\\.*", "shop.(?=x)y"));
    texts.put(
        "route bomb",
        GOOD
            + "route:\n  - source-table: shop.\\.*\n    sink-table: a."
            + "$1".repeat(100_000)
            + "\n");
    texts.put("many rules", GOOD + "route:\n" + "  - x: y\n".repeat(9_000));
    texts.put("override of the console", setting("\"na\\e[31mme\\u202e\": x"));
    return texts.entrySet().stream().map(e -> Arguments.of(e.getKey(), e.getValue()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("texts")
  @Timeout(20)
  void textIsRefusedWithItsPlace(String name, String text) throws IOException {
    refused(Files.writeString(directory.resolve("p.yaml"), text));
  }

  private static String refused(Path file) {
    long start = System.nanoTime();
    CommandKit.Outcome outcome = CommandKit.run(Map.of("X", "x"), "validate", "--offline", file);
    long millis = (System.nanoTime() - start) / 1_000_000;
    assertThat(outcome.code()).as(outcome.err()).isEqualTo(2);
    assertThat(outcome.err())
        .contains(file + ":")
        .containsPattern(":\\d+:\\d+: ")
        .doesNotContain("\tat ", "\u001b", "\u202e", "canary-password", "Exception");
    assertThat(outcome.err().length()).as("characters").isLessThan(4_000_000);
    assertThat(millis).isLessThan(10_000);
    return outcome.err();
  }

  @Test
  void filesThatAreNoTextAreRefused() throws IOException {
    assertThat(refused(directory)).contains("cannot be read");
    assertThat(refused(directory.resolve("none.yaml"))).contains("does not exist");
    Path latin = directory.resolve("latin.yaml");
    Files.write(latin, "source:\n  name: Zürich\n".getBytes(StandardCharsets.ISO_8859_1));
    assertThat(refused(latin)).contains("not UTF-8");
    Path utf16 = directory.resolve("utf16.yaml");
    Files.write(utf16, GOOD.getBytes(StandardCharsets.UTF_16));
    assertThat(refused(utf16)).contains("not UTF-8");
    Path huge = directory.resolve("huge.yaml");
    try (RandomAccessFile file = new RandomAccessFile(huge.toFile(), "rw")) {
      file.setLength(100L << 20);
    }
    assertThat(refused(huge)).contains("at most 1000000");
    assertThat(refused(Path.of("/dev/zero"))).contains("at most 1000000");
  }

  @Test
  void byteOrderMarkAndWindowsLineEndsAreAccepted() throws IOException {
    Path file =
        Files.writeString(directory.resolve("windows.yaml"), "\ufeff" + GOOD.replace("\n", "\r\n"));
    CommandKit.Outcome outcome = CommandKit.run(Map.of(), "validate", "--offline", file);
    assertThat(outcome.code()).as(outcome.err()).isZero();
  }
}
