package io.firn.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.it.fault.Fault;
import io.firn.it.process.FirnProcess;
import io.firn.it.process.Pipeline;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.iceberg.Table;
import org.junit.jupiter.api.Test;

/** Whatever MySQL takes as a name gets a place of its own inside the warehouse. */
class HostileNamesTest {
  private static final List<String> NAMES =
      List.of(
          "../../evil",
          "..",
          "/etc/passwd",
          "C:\\evil",
          "a/b",
          "a.b",
          "a@002fb",
          "a%2Fb",
          "a\nb",
          "a\tb",
          "\u0001\u0002\u001b[31m",
          "\u202eevil",
          "nul.parquet",
          "a b",
          "ünïcödé 表",
          "'; DROP TABLE x; --",
          "${env:FIRN_IT_PASSWORD}",
          "a#b?c=d&e",
          "metadata",
          "x".repeat(64),
          // As long as MySQL's own file names allow; too long for ours, so cut and told apart by a
          // hash.
          "/".repeat(48) + "x",
          "/".repeat(48) + "y",
          "表".repeat(48));

  private static final String COLUMNS =
      NAMES.stream()
          .map(name -> quoted(name) + " INT")
          .reduce("id INT PRIMARY KEY", (one, other) -> one + ", " + other);

  @Test
  void tablesAndColumnsKeepTheirRowsApartAndInsideTheWarehouse() throws Exception {
    String database = "hostile_names";
    Source.server().execute("CREATE DATABASE " + database + " CHARACTER SET utf8mb4");
    List<String> before = new ArrayList<>();
    List<String> after = new ArrayList<>();
    for (int i = 0; i < NAMES.size(); i++) {
      String table = database + "." + quoted(NAMES.get(i));
      before.add("CREATE TABLE " + table + " (id INT PRIMARY KEY, number INT NOT NULL)");
      before.add("INSERT INTO " + table + " VALUES (1, " + i + ")");
      after.add("UPDATE " + table + " SET number = number + 1000");
    }
    before.add("CREATE TABLE " + database + ".all_columns (" + COLUMNS + ")");
    String numbers =
        IntStream.range(0, NAMES.size()).mapToObj(i -> ", " + i).reduce("", String::concat);
    after.add("INSERT INTO " + database + ".all_columns VALUES (1" + numbers + ")");
    Pipeline pipeline =
        Pipeline.of(database, Source.server(), database, Source.directory(database));
    String yaml = pipeline.yaml().replaceFirst("  partition.key: .*\n", "");
    String file = pipeline.write(yaml).toString();
    FirnProcess.Options options = FirnProcess.Options.of(pipeline);
    for (List<String> statements : List.of(before, after)) {
      Source.server().execute(statements.toArray(String[]::new));
      FirnProcess.start(options, "run", file, "--until-caught-up")
          .expectExit(0, Firn.LIMIT_SECONDS);
    }
    Firn.reached(Fault.HOSTILE_NAMES);
    FirnProcess.start(options, "verify", file).expectExit(0, Firn.LIMIT_SECONDS);
    checkTables(pipeline);
    checkNothingEscaped(pipeline);
  }

  private static void checkTables(Pipeline pipeline) throws Exception {
    Path warehouse = pipeline.directory().resolve("lake/warehouse").toRealPath();
    List<Object> numbers = new ArrayList<>();
    for (Table table : TableReader.tables(pipeline)) {
      Path location = Path.of(URI.create("file:" + withoutScheme(table.location())));
      assertThat(location.normalize()).startsWith(warehouse).isEqualTo(location);
      if (table.name().endsWith(".all_columns")) {
        for (int i = 0; i < NAMES.size(); i++) {
          String name = NAMES.get(i);
          assertThat(TableReader.rows(table, row -> row.getField(name))).isEqualTo(List.of(i));
        }
      } else {
        numbers.addAll(TableReader.rows(table, row -> row.getField("number")));
      }
    }
    assertThat(numbers)
        .containsExactlyInAnyOrderElementsOf(
            IntStream.range(0, NAMES.size()).mapToObj(i -> (Object) (1000 + i)).toList());
  }

  private static String withoutScheme(String location) {
    return location.replaceFirst("^file:/*", "/");
  }

  private static void checkNothingEscaped(Pipeline pipeline) throws Exception {
    try (Stream<Path> files = Files.walk(pipeline.directory())) {
      for (Path file : files.toList()) {
        String name = file.getFileName().toString();
        assertThat(name).doesNotContain("\n", "\t", "\u001b", "\u202e", "evil/", "\\");
        if (name.endsWith(".out") || name.endsWith(".log")) {
          assertThat(Files.readString(file))
              .doesNotContain("\u001b[31m", "\u202e", "hostile_names.a\nb", "hostile_names.a\tb");
        }
      }
    }
  }

  private static String quoted(String name) {
    return "`" + name.replace("`", "``") + "`";
  }
}
