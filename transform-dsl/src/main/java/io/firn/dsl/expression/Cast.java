package io.firn.dsl.expression;

import io.firn.dsl.expression.ValueType.Kind;
import io.firn.dsl.finding.Quoted;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.Locale;
import java.util.Optional;

/** {@code CAST} and {@code TRY_CAST}: explicit conversions, which may fail for a value. */
public final class Cast {
  private Cast() {}

  /** The conversion between two types, empty if there is none. */
  public static Optional<Conversion.ValueFunction> function(
      ValueType from, ValueType to, Session session) {
    ZoneId zone = session.zone();
    if (from.kind() == Kind.NULL) {
      return Optional.of(value -> value);
    }
    return Optional.ofNullable(
        switch (to.kind()) {
          case BOOLEAN -> toBoolean(from);
          case INT, LONG -> toInteger(from, to);
          case FLOAT, DOUBLE -> toFloating(from, to);
          case DECIMAL -> toDecimal(from, to);
          case TEXT -> toText(from, to, zone);
          case BYTES -> toBytes(from);
          case DATE -> toDate(from, zone);
          case TIME -> toTime(from, zone);
          case TIMESTAMP -> toTimestamp(from, zone);
          case INSTANT -> toInstant(from, zone);
          case NULL, OTHER -> null;
        });
  }

  private static Conversion.ValueFunction toBoolean(ValueType from) {
    if (from.kind() == Kind.BOOLEAN) {
      return value -> value;
    }
    if (from.kind() == Kind.TEXT) {
      return value ->
          switch (value.toString().strip().toLowerCase(Locale.ROOT)) {
            case "true", "t", "yes", "y", "on", "1" -> true;
            case "false", "f", "no", "n", "off", "0" -> false;
            default -> throw new EvaluationException(Quoted.of(value) + " is not a boolean");
          };
    }
    if (from.kind() == Kind.DECIMAL) {
      return value -> ((BigDecimal) value).signum() != 0;
    }
    return from.isNumber() ? value -> ((Number) value).doubleValue() != 0 : null;
  }

  private static Conversion.ValueFunction toInteger(ValueType from, ValueType to) {
    Conversion.ValueFunction narrow = value -> narrow((Long) value, to);
    return switch (from.kind()) {
      case BOOLEAN -> value -> narrow((Boolean) value ? 1 : 0, to);
      case INT, LONG -> value -> narrow(((Number) value).longValue(), to);
      case FLOAT, DOUBLE ->
          value -> {
            double number = ((Number) value).doubleValue();
            if (!(number > -9.3e18 && number < 9.3e18)) {
              throw doesNotFit(value, to);
            }
            return narrow.apply(wholePart(BigDecimal.valueOf(number), to));
          };
      case DECIMAL -> value -> narrow.apply(wholePart((BigDecimal) value, to));
      case TEXT -> value -> narrow.apply(wholePart(number(value.toString()), to));
      default -> null;
    };
  }

  private static long wholePart(BigDecimal value, ValueType to) {
    try {
      return value.setScale(0, RoundingMode.DOWN).longValueExact();
    } catch (ArithmeticException e) {
      throw doesNotFit(value.toPlainString(), to);
    }
  }

  private static Object narrow(long value, ValueType to) {
    if (to.kind() == Kind.LONG) {
      return value;
    }
    int unused = 64 - to.precision();
    if (value << unused >> unused != value) {
      throw doesNotFit(value, to);
    }
    return (int) value;
  }

  private static EvaluationException doesNotFit(Object value, ValueType to) {
    return new EvaluationException(
        "The number " + Quoted.of(value) + " does not fit " + to.title());
  }

  /** Exponents beyond this would be written out as that many zeros. */
  private static final int MAX_EXPONENT = 400;

  private static BigDecimal number(String text) {
    String stripped = text.strip();
    try {
      if (stripped.length() <= 1000) {
        BigDecimal value = new BigDecimal(stripped);
        if (Math.abs((long) value.scale()) <= MAX_EXPONENT + 1000L) {
          return value;
        }
      }
    } catch (NumberFormatException e) {
      // Reported below.
    }
    throw new EvaluationException(Quoted.of(text) + " is not a number");
  }

  private static Conversion.ValueFunction toFloating(ValueType from, ValueType to) {
    boolean single = to.kind() == Kind.FLOAT;
    if (from.kind() == Kind.TEXT) {
      return value -> floating(number(value.toString()).doubleValue(), single);
    }
    if (from.kind() == Kind.BOOLEAN) {
      return value -> floating((Boolean) value ? 1 : 0, single);
    }
    return from.isNumber() ? value -> floating(((Number) value).doubleValue(), single) : null;
  }

  private static Object floating(double value, boolean single) {
    if (single) {
      return (float) value;
    }
    return value;
  }

  private static Conversion.ValueFunction toDecimal(ValueType from, ValueType to) {
    return switch (from.kind()) {
      case BOOLEAN ->
          value -> Conversion.rescale((Boolean) value ? BigDecimal.ONE : BigDecimal.ZERO, to);
      case INT, LONG ->
          value -> Conversion.rescale(BigDecimal.valueOf(((Number) value).longValue()), to);
      case FLOAT, DOUBLE ->
          value -> {
            double number = ((Number) value).doubleValue();
            if (!Double.isFinite(number)) {
              throw doesNotFit(value, to);
            }
            return Conversion.rescale(new BigDecimal(value.toString()), to);
          };
      case DECIMAL -> value -> Conversion.rescale((BigDecimal) value, to);
      case TEXT -> value -> Conversion.rescale(number(value.toString()), to);
      default -> null;
    };
  }

  private static Conversion.ValueFunction toText(ValueType from, ValueType to, ZoneId zone) {
    Conversion.ValueFunction print =
        switch (from.kind()) {
          case BOOLEAN, INT, LONG, FLOAT, DOUBLE, TEXT -> Object::toString;
          case DECIMAL -> value -> ((BigDecimal) value).toPlainString();
          case BYTES -> value -> utf8((ByteBuffer) value);
          case DATE -> value -> TimeText.printDate((Integer) value);
          case TIME -> value -> TimeText.printTime((Long) value);
          case TIMESTAMP -> value -> TimeText.printTimestamp((Long) value);
          case INSTANT ->
              value -> TimeText.printTimestamp(TimeText.toLocalMicros((Long) value, zone));
          case NULL, OTHER -> null;
        };
    if (print == null || to.precision() == 0) {
      return print;
    }
    return value -> {
      String text = (String) print.apply(value);
      return text.codePointCount(0, text.length()) <= to.precision()
          ? text
          : text.substring(0, text.offsetByCodePoints(0, to.precision()));
    };
  }

  private static String utf8(ByteBuffer bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(bytes.duplicate()).toString();
    } catch (CharacterCodingException e) {
      throw new EvaluationException("The bytes are not UTF-8 text");
    }
  }

  private static Conversion.ValueFunction toBytes(ValueType from) {
    return switch (from.kind()) {
      case BYTES -> value -> value;
      case TEXT -> value -> ByteBuffer.wrap(value.toString().getBytes(StandardCharsets.UTF_8));
      default -> null;
    };
  }

  private static Conversion.ValueFunction toDate(ValueType from, ZoneId zone) {
    return switch (from.kind()) {
      case DATE -> value -> value;
      case TEXT -> value -> day(TimeText.parseTimestamp(value.toString()));
      case TIMESTAMP -> value -> day((Long) value);
      case INSTANT -> value -> day(TimeText.toLocalMicros((Long) value, zone));
      default -> null;
    };
  }

  private static Object day(long micros) {
    return Math.toIntExact(Math.floorDiv(micros, 86_400_000_000L));
  }

  private static Conversion.ValueFunction toTime(ValueType from, ZoneId zone) {
    return switch (from.kind()) {
      case TIME -> value -> value;
      case TEXT -> value -> TimeText.parseTime(value.toString());
      case TIMESTAMP -> value -> Math.floorMod((Long) value, 86_400_000_000L);
      case INSTANT ->
          value -> Math.floorMod(TimeText.toLocalMicros((Long) value, zone), 86_400_000_000L);
      default -> null;
    };
  }

  private static Conversion.ValueFunction toTimestamp(ValueType from, ZoneId zone) {
    return switch (from.kind()) {
      case TIMESTAMP -> value -> value;
      case TEXT -> value -> TimeText.parseTimestamp(value.toString());
      case DATE -> value -> ((Integer) value) * 86_400_000_000L;
      case INSTANT -> value -> TimeText.toLocalMicros((Long) value, zone);
      default -> null;
    };
  }

  private static Conversion.ValueFunction toInstant(ValueType from, ZoneId zone) {
    return switch (from.kind()) {
      case INSTANT -> value -> value;
      case TEXT -> value -> TimeText.parseInstant(value.toString(), zone);
      case DATE -> value -> TimeText.toInstantMicros(((Integer) value) * 86_400_000_000L, zone);
      case TIMESTAMP -> value -> TimeText.toInstantMicros((Long) value, zone);
      default -> null;
    };
  }

  /** {@code TRY_CAST}: NULL where {@code CAST} fails. */
  public static Conversion.ValueFunction orNull(Conversion.ValueFunction function) {
    return value -> {
      try {
        return function.apply(value);
      } catch (EvaluationException e) {
        return null;
      }
    };
  }
}
