package io.firn.it.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The documentation knows every fault, and names tests that there are. */
class FaultTableTest {
  private static final Path HOME = Path.of("..");
  private static final int ROWS = 17;
  private static final Pattern ROW = Pattern.compile("^\\| (\\d+) \\|(.*)\\|$", Pattern.MULTILINE);
  private static final Pattern TEST =
      Pattern.compile("`([A-Z]\\w*(?:Test|Contract))(?:\\.(\\w+))?`");

  @TempDir private Path directory;

  @Test
  void everyFaultHasAHeadingThatSaysWhatToDo() throws IOException {
    List<String> lines = Files.readAllLines(HOME.resolve("docs/when-things-go-wrong.md"));
    for (Fault fault : Fault.values()) {
      assertThat(lines).as(fault.name()).contains("## " + fault.heading());
    }
  }

  @Test
  void everyRowOfTheTableIsDocumentedAndReachedOrAKnownGap() throws IOException {
    Map<Integer, String> rows = rows();
    for (int row : IntStream.rangeClosed(1, ROWS).toArray()) {
      assertThat(rows).as("row").containsKey(row);
      boolean reached = Stream.of(Fault.values()).anyMatch(fault -> fault.row() == row);
      assertThat(reached || rows.get(row).contains("gap")).as("row " + row).isTrue();
      assertThat(TEST.matcher(rows.get(row)).find()).as("a test in row " + row).isTrue();
    }
  }

  @Test
  void testsThatAreNamedExist() throws IOException {
    Map<String, String> sources = sources();
    for (String page : List.of("reliability.md", "security.md")) {
      Matcher matcher = TEST.matcher(Files.readString(HOME.resolve("docs").resolve(page)));
      int named = 0;
      while (matcher.find()) {
        named++;
        String source = sources.get(matcher.group(1));
        assertThat(source).as(page + ": " + matcher.group(1)).isNotNull();
        if (matcher.group(2) != null) {
          assertThat(source)
              .as(page + ": " + matcher.group())
              .contains("void " + matcher.group(2) + "(");
        }
      }
      assertThat(named).as(page).isGreaterThan(10);
    }
  }

  @Test
  void whatWasReachedIsCounted() {
    FaultLog log = new FaultLog(directory.resolve("a/faults.txt"));
    assertThat(log.counts()).isEmpty();
    log.reached(Fault.KILLED);
    log.reached(Fault.KILLED);
    log.reached(Fault.SECRET);
    assertThat(log.counts()).isEqualTo(Map.of(Fault.KILLED, 2, Fault.SECRET, 1));
  }

  private static Map<Integer, String> rows() throws IOException {
    Map<Integer, String> rows = new TreeMap<>();
    Matcher matcher = ROW.matcher(Files.readString(HOME.resolve("docs/reliability.md")));
    while (matcher.find()) {
      rows.merge(Integer.parseInt(matcher.group(1)), matcher.group(2), String::concat);
    }
    return rows;
  }

  /** The text of all classes by their names; those of the same name together. */
  private static Map<String, String> sources() throws IOException {
    Map<String, String> sources = new TreeMap<>();
    try (Stream<Path> modules = Files.list(HOME)) {
      for (Path module : modules.map(path -> path.resolve("src")).filter(Files::exists).toList()) {
        try (Stream<Path> files = Files.walk(module)) {
          for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
            String name = file.getFileName().toString().replace(".java", "");
            sources.merge(name, Files.readString(file), String::concat);
          }
        }
      }
    }
    return sources;
  }
}
