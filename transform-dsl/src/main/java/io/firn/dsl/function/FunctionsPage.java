package io.firn.dsl.function;

import java.util.stream.Collectors;

/** Writes {@code docs/functions.md} from the specs. */
public final class FunctionsPage {
  private final StringBuilder out = new StringBuilder();

  private FunctionsPage() {}

  /** The page. */
  public static String of() {
    FunctionsPage page = new FunctionsPage();
    page.out.append(INTRODUCTION);
    for (FunctionSpec.Group group : FunctionSpec.Group.values()) {
      page.out.append("\n## ").append(group.title()).append("\n\n");
      page.out.append("| function | meaning | examples |\n|---|---|---|\n");
      Functions.all().stream().filter(f -> f.group() == group).forEach(page::row);
    }
    return page.out.toString();
  }

  private static final String INTRODUCTION =
      """
      # Expressions and functions

      <!-- Generated from the specs of the functions; a test fails when it is out of date. -->

      Expressions in `projection` and `filter` are SQL, parsed, validated and typed by Apache Calcite and evaluated by
      Firn's own evaluator. Everything is checked when the pipeline starts, against the source's tables; what can
      only fail on data (an overflow, a text that is no date) is an error of that row, with the row's position.

      ## Names and constants

      - Columns are named as in the source table; if no column has the exact name, case does not matter. Names that
        are SQL words (`` `order` ``, `` `month` ``) or have other characters go into backticks.
      - Text goes into single quotes (`'it''s'`). Dates and times are written `DATE '2024-12-31'`, `TIME '23:59:59'`,
        `TIMESTAMP '2024-12-31 23:59:59'`, intervals `INTERVAL '3' DAY`.
      - Every table also has `__schema_name__` (its database), `__table_name__`, `__namespace_name__` (empty for MySQL) and
        `__data_event_type__`: `+I` for inserted rows and rows read by a snapshot, `-U` and `+U` for a row before and after
        an update, `-D` for deleted ones. `op_ts` is there if `source.metadata.list` names it.
      - What depends on the time of the change (`NOW()` and its like, `op_ts`) or on `__data_event_type__` may be projected, but
        cannot be part of a key. A filter on the time decides when a row is written and is not asked again until the row
        changes; whatever it says, a deleted row leaves the target. A filter on `__data_event_type__` needs a target
        without a key, whose change log it thins out: each logged row passes or not by itself, so that what is left need not
        add up to the source's rows.

      ## Operators

      | operators | meaning |
      |---|---|
      | `+` `-` `*` `/` `%` | Arithmetic. What does not fit the type of the result is an error of the row. `/` of whole numbers gives the whole part; decimals are rounded half up, and have up to 38 digits. |
      | `=` `<>` `<` `<=` `>` `>=` `BETWEEN` `IN` `NOT ...` | Comparison. Numbers of all kinds compare with each other, dates with timestamps. A constant text is read as what it is compared with (`day >= '2024-01-01'`); other texts must be converted with `CAST`. Text is compared by its characters, with case. |
      | `IS [NOT] DISTINCT FROM` | Comparison in which NULL equals NULL. |
      | `IS [NOT] NULL`, `IS [NOT] TRUE`, `IS [NOT] FALSE`, `IS [NOT] UNKNOWN` | Tests that are never unknown. |
      | `AND` `OR` `NOT` | Logic with three values. A filter lets a row pass if it is true, not if it is unknown. |
      | `LIKE`, `NOT LIKE`, `ESCAPE` | Text patterns: `%` for any characters, `_` for one. There is no escape character unless one is given. |
      | `\\|\\|` | Text put together; NULL if either is NULL. |
      | `CASE WHEN ... THEN ... ELSE ... END`, `CASE x WHEN ...` | The first branch that holds. |
      | `time + INTERVAL '1' DAY`, `time - INTERVAL '2' HOUR` | Dates and timestamps plus or minus an interval. |
      | `CAST(x AS type)`, `TRY_CAST(x AS type)` | Conversion; `TRY_CAST` gives NULL where `CAST` fails. |

      Types for `CAST`: `BOOLEAN`, `TINYINT`, `SMALLINT`, `INT`, `BIGINT`, `FLOAT`, `DOUBLE`, `DECIMAL(p,s)` (default 10,0), `STRING` (or
      `VARCHAR`, `CHAR`, `TEXT`; with a length the text is cut to it), `BYTES`, `DATE`, `TIME`, `TIMESTAMP`, `TIMESTAMP_LTZ`.

      | from | to |
      |---|---|
      | any | `STRING` (bytes must be UTF-8 text) |
      | numbers, booleans, text | numbers (whole numbers by cutting off, decimals rounded half up; out of range is an error) |
      | numbers, text | `BOOLEAN` (a number is true if it is not 0; text must be `true` or `false`, `yes` or `no`, `1` or `0`...) |
      | text, dates, timestamps | `DATE`, `TIME`, `TIMESTAMP`, `TIMESTAMP_LTZ` (in `pipeline.local-time-zone`) |
      | text | `BYTES` (its UTF-8 bytes) |

      In the functions below, what stands in brackets may be left out. Unless something else is said, a function
      is NULL if any argument is.
      """;

  private void row(FunctionSpec function) {
    String calls =
        function.signatures().stream()
            .map(s -> "`" + function.name() + s.title() + "`")
            .collect(Collectors.joining(" "));
    String aliases =
        function.aliases().isEmpty()
            ? ""
            : " Also "
                + function.aliases().stream()
                    .map(alias -> "`" + alias + "`")
                    .collect(Collectors.joining(", "))
                + ".";
    String examples =
        function.examples().stream()
            .map(e -> "`" + e.expression() + "` is `" + e.result() + "`")
            .collect(Collectors.joining("<br>"));
    out.append("| ")
        .append(cell(calls))
        .append(" | ")
        .append(cell(function.doc() + aliases))
        .append(" | ")
        .append(cell(examples))
        .append(" |\n");
  }

  private static String cell(String text) {
    return text.replace("|", "\\|");
  }
}
