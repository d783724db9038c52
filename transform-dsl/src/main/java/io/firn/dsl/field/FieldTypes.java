package io.firn.dsl.field;

import io.firn.dsl.finding.ClosestName;
import io.firn.model.secret.Secret;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/** The types that settings have. */
public final class FieldTypes {
  private FieldTypes() {}

  private interface Parser<T> {
    T parse(FieldInput input) throws BadValueException;
  }

  private record Simple<T>(
      String title, Map<String, Object> jsonSchema, Parser<T> parser, Function<T, String> printer)
      implements FieldType<T> {
    @Override
    public T parse(FieldInput input) throws BadValueException {
      return parser.parse(input);
    }

    @Override
    public String print(T value) {
      return printer.apply(value);
    }
  }

  /** Any text. */
  public static final FieldType<String> TEXT =
      new Simple<>(
          "text",
          Map.of("type", List.of("string", "number", "boolean")),
          FieldInput::text,
          text -> text);

  /** Text that is not empty. */
  public static final FieldType<String> NON_EMPTY =
      new Simple<>(
          "text",
          Map.of("type", List.of("string", "number", "boolean")),
          input -> {
            if (input.text().isBlank()) {
              throw new BadValueException("The value is empty", "give a value");
            }
            return input.text();
          },
          text -> text);

  /** Text that is never shown. */
  public static final FieldType<Secret> SECRET =
      new Simple<>(
          "secret",
          Map.of("type", List.of("string", "number", "boolean"), "writeOnly", true),
          input -> new Secret(input.text()),
          secret -> "***");

  /** {@code true} or {@code false}. */
  public static final FieldType<Boolean> BOOLEAN =
      new Simple<>(
          "boolean",
          Map.of("type", "boolean"),
          input ->
              switch (input.text().toLowerCase(Locale.ROOT)) {
                case "true" -> true;
                case "false" -> false;
                default ->
                    throw new BadValueException(
                        "The value " + input.shown() + " is neither true nor false",
                        "write true or false");
              },
          String::valueOf);

  /** A whole number in a range. */
  public static FieldType<Integer> integer(int min, int max) {
    return new Simple<>(
        "integer",
        Map.of("type", "integer", "minimum", min, "maximum", max),
        input -> {
          String remedy = "write a whole number from " + min + " to " + max;
          if (!input.text().matches("-?(0|[1-9][0-9]{0,9})")) {
            throw new BadValueException(
                "The value " + input.shown() + " is not a whole number", remedy);
          }
          long value = Long.parseLong(input.text());
          if (value < min || value > max) {
            throw new BadValueException("The value " + input.shown() + " is out of range", remedy);
          }
          return (int) value;
        },
        String::valueOf);
  }

  /** A number with or without a fraction, in a range. */
  public static FieldType<Double> decimal(double min, double max) {
    return new Simple<>(
        "number",
        Map.of("type", "number", "minimum", min, "maximum", max),
        input -> {
          String remedy = "write a number from " + min + " to " + max;
          if (!input.text().matches("[0-9]{1,9}(\\.[0-9]{1,9})?")) {
            throw new BadValueException("The value " + input.shown() + " is not a number", remedy);
          }
          double value = Double.parseDouble(input.text());
          if (value < min || value > max) {
            throw new BadValueException("The value " + input.shown() + " is out of range", remedy);
          }
          return value;
        },
        String::valueOf);
  }

  /** A number of bytes such as {@code 64MB}, {@code 1 GB} or {@code 1048576}. */
  public static final FieldType<Long> SIZE =
      new Simple<>(
          "size",
          Map.of("type", List.of("string", "number"), "pattern", "^[0-9]+ *([kKmMgG]?[bB])?$"),
          FieldTypes::parseSize,
          String::valueOf);

  private static Long parseSize(FieldInput input) throws BadValueException {
    String text = input.text().strip().toLowerCase(Locale.ROOT);
    int digits = 0;
    while (digits < text.length() && text.charAt(digits) >= '0' && text.charAt(digits) <= '9') {
      digits++;
    }
    int shift =
        switch (text.substring(digits).strip()) {
          case "", "b" -> 0;
          case "kb", "k" -> 10;
          case "mb", "m" -> 20;
          case "gb", "g" -> 30;
          default -> -1;
        };
    if (shift < 0 || digits == 0 || digits > 9) {
      throw new BadValueException(
          "The value " + input.shown() + " is not a size",
          "write a number and a unit, such as 512KB, 128MB or 1GB");
    }
    long bytes = Long.parseLong(text.substring(0, digits)) << shift;
    if (bytes == 0) {
      throw new BadValueException("The size is zero", "write a larger one");
    }
    return bytes;
  }

  /** A length of time such as {@code 500ms}, {@code 10s}, {@code 3 min}. */
  public static FieldType<Duration> duration(Duration min, Duration max) {
    return new Simple<>(
        "duration",
        Map.of("type", "string", "pattern", "^[0-9]+ *[a-z]+$"),
        input -> {
          Duration value = parseDuration(input);
          if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
            throw new BadValueException(
                "The duration " + input.shown() + " is out of range",
                "write one from " + printDuration(min) + " to " + printDuration(max));
          }
          return value;
        },
        FieldTypes::printDuration);
  }

  private static Duration parseDuration(FieldInput input) throws BadValueException {
    String text = input.text().strip().toLowerCase(Locale.ROOT);
    int digits = 0;
    while (digits < text.length() && text.charAt(digits) >= '0' && text.charAt(digits) <= '9') {
      digits++;
    }
    String unit = text.substring(digits).strip();
    if (digits == 0 || digits > 9) {
      throw new BadValueException(
          "The value " + input.shown() + " is not a duration",
          "write a number and a unit, such as 500ms, 10s, 3min, 1h or 1d");
    }
    long number = Long.parseLong(text.substring(0, digits));
    return switch (unit) {
      case "ms", "milli", "millis", "millisecond", "milliseconds" -> Duration.ofMillis(number);
      case "s", "sec", "secs", "second", "seconds" -> Duration.ofSeconds(number);
      case "m", "min", "minute", "minutes" -> Duration.ofMinutes(number);
      case "h", "hour", "hours" -> Duration.ofHours(number);
      case "d", "day", "days" -> Duration.ofDays(number);
      case "" ->
          throw new BadValueException(
              "The duration " + input.shown() + " has no unit",
              "say whether it is ms, s, min, h or d, such as 10s");
      default ->
          throw new BadValueException(
              "The duration " + input.shown() + " has an unknown unit", "use ms, s, min, h or d");
    };
  }

  /** The shortest exact form. */
  static String printDuration(Duration value) {
    long millis = value.toMillis();
    if (millis == 0) {
      return "0s";
    }
    Object[][] units = {
      {86_400_000L, "d"}, {3_600_000L, "h"}, {60_000L, "min"}, {1_000L, "s"}, {1L, "ms"}
    };
    for (Object[] unit : units) {
      if (millis % (long) unit[0] == 0) {
        return millis / (long) unit[0] + (String) unit[1];
      }
    }
    throw new IllegalStateException("No unit for " + value);
  }

  /** A time zone: an offset, or a region's name. */
  public static final FieldType<ZoneId> ZONE =
      new Simple<>(
          "time zone",
          Map.of("type", "string"),
          input -> {
            try {
              return ZoneId.of(input.text());
            } catch (DateTimeException e) {
              throw new BadValueException(
                  "The time zone " + input.shown() + " is not known",
                  ClosestName.hint(
                      input.hidden() ? "" : input.text(),
                      ZoneId.getAvailableZoneIds(),
                      "write one such as UTC, Europe/Zurich or +02:00"));
            }
          },
          ZoneId::getId);

  /** One of a few words, compared without case. */
  public static <E extends Enum<E>> FieldType<E> oneOf(Class<E> type) {
    List<String> names = new ArrayList<>();
    for (E constant : type.getEnumConstants()) {
      names.add(word(constant));
    }
    return new Simple<>(
        String.join(", ", names),
        Map.of("enum", names),
        input -> {
          String wanted = input.text().toLowerCase(Locale.ROOT).replace('-', '_');
          for (E constant : type.getEnumConstants()) {
            if (constant.name().toLowerCase(Locale.ROOT).equals(wanted)) {
              return constant;
            }
          }
          throw new BadValueException(
              "The value " + input.shown() + " is not known",
              ClosestName.hint(
                  input.hidden() ? "" : input.text(),
                  names,
                  "use one of " + String.join(", ", names)));
        },
        FieldTypes::word);
  }

  /** How an enum's constant is written in a file. */
  private static String word(Enum<?> constant) {
    boolean dashed = constant instanceof DashedName;
    String lower = constant.name().toLowerCase(Locale.ROOT);
    return dashed ? lower.replace('_', '-') : lower;
  }

  /** Marks enums whose words are written with dashes instead of underscores. */
  public interface DashedName {}
}
