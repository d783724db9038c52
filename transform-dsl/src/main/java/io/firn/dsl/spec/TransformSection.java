package io.firn.dsl.spec;

import io.firn.dsl.field.BadValueException;
import io.firn.dsl.field.FieldInput;
import io.firn.dsl.field.FieldSpec;
import io.firn.dsl.field.FieldType;
import io.firn.dsl.field.FieldTypes;
import io.firn.dsl.field.SectionSpec;
import io.firn.dsl.table.PartitionField;
import io.firn.dsl.table.PartitionKeys;
import io.firn.model.pattern.TablePattern;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/** The settings of a {@code transform} rule, as in Flink CDC. */
public final class TransformSection {
  private TransformSection() {}

  /** What happens to changes after projection and filter. */
  public enum Converter {
    /** Deletes become upserts of the deleted row. */
    SOFT_DELETE
  }

  private abstract static class TextType<T> implements FieldType<T> {
    private final String title;

    TextType(String title) {
      this.title = title;
    }

    @Override
    public String title() {
      return title;
    }

    @Override
    public Map<String, Object> jsonSchema() {
      return Map.of("type", "string", "minLength", 1);
    }
  }

  private static final FieldType<SqlText> SQL =
      new TextType<>("SQL") {
        @Override
        public SqlText parse(FieldInput input) throws BadValueException {
          if (input.text().isBlank()) {
            throw new BadValueException("The expression is empty", "write one, or remove the line");
          }
          return new SqlText(input.text(), input.map());
        }
      };

  private static final FieldType<List<String>> NAMES =
      new TextType<>("column list") {
        @Override
        public List<String> parse(FieldInput input) throws BadValueException {
          LinkedHashSet<String> names = new LinkedHashSet<>();
          for (String part : input.text().split(",", -1)) {
            if (part.isBlank()) {
              throw new BadValueException(
                  "A column name is missing in " + input.shown(), "remove the extra comma");
            }
            if (!names.add(part.strip())) {
              throw new BadValueException(
                  "A column is named twice in " + input.shown(), "name each column once");
            }
          }
          return List.copyOf(names);
        }
      };

  private static final FieldType<List<PartitionField>> PARTITION_FIELDS =
      new TextType<>("partition fields") {
        @Override
        public List<PartitionField> parse(FieldInput input) throws BadValueException {
          return List.copyOf(PartitionKeys.fields(input.text(), 0));
        }
      };

  /** Table options are only split once the delimiter is known. */
  static Map<String, String> options(String text, String delimiter) throws BadValueException {
    Map<String, String> options = new java.util.LinkedHashMap<>();
    List<String> parts = new ArrayList<>();
    int start = 0;
    for (int end = text.indexOf(delimiter); end >= 0; end = text.indexOf(delimiter, start)) {
      parts.add(text.substring(start, end));
      start = end + delimiter.length();
    }
    parts.add(text.substring(start));
    for (String part : parts) {
      int equals = part.indexOf('=');
      if (equals <= 0) {
        throw new BadValueException(
            "The option " + io.firn.dsl.finding.Quoted.of(part.strip()) + " has no '='",
            "write 'name=value', separated by '" + delimiter + "'");
      }
      options.put(part.substring(0, equals).strip(), part.substring(equals + 1).strip());
    }
    return options;
  }

  static final FieldSpec<TablePattern> SOURCE_TABLE =
      FieldSpec.of(
              "source-table",
              SourceSection.TABLES,
              "Source tables the rule is for; syntax as in `source.tables`. Of several rules that"
                  + " match a table the first counts.")
          .mandatory()
          .withExample("shop.orders");
  static final FieldSpec<SqlText> PROJECTION =
      FieldSpec.of(
              "projection",
              SQL,
              "Target columns in order, as after SELECT: columns, `expression AS name`, `*` (or `\\*`)"
                  + " for all source columns, and after it `-column` to leave one out. Without it the"
                  + " target has the source's columns.")
          .withExample("\\*, UPPER(status) AS status_text, -note");
  static final FieldSpec<SqlText> FILTER =
      FieldSpec.of(
              "filter",
              SQL,
              "Condition for rows to be in the target, as after WHERE; may use columns of the source"
                  + " and of the projection (the latter first). An update into the condition becomes"
                  + " an insert, one out of it a delete. It may depend on the time, but on"
                  + " `__data_event_type__` only if the target has no key.")
          .withExample("amount > 0");
  static final FieldSpec<List<String>> PRIMARY_KEYS =
      FieldSpec.of(
              "primary-keys",
              NAMES,
              "Target columns that are the key, instead of the source's. They must not be NULL.")
          .withExample("customer_id, order_id");
  static final FieldSpec<List<PartitionField>> PARTITION_KEYS =
      FieldSpec.of(
              "partition-keys",
              PARTITION_FIELDS,
              "Partitioning of the target table at its creation: fields as in `sink.partition.key`,"
                  + " which it overrides.")
          .withExample("day(created_at)");
  static final FieldSpec<String> TABLE_OPTIONS =
      FieldSpec.of(
              "table-options",
              FieldTypes.NON_EMPTY,
              "Table properties for the creation of the target table, `name=value` separated by"
                  + " commas; they override `sink.table.properties.*`.")
          .withExample("write.target-file-size-bytes=67108864");
  static final FieldSpec<String> OPTIONS_DELIMITER =
      FieldSpec.of(
              "table-options.delimiter", FieldTypes.NON_EMPTY, "What separates `table-options`.")
          .withDefault(",");
  static final FieldSpec<Converter> CONVERTER =
      FieldSpec.of(
              "converter-after-transform",
              FieldTypes.oneOf(Converter.class),
              "`SOFT_DELETE` keeps deleted rows: a delete becomes an upsert of the row as it was,"
                  + " with `__data_event_type__` being `-D`. Needs a key.")
          .withExample("SOFT_DELETE");
  static final FieldSpec<String> DESCRIPTION =
      FieldSpec.of("description", FieldTypes.TEXT, "A note for people.");

  /** The section. */
  public static final SectionSpec SPEC =
      new SectionSpec(
          "transform",
          "Rules that say which rows and columns a target table has, one list item each.",
          true,
          false,
          List.of(
              SOURCE_TABLE,
              PROJECTION,
              FILTER,
              PRIMARY_KEYS,
              PARTITION_KEYS,
              TABLE_OPTIONS,
              OPTIONS_DELIMITER,
              CONVERTER,
              DESCRIPTION));
}
