package io.firn.dsl.spec;

import io.firn.dsl.field.BadValueException;
import io.firn.dsl.field.FieldInput;
import io.firn.dsl.field.FieldSpec;
import io.firn.dsl.field.FieldType;
import io.firn.dsl.field.FieldTypes;
import io.firn.dsl.field.SectionSpec;
import io.firn.dsl.table.TableTemplate;
import io.firn.model.pattern.TablePattern;
import java.util.List;
import java.util.Map;

/** The settings of a {@code route} rule, as in Flink CDC. */
public final class RouteSection {
  private RouteSection() {}

  private static final FieldType<TableTemplate> TEMPLATE =
      new FieldType<>() {
        @Override
        public String title() {
          return "table";
        }

        @Override
        public TableTemplate parse(FieldInput input) throws BadValueException {
          return TableTemplate.parse(input.text());
        }

        @Override
        public Map<String, Object> jsonSchema() {
          return Map.of("type", "string", "pattern", "^[^.]+\\.[^.]+$");
        }
      };

  static final FieldSpec<TablePattern> SOURCE_TABLE =
      FieldSpec.of(
              "source-table",
              SourceSection.TABLES,
              "Source tables the rule is for; syntax as in `source.tables`, with capture groups.")
          .mandatory()
          .withExample("shop.order_(\\d+)");
  static final FieldSpec<TableTemplate> SINK_TABLE =
      FieldSpec.of(
              "sink-table",
              TEMPLATE,
              "Target table, `database.table`; `$1` to `$9` stand for what the source pattern"
                  + " captured. Several source tables with the same target are merged into it.")
          .mandatory()
          .withExample("ods.orders");
  static final FieldSpec<String> REPLACE_SYMBOL =
      FieldSpec.of(
              "replace-symbol",
              FieldTypes.NON_EMPTY,
              "Text in `sink-table` that stands for the source table's name; then `$1` has no"
                  + " meaning.")
          .withExample("<>");
  static final FieldSpec<String> DESCRIPTION =
      FieldSpec.of("description", FieldTypes.TEXT, "A note for people.");

  /** The section. */
  public static final SectionSpec SPEC =
      new SectionSpec(
          "route",
          "Rules that say which target table a source table goes to, one list item each. Without one"
              + " a table keeps its name.",
          true,
          false,
          List.of(SOURCE_TABLE, SINK_TABLE, REPLACE_SYMBOL, DESCRIPTION));
}
