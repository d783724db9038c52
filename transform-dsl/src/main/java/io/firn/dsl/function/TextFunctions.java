package io.firn.dsl.function;

import static io.firn.dsl.function.Bindings.gives;
import static io.firn.dsl.function.Bindings.many;
import static io.firn.dsl.function.Bindings.one;
import static io.firn.dsl.function.Bindings.two;

import io.firn.dsl.expression.ValueType.Kind;
import io.firn.dsl.function.FunctionSpec.Group;
import io.firn.dsl.function.Parameter.Accepts;
import java.util.List;
import java.util.Locale;

/** Functions of text. Lengths and positions count characters (code points), from 1. */
final class TextFunctions {
  private TextFunctions() {}

  private static final Parameter TEXT = Parameter.of("text", Accepts.TEXT);
  private static final Parameter CHARACTERS = Parameter.optional("characters", Accepts.TEXT);
  private static final Parameter LENGTH = Parameter.of("length", Accepts.INTEGER);

  private static Signature text(List<Parameter> parameters, Signature.Binding binding) {
    return new Signature(parameters, gives(Kind.TEXT), binding);
  }

  private static FunctionSpec trim(
      String name, String what, boolean start, boolean end, String... aliases) {
    return FunctionSpec.of(
            name,
            Group.TEXT,
            "The text without " + what + " characters of the second text (default: spaces).",
            text(
                List.of(TEXT, CHARACTERS),
                many(
                    values ->
                        Characters.trim(
                            values[0].toString(),
                            values.length > 1 ? values[1].toString() : " ",
                            start,
                            end))))
        .alias(aliases);
  }

  private static FunctionSpec pad(String name, String side, boolean left) {
    return FunctionSpec.of(
        name,
        Group.TEXT,
        "The text filled up on the "
            + side
            + " to a length with another text (default: spaces), or cut to it.",
        text(
            List.of(TEXT, LENGTH, Parameter.optional("pad", Accepts.TEXT)),
            many(
                values ->
                    Characters.pad(
                        values[0].toString(),
                        (Long) values[1],
                        values.length > 2 ? values[2].toString() : " ",
                        left))));
  }

  private static FunctionSpec search(String name, String doc, boolean needleFirst) {
    Parameter part = Parameter.of("part", Accepts.TEXT);
    List<Parameter> parameters =
        needleFirst
            ? List.of(part, TEXT, Parameter.optional("from", Accepts.INTEGER))
            : List.of(TEXT, part);
    return FunctionSpec.of(
        name,
        Group.TEXT,
        doc,
        new Signature(
            parameters,
            gives(Kind.INT),
            many(
                values ->
                    Characters.locate(
                        values[needleFirst ? 0 : 1].toString(),
                        values[needleFirst ? 1 : 0].toString(),
                        values.length > 2 ? (Long) values[2] : 1))));
  }

  static final List<FunctionSpec> ALL =
      List.of(
          FunctionSpec.of(
                  "UPPER",
                  Group.TEXT,
                  "The text in capitals.",
                  text(List.of(TEXT), one(v -> v.toString().toUpperCase(Locale.ROOT))))
              .alias("UCASE")
              .example("UPPER('abc')", "ABC"),
          FunctionSpec.of(
                  "LOWER",
                  Group.TEXT,
                  "The text in small letters.",
                  text(List.of(TEXT), one(v -> v.toString().toLowerCase(Locale.ROOT))))
              .alias("LCASE")
              .example("LOWER('ABC')", "abc"),
          trim("TRIM", "leading and trailing", true, true, "BTRIM")
              .example("TRIM('  a b ')", "a b")
              .example("TRIM(BOTH 'x' FROM 'xxaxx')", "a"),
          trim("LTRIM", "leading", true, false).example("LTRIM('00170', '0')", "170"),
          trim("RTRIM", "trailing", false, true).example("RTRIM('a..', '.')", "a"),
          FunctionSpec.of(
                  "SUBSTRING",
                  Group.TEXT,
                  "The part of the text from a position (negative: counted from the end) with a"
                      + " length (default: to the end). Also `SUBSTRING(text FROM start FOR"
                      + " length)`.",
                  text(
                      List.of(
                          TEXT,
                          Parameter.of("start", Accepts.INTEGER),
                          Parameter.optional("length", Accepts.INTEGER)),
                      many(
                          values ->
                              Characters.substring(
                                  values[0].toString(),
                                  (Long) values[1],
                                  values.length > 2 ? (Long) values[2] : Long.MAX_VALUE))))
              .alias("SUBSTR")
              .example("SUBSTRING('firn', 2, 2)", "ir")
              .example("SUBSTRING('firn', -2)", "rn"),
          FunctionSpec.of(
                  "CONCAT",
                  Group.TEXT,
                  "The texts one after the other; NULL if any is NULL. The same as `a || b`.",
                  text(
                      List.of(TEXT, Parameter.repeated("text", Accepts.TEXT)),
                      many(Characters::concat)))
              .example("CONCAT('a', 'b', 'c')", "abc"),
          FunctionSpec.of(
                  "CONCAT_WS",
                  Group.TEXT,
                  "The texts one after the other with a separator between them; those that are NULL"
                      + " are left out. NULL only if the separator is.",
                  new Signature(
                      List.of(
                          Parameter.of("separator", Accepts.TEXT),
                          Parameter.repeated("text", Accepts.TEXT)),
                      arguments ->
                          java.util.Optional.of(
                              io.firn.dsl.expression.ValueType.of(
                                  Kind.TEXT, arguments.get(0).nullable())),
                      Characters::concatWithSeparator))
              .example("CONCAT_WS('-', 'a', NULL, 'c')", "a-c"),
          FunctionSpec.of(
                  "CHAR_LENGTH",
                  Group.TEXT,
                  "The number of characters.",
                  new Signature(
                      List.of(TEXT),
                      gives(Kind.INT),
                      one(
                          v -> {
                            String text = v.toString();
                            return text.codePointCount(0, text.length());
                          })))
              .alias("CHARACTER_LENGTH", "LENGTH")
              .example("CHAR_LENGTH('Zürich')", "6"),
          FunctionSpec.of(
                  "REPLACE",
                  Group.TEXT,
                  "The text with every occurrence of a part replaced.",
                  text(
                      List.of(
                          TEXT,
                          Parameter.of("part", Accepts.TEXT),
                          Parameter.of("replacement", Accepts.TEXT)),
                      many(Characters::replace)))
              .example("REPLACE('a.b.c', '.', '/')", "a/b/c"),
          FunctionSpec.of(
                  "REGEXP_REPLACE",
                  Group.TEXT,
                  "The text with every match of a regular expression (RE2 syntax) replaced; `$1`"
                      + " in the replacement is what the first group matched.",
                  text(
                      List.of(
                          TEXT,
                          Parameter.of("regex", Accepts.TEXT),
                          Parameter.of("replacement", Accepts.TEXT)),
                      RegularExpressions::replace))
              .example("REGEXP_REPLACE('foobar', 'oo|ar', '')", "fb")
              .example("REGEXP_REPLACE('2024-12', '(\\d+)-(\\d+)', '$2.$1')", "12.2024"),
          FunctionSpec.of(
                  "REGEXP_EXTRACT",
                  Group.TEXT,
                  "What a group (default 0: the whole) of a regular expression (RE2 syntax) first"
                      + " matched; NULL without a match.",
                  new Signature(
                      List.of(
                          TEXT,
                          Parameter.of("regex", Accepts.TEXT),
                          Parameter.optional("group", Accepts.INTEGER)),
                      Bindings.mayGive(Kind.TEXT),
                      RegularExpressions::extract))
              .example("REGEXP_EXTRACT('order-17', '([a-z]+)-(\\d+)', 2)", "17")
              .example("REGEXP_EXTRACT('order', '\\d+')", "NULL"),
          FunctionSpec.of(
                  "REGEXP_LIKE",
                  Group.TEXT,
                  "Whether a regular expression (RE2 syntax) matches anywhere in the text.",
                  new Signature(
                      List.of(TEXT, Parameter.of("regex", Accepts.TEXT)),
                      gives(Kind.BOOLEAN),
                      RegularExpressions::like))
              .example("REGEXP_LIKE('firn', '^f.*n$')", "true"),
          pad("LPAD", "left", true).example("LPAD('7', 3, '0')", "007"),
          pad("RPAD", "right", false).example("RPAD('abcdef', 3)", "abc"),
          FunctionSpec.of(
                  "LEFT",
                  Group.TEXT,
                  "The first characters.",
                  text(
                      List.of(TEXT, LENGTH),
                      two((a, b) -> Characters.substring(a.toString(), 1, (Long) b))))
              .example("LEFT('firn', 2)", "fi"),
          FunctionSpec.of(
                  "RIGHT",
                  Group.TEXT,
                  "The last characters.",
                  text(
                      List.of(TEXT, LENGTH),
                      two((a, b) -> Characters.right(a.toString(), (Long) b))))
              .example("RIGHT('firn', 2)", "rn"),
          FunctionSpec.of(
                  "REVERSE",
                  Group.TEXT,
                  "The characters in reverse order.",
                  text(
                      List.of(TEXT),
                      one(v -> new StringBuilder(v.toString()).reverse().toString())))
              .example("REVERSE('abc')", "cba"),
          FunctionSpec.of(
                  "REPEAT",
                  Group.TEXT,
                  "The text that many times.",
                  text(
                      List.of(TEXT, Parameter.of("times", Accepts.INTEGER)),
                      two((a, b) -> Characters.repeat(a.toString(), (Long) b))))
              .example("REPEAT('ab', 3)", "ababab"),
          search(
                  "LOCATE",
                  "The position of a part in the text, searched from a position on; 0 if it does not"
                      + " occur. Also `POSITION(part IN text)`.",
                  true)
              .alias("POSITION")
              .example("LOCATE('r', 'firn')", "3")
              .example("POSITION('x' IN 'firn')", "0"),
          search("INSTR", "The position of a part in the text; 0 if it does not occur.", false)
              .example("INSTR('firn', 'r')", "3"),
          FunctionSpec.of(
                  "SPLIT_INDEX",
                  Group.TEXT,
                  "The piece with a number (from 0) of the text cut at a separator; NULL if there are"
                      + " not as many.",
                  new Signature(
                      List.of(
                          TEXT,
                          Parameter.of("separator", Accepts.TEXT),
                          Parameter.of("index", Accepts.INTEGER)),
                      Bindings.mayGive(Kind.TEXT),
                      many(Characters::splitIndex)))
              .example("SPLIT_INDEX('a,b,c', ',', 1)", "b")
              .example("SPLIT_INDEX('a,b,c', ',', 3)", "NULL"),
          FunctionSpec.of(
                  "STARTSWITH",
                  Group.TEXT,
                  "Whether the text begins with another.",
                  new Signature(
                      List.of(TEXT, Parameter.of("start", Accepts.TEXT)),
                      gives(Kind.BOOLEAN),
                      two((a, b) -> a.toString().startsWith(b.toString()))))
              .example("STARTSWITH('firn', 'fi')", "true"),
          FunctionSpec.of(
                  "ENDSWITH",
                  Group.TEXT,
                  "Whether the text ends with another.",
                  new Signature(
                      List.of(TEXT, Parameter.of("end", Accepts.TEXT)),
                      gives(Kind.BOOLEAN),
                      two((a, b) -> a.toString().endsWith(b.toString()))))
              .example("ENDSWITH('firn', 'fi')", "false"),
          Digests.spec("MD5", "MD5").example("MD5('firn')", "3636782e8ee98d37997379a38a530c13"),
          Digests.spec("SHA1", "SHA-1"),
          Digests.spec("SHA256", "SHA-256"),
          Digests.spec("SHA512", "SHA-512"),
          Digests.TO_BASE64,
          Digests.FROM_BASE64,
          Digests.HEX);
}
