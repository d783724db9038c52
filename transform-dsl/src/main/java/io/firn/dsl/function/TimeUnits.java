package io.firn.dsl.function;

import io.firn.dsl.expression.Conversion;
import io.firn.dsl.expression.EvaluationException;
import io.firn.dsl.expression.Session;
import io.firn.dsl.expression.TimeText;
import io.firn.dsl.expression.ValueType;
import io.firn.dsl.finding.ClosestName;
import io.firn.dsl.finding.Quoted;
import java.time.DateTimeException;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/**
 * Units of time that are added, and in which differences are counted, on the calendar of the
 * session's time zone.
 */
public enum TimeUnits {
  /** Seconds. */
  SECOND(ChronoUnit.SECONDS, 1),
  /** Minutes. */
  MINUTE(ChronoUnit.MINUTES, 1),
  /** Hours. */
  HOUR(ChronoUnit.HOURS, 1),
  /** Days. */
  DAYS(ChronoUnit.DAYS, 1),
  /** Seven days. */
  WEEK(ChronoUnit.WEEKS, 1),
  /** Months; the day of the month is cut to the month's last. */
  MONTH(ChronoUnit.MONTHS, 1),
  /** Three months. */
  QUARTER(ChronoUnit.MONTHS, 3),
  /** Years. */
  YEAR(ChronoUnit.YEARS, 1);

  /** Microseconds of a day. */
  static final long DAY = 86_400_000_000L;

  private final ChronoUnit unit;
  private final int count;

  TimeUnits(ChronoUnit unit, int count) {
    this.unit = unit;
    this.count = count;
  }

  /** The unit that a call's first argument names. */
  static TimeUnits of(Signature.Call call) {
    String name =
        Bindings.constantText(call, 0)
            .orElseThrow(() -> new EvaluationException("The unit is not a constant"));
    String wanted = name.toUpperCase(Locale.ROOT);
    for (TimeUnits unit : values()) {
      if (wanted.equals(unit.name()) || (unit == DAYS && wanted.equals("DAY"))) {
        return unit;
      }
    }
    throw new EvaluationException(
        "Unknown unit "
            + Quoted.of(name)
            + ClosestName.of(name, java.util.Arrays.stream(values()).map(TimeUnits::name).toList())
                .map(closest -> ", did you mean " + closest + "?")
                .orElse(""));
  }

  /** A time of the given type plus that many units. */
  public Object add(Object time, ValueType type, long number, Session session) {
    try {
      long units = Math.multiplyExact(number, count);
      return switch (type.kind()) {
        case DATE ->
            Math.toIntExact(
                java.time.LocalDate.ofEpochDay((Integer) time).plus(units, unit).toEpochDay());
        case INSTANT -> {
          long local = TimeText.toLocalMicros((Long) time, session.zone());
          // Hours and less are counted on the clock, which does not stop when it is put forward.
          yield unit.isDateBased()
              ? TimeText.toInstantMicros(
                  TimeText.toMicros(TimeText.toLocal(local).plus(units, unit)), session.zone())
              : TimeText.toMicros(TimeText.toLocal((Long) time).plus(units, unit));
        }
        default -> TimeText.toMicros(TimeText.toLocal((Long) time).plus(units, unit));
      };
    } catch (DateTimeException | ArithmeticException e) {
      throw new EvaluationException("Adding " + number + " " + this + " leaves the range of times");
    }
  }

  /** How many whole units lie between two calendar times. */
  Object between(long fromMicros, long toMicros) {
    return unit.between(TimeText.toLocal(fromMicros), TimeText.toLocal(toMicros)) / count;
  }

  /** How values of a type become calendar microseconds in the session's zone. */
  static Conversion.ValueFunction toLocalMicros(ValueType type, Session session) {
    return switch (type.kind()) {
      case DATE -> value -> ((Integer) value) * DAY;
      case INSTANT -> value -> TimeText.toLocalMicros((Long) value, session.zone());
      default -> value -> value;
    };
  }
}
