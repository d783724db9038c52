package io.firn.dsl.field;

import java.util.List;

/** Writes {@code docs/pipeline-file.md} from the specs. */
public final class SettingsPage {
  private final StringBuilder out = new StringBuilder();

  private SettingsPage() {}

  /** The page for these sections. */
  public static String of(List<SectionSpec> sections) {
    SettingsPage page = new SettingsPage();
    page.out.append(INTRODUCTION);
    sections.forEach(page::section);
    return page.out.toString();
  }

  private static final String INTRODUCTION =
      """
      # The pipeline file

      <!-- Generated from the specs of the settings; a test fails when it is out of date. -->

      One YAML file says what is captured, how it is transformed and where it lands. It is the dialect of
      Flink CDC: a Flink CDC file from MySQL to Iceberg runs as it is. There is a
      [JSON Schema](pipeline-file.schema.json) for editors.

      ```yaml
      source:
        type: mysql
        hostname: 127.0.0.1
        username: firn
        password: ${env:MYSQL_PASSWORD}
        tables: shop.\\.*

      sink:
        type: iceberg
        catalog.properties.type: hadoop
        catalog.properties.warehouse: ./lake
        partition.key: shop.orders:day(created_at)

      transform:
        - source-table: shop.orders
          projection: \\*, amount * qty AS total, -note
          filter: status <> 'DRAFT'

      pipeline:
        name: shop-to-lake
      ```

      What is written is checked strictly, and everything wrong is reported at once as
      `file:line:column: setting: what is wrong; what to do`:

      - Unknown settings are errors, and so are settings given twice. Settings of Flink CDC that have no meaning
        here are accepted with a warning; those that would change the result and are not built yet are refused.
      - Values have the type of their setting: where text is expected, `no` and `010` are text. Durations need a unit
        (`500ms`, `10s`, `3min`, `1h`, `1d`).
      - One document, no anchors, aliases or tags, at most 1,000,000 characters.
      - Values in `source`, `sink` and `pipeline` may hold `${env:NAME}` (an environment variable) and `${file:path}` (a
        UTF-8 file, relative to the pipeline file; one line end at its end is dropped). Passwords, and what properties
        (`jdbc.properties.*`, `catalog.properties.*` and so on) get from references, are blacked out in everything that is
        printed and logged, also as part of a URL; a host or user name from a reference is shown like any other. A secret of
        less than four characters is blacked out only where it stands alone.
      - Table names are compared with case. In lists of tables a plain dot separates database and table; a dot that
        belongs to a regular expression is written `\\.`, a comma `\\,`.

      Expressions are described in [functions.md](functions.md).
      """;

  private void section(SectionSpec section) {
    out.append("\n## ").append(section.name()).append("\n\n").append(section.doc()).append("\n\n");
    out.append("| setting | type | default | meaning |\n|---|---|---|---|\n");
    for (FieldSpec<?> field : section.fields()) {
      if (field.effect().kind() == FieldSpec.Effect.Kind.USED
          || field.effect().acceptedText() != null) {
        row(field);
      }
    }
    others(section, FieldSpec.Effect.Kind.NO_EFFECT, "Accepted without effect, with a warning:");
    others(section, FieldSpec.Effect.Kind.NOT_SUPPORTED, "Refused:");
  }

  private void row(FieldSpec<?> field) {
    String value =
        field.required()
            ? "required"
            : field.defaultText() == null ? "" : code(field.defaultText());
    String meaning = field.doc();
    if (field.example() != null) {
      meaning +=
          field.isPrefix()
              ? " Example: " + code(field.prefix() + field.example()) + "."
              : " Example: " + code(field.example()) + ".";
    }
    if (field.effect().acceptedText() != null) {
      meaning +=
          " Only "
              + code(field.effect().acceptedText())
              + " is supported: "
              + field.effect().reason()
              + ".";
    }
    cells(code(field.name()), field.type().title(), value, meaning);
  }

  private void others(SectionSpec section, FieldSpec.Effect.Kind kind, String title) {
    List<FieldSpec<?>> fields =
        section.fields().stream()
            .filter(f -> f.effect().kind() == kind && f.effect().acceptedText() == null)
            .toList();
    if (!fields.isEmpty()) {
      out.append('\n').append(title).append("\n\n| setting | why |\n|---|---|\n");
      fields.forEach(field -> cells(code(field.name()), field.effect().reason()));
    }
  }

  private void cells(String... cells) {
    out.append('|');
    for (String cell : cells) {
      out.append(' ').append(cell.replace("|", "\\|")).append(" |");
    }
    out.append('\n');
  }

  private static String code(String text) {
    return "`" + text + "`";
  }
}
