package io.firn.dsl;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.dsl.finding.Finding;
import io.firn.dsl.finding.Result;
import io.firn.dsl.spec.PipelineSpec;
import io.firn.dsl.spec.ServerIds;
import io.firn.model.schema.TableId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PipelineFileTest {
  private static final String MINIMAL =
      """
      source:
        type: mysql
        hostname: h
        username: u
        password: p
        tables: a.b
      sink:
        type: iceberg
        catalog.properties.type: hadoop
      """;

  private static PipelineSpec parse(String text) {
    return PipelineFile.parse("shop.yaml", text, FakeEnvironment.empty()).orThrow();
  }

  @Test
  void defaultsAreThese() {
    PipelineSpec spec = parse(MINIMAL);
    assertThat(spec.source().port()).isEqualTo(3306);
    assertThat(spec.source().connectTimeout()).isEqualTo(Duration.ofSeconds(30));
    assertThat(spec.source().heartbeatInterval()).isEqualTo(Duration.ofMillis(500));
    assertThat(spec.source().tinyint1AsBoolean()).isTrue();
    assertThat(spec.source().includeComments()).isFalse();
    assertThat(spec.source().timeAsText()).isFalse();
    assertThat(spec.source().serverIds()).isEmpty();
    assertThat(spec.source().serverTimeZone()).isEmpty();
    assertThat(spec.pipeline().name()).isEqualTo("shop");
    assertThat(spec.pipeline().parallelism()).isEqualTo(1);
    assertThat(spec.pipeline().checkpointInterval()).isEqualTo(Duration.ofSeconds(10));
    assertThat(spec.pipeline().localTimeZone()).isEqualTo(ZoneId.of("UTC"));
    assertThat(spec.pipeline().schemaChangeBehavior().name()).isEqualTo("EVOLVE");
    assertThat(spec.pipeline().checkpointDirectory())
        .isEqualTo(Path.of("firn-data", "shop", "checkpoints").toString());
    assertThat(spec.pipeline().stateDirectory())
        .isEqualTo(Path.of("firn-data", "shop", "state").toString());
  }

  @Test
  void valuesHaveTheTypeOfTheirSetting() {
    PipelineSpec spec =
        parse(
            MINIMAL
                    .replace("password: p", "password: 010\n  server-id: 5400 - 5404")
                    .replace("hostname: h", "hostname: no")
                + "pipeline: {name: 2024-01-01, checkpoint.interval: 3 min}\n");
    assertThat(spec.source().hostname()).isEqualTo("no");
    assertThat(spec.source().password().reveal()).isEqualTo("010");
    assertThat(spec.source().serverIds()).contains(new ServerIds(5400, 5404));
    assertThat(spec.pipeline().name()).isEqualTo("2024-01-01");
    assertThat(spec.pipeline().checkpointInterval()).isEqualTo(Duration.ofMinutes(3));
  }

  @Test
  void referencesAreReplacedAndNeverShown(@TempDir Path directory) throws IOException {
    Files.writeString(directory.resolve("pw"), "from file\n");
    Path file = directory.resolve("p.yaml");
    Files.writeString(
        file,
        MINIMAL
            .replace("password: p", "password: ${file:pw}")
            .replace("username: u", "username: x${env:USR}y")
            .replace("hostname: h", "hostname: ${env:HOST}\n  port: ${env:PORT}"));
    Environment environment =
        new FakeEnvironment(
            Map.of("USR", "canary1", "HOST", "canary2", "PORT", "3307"), Map.of("pw", "canary3\n"));
    PipelineSpec spec = PipelineFile.parse(file, environment).orThrow();
    assertThat(spec.source().username()).isEqualTo("xcanary1y");
    assertThat(spec.source().hostname()).isEqualTo("canary2");
    assertThat(spec.source().password().reveal()).isEqualTo("canary3");
    assertThat(spec.source().port()).isEqualTo(3307);
    assertThat(spec.toString()).doesNotContain("canary");
    assertThat(PipelineFile.parse(file, Environment.ofProcess()).findings())
        .extracting(Finding::message)
        .hasSize(3)
        .allMatch(m -> m.contains("is not set"));
  }

  @Test
  void realFilesAreReadAsReferences(@TempDir Path directory) throws IOException {
    Files.writeString(directory.resolve("pw"), "geheim\r\n");
    Path file = directory.resolve("p.yaml");
    Files.writeString(file, MINIMAL.replace("password: p", "password: ${file:pw}"));
    assertThat(
            PipelineFile.parse(file, Environment.ofProcess())
                .orThrow()
                .source()
                .password()
                .reveal())
        .isEqualTo("geheim");
    Files.write(directory.resolve("pw"), new byte[Environment.MAX_FILE_BYTES + 1]);
    assertThat(PipelineFile.parse(file, Environment.ofProcess()).value()).isEmpty();
    Files.write(directory.resolve("pw"), new byte[] {(byte) 0xff, (byte) 0xfe});
    assertThat(PipelineFile.parse(file, Environment.ofProcess()).findings().toString())
        .contains("not UTF-8");
  }

  @Test
  void unreadableFilesAreFindings(@TempDir Path directory) throws IOException {
    Result<PipelineSpec> missing =
        PipelineFile.parse(directory.resolve("none.yaml"), FakeEnvironment.empty());
    assertThat(missing.findings().get(0).message()).contains("does not exist");
    assertThat(PipelineFile.parse(directory, FakeEnvironment.empty()).value()).isEmpty();
    Path latin = directory.resolve("latin.yaml");
    Files.write(latin, "a: é".getBytes(StandardCharsets.ISO_8859_1));
    assertThat(PipelineFile.parse(latin, FakeEnvironment.empty()).findings().get(0).message())
        .contains("not UTF-8");
  }

  @Test
  void everyCapturedTableIsNamedAndNotExcluded() {
    PipelineSpec spec =
        parse(MINIMAL.replace("tables: a.b", "tables: a.\\.*\n  tables.exclude: a.x_\\.*"));
    assertThat(spec.source().captures(new TableId("a", "b"))).isTrue();
    assertThat(spec.source().captures(new TableId("a", "x_1"))).isFalse();
    assertThat(spec.source().captures(new TableId("b", "b"))).isFalse();
  }

  @Test
  void directoryOfAPipelineStaysWhereItBelongs() {
    for (String name :
        new String[] {"../../etc", "..", ".", "a/b", "a\\b", "C:", "é", "a b", "%2e"}) {
      PipelineSpec spec = parse(MINIMAL + "pipeline: {name: '" + name + "'}\n");
      Path directory = Path.of(spec.pipeline().stateDirectory());
      assertThat(directory.normalize()).isEqualTo(directory);
      assertThat(directory.getNameCount()).isEqualTo(3);
      assertThat(directory.toString()).matches("[A-Za-z0-9%._/-]+");
    }
  }
}
