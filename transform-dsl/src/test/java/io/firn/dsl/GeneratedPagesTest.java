package io.firn.dsl;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.dsl.field.FieldSpec;
import io.firn.dsl.field.SectionSpec;
import io.firn.dsl.field.SettingsPage;
import io.firn.dsl.field.SettingsSchema;
import io.firn.dsl.finding.Findings;
import io.firn.dsl.function.FunctionsPage;
import io.firn.dsl.spec.SpecReader;
import io.firn.dsl.yaml.YamlFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * The generated pages are what the specs say now. {@code -Dfirn.docs.update=true} writes them anew.
 */
class GeneratedPagesTest {
  private static final Path DOCS = Path.of("..", "docs");

  private static void check(String name, String content) throws IOException {
    Path page = DOCS.resolve(name);
    if (Boolean.getBoolean("firn.docs.update")) {
      Files.writeString(page, content);
    }
    assertThat(Files.readString(page))
        .as("docs/" + name + " is out of date: run the test with -Dfirn.docs.update=true")
        .isEqualTo(content);
  }

  @Test
  void settingsPageIsUpToDate() throws IOException {
    check("pipeline-file.md", SettingsPage.of(SpecReader.SECTIONS));
  }

  @Test
  void settingsSchemaIsUpToDate() throws IOException {
    String schema = SettingsSchema.of(SpecReader.SECTIONS);
    check("pipeline-file.schema.json", schema);
    // JSON is YAML: our own reader finds unbalanced brackets and names given twice.
    Findings findings = new Findings("schema");
    assertThat(YamlFile.read(schema, findings)).isPresent();
    assertThat(findings.sorted()).isEmpty();
  }

  @Test
  void functionsPageIsUpToDate() throws IOException {
    check("functions.md", FunctionsPage.of());
  }

  @Test
  void exampleOfTheSettingsPageIsValid() {
    String page = SettingsPage.of(SpecReader.SECTIONS);
    int start = page.indexOf("```yaml\n") + 8;
    String yaml = page.substring(start, page.indexOf("```", start));
    var result =
        PipelineFile.parse(
            "example.yaml",
            yaml,
            new FakeEnvironment(java.util.Map.of("MYSQL_PASSWORD", "x"), java.util.Map.of()));
    assertThat(result.findings()).isEmpty();
  }

  @Test
  void everyDefaultAndExampleIsAcceptedByItsOwnType() throws Exception {
    for (SectionSpec section : SpecReader.SECTIONS) {
      for (FieldSpec<?> field : section.fields()) {
        for (String text :
            new String[] {field.defaultText(), field.example(), field.effect().acceptedText()}) {
          if (text != null && !field.isPrefix()) {
            field
                .type()
                .parse(
                    new io.firn.dsl.field.FieldInput(
                        text,
                        text,
                        false,
                        io.firn.dsl.yaml.TextMap.at(io.firn.dsl.finding.Position.START)));
          }
        }
      }
    }
  }
}
