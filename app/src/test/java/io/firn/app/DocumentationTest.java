package io.firn.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the documentation shows is what the program takes. */
class DocumentationTest {
  private static final Path HOME = Path.of("..");
  private static final Pattern BLOCK =
      Pattern.compile("^```(yaml|bash)\\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);
  private static final Pattern COMMAND =
      Pattern.compile("^(?:\\w+=\\S+ )*\\./firn ([^#\\n]*)", Pattern.MULTILINE);
  private static final Map<String, String> ENVIRONMENT =
      Map.of(
          "MYSQL_PASSWORD",
          "canary-password",
          "LAKE_PASSWORD",
          "canary-password",
          "CATALOG_CREDENTIAL",
          "id:canary-password",
          "S3_ACCESS_KEY",
          "access",
          "S3_SECRET_KEY",
          "canary-password");
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#]+)(?:#[^)]*)?\\)");

  @TempDir private Path directory;

  /** A fenced block of a page. */
  record Block(Path page, String language, String text) {
    Block withSource() {
      String source =
          "source:\n  type: mysql\n  hostname: db\n  username: u\n  password: ${env:MYSQL_PASSWORD}\n  tables: shop.orders\n";
      return new Block(page, language, source + text);
    }

    @Override
    public String toString() {
      return page + ": " + text.lines().findFirst().orElse("");
    }
  }

  private static List<Path> pages() throws IOException {
    List<Path> pages = new ArrayList<>();
    try (Stream<Path> top = Files.list(HOME);
        Stream<Path> below = Files.walk(HOME.resolve("docs"))) {
      Stream.concat(top, below).filter(page -> page.toString().endsWith(".md")).forEach(pages::add);
    }
    return pages;
  }

  private static List<Block> blocks(String language) throws IOException {
    List<Block> blocks = new ArrayList<>();
    for (Path page : pages()) {
      Matcher matcher = BLOCK.matcher(Files.readString(page));
      while (matcher.find()) {
        if (matcher.group(1).equals(language)) {
          blocks.add(new Block(page, language, matcher.group(2)));
        }
      }
    }
    return blocks;
  }

  /** Whole pipeline files, and sinks alone with a source before them. */
  static List<Block> pipelines() throws IOException {
    return blocks("yaml").stream()
        .map(block -> block.text().startsWith("sink:\n") ? block.withSource() : block)
        .filter(block -> block.text().contains("source:\n"))
        .toList();
  }

  static List<String> commands() throws IOException {
    List<String> commands = new ArrayList<>();
    for (Block block : blocks("bash")) {
      Matcher matcher = COMMAND.matcher(block.text());
      while (matcher.find()) {
        commands.add(matcher.group(1).strip());
      }
    }
    return commands;
  }

  @Test
  void thereIsSomethingToCheck() throws IOException {
    assertThat(pipelines()).hasSizeGreaterThanOrEqualTo(3);
    assertThat(commands()).hasSizeGreaterThanOrEqualTo(5);
  }

  @ParameterizedTest
  @MethodSource("pipelines")
  void pipelinesAreValid(Block block) throws IOException {
    Path file = Files.writeString(directory.resolve("pipeline.yaml"), block.text());
    CommandKit.Outcome outcome = CommandKit.run(ENVIRONMENT, "validate", "--offline", file);
    assertThat(outcome.err()).isEmpty();
    assertThat(outcome.code()).isEqualTo(ExitCode.DONE);
  }

  @ParameterizedTest
  @MethodSource("commands")
  void commandsAreUnderstood(String command) {
    String[] words = (command + " --help").split("\\s+");
    CommandKit.Outcome outcome = CommandKit.run(Map.of(), (Object[]) words);
    assertThat(outcome.err()).isEmpty();
    assertThat(outcome.code()).isEqualTo(ExitCode.DONE);
    assertThat(outcome.out()).contains("Usage: firn " + words[0]);
  }

  @Test
  void linksLeadSomewhere() throws IOException {
    for (Path page : pages()) {
      String prose = Files.readString(page).replaceAll("(?s)```.*?```|`[^`\n]*`", "");
      Matcher matcher = LINK.matcher(prose);
      while (matcher.find()) {
        String target = matcher.group(1);
        if (!target.contains("://")) {
          assertThat(page.resolveSibling(target)).as("%s links to %s", page, target).exists();
        }
      }
    }
  }
}
