package io.firn.dsl;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.dsl.finding.Finding;
import io.firn.dsl.finding.Result;
import io.firn.dsl.plan.PipelinePlan;
import io.firn.dsl.spec.PipelineSpec;
import io.firn.model.schema.TableId;
import io.firn.model.schema.TableSchema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every folder of {@code specs} holds a pipeline file and tables, and what becomes of them: the
 * plan (with its warnings) or the errors. {@code -Dfirn.golden.update=true} writes them anew.
 */
class GoldenSpecsTest {
  /** Must never be seen in any plan or finding. */
  private static final String CANARY = "c4n4ry-pa55";

  private static final Path ROOT = Path.of("src/test/resources/specs");

  static Stream<String> cases() throws IOException {
    try (Stream<Path> folders = Files.list(ROOT)) {
      return folders.map(p -> p.getFileName().toString()).sorted().toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void fileGivesWhatIsExpected(String name) throws IOException {
    Path folder = ROOT.resolve(name);
    String actual = run(folder);
    assertThat(actual).doesNotContain(CANARY);
    boolean failed = actual.startsWith("errors");
    Path expected = folder.resolve(failed ? "errors.txt" : "plan.txt");
    if (Boolean.getBoolean("firn.golden.update")) {
      Files.deleteIfExists(folder.resolve(failed ? "plan.txt" : "errors.txt"));
      Files.writeString(expected, actual);
    }
    assertThat(expected).exists();
    assertThat(actual).isEqualTo(Files.readString(expected));
  }

  private static String run(Path folder) throws IOException {
    Environment environment =
        new FakeEnvironment(
            Map.of("MYSQL_PASSWORD", CANARY, "CANARY", CANARY),
            Map.of("secret.txt", CANARY + "\n"));
    String text = Files.readString(folder.resolve("pipeline.yaml"));
    Result<PipelineSpec> spec = PipelineFile.parse("pipeline.yaml", text, environment);
    if (spec.value().isEmpty()) {
      return "errors\n" + print(spec);
    }
    assertThat(spec.value().get().toString()).doesNotContain(CANARY);
    Path tablesFile = folder.resolve("tables.yaml");
    Map<TableId, TableSchema> tables =
        Files.exists(tablesFile) ? Tables.parse(Files.readString(tablesFile)) : Map.of();
    Result<PipelinePlan> plan = Planner.plan(spec.value().get(), tables);
    return plan.value()
        .map(p -> print(spec) + print(plan) + p)
        .orElseGet(() -> "errors\n" + print(spec) + print(plan));
  }

  private static String print(Result<?> result) {
    return result.findings().stream()
        .map(Finding::toString)
        .map(line -> line + "\n")
        .collect(Collectors.joining());
  }
}
