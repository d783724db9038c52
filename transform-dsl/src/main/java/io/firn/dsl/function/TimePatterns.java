package io.firn.dsl.function;

import io.firn.dsl.expression.EvaluationException;
import io.firn.dsl.expression.TimeText;
import io.firn.dsl.finding.Quoted;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalQueries;
import java.util.Locale;

/**
 * Java's date patterns, compiled once: remembers the last one, which with a constant is the only
 * one.
 *
 * <p><b>Threading</b>: used by one thread.
 */
final class TimePatterns {
  private String text;
  private DateTimeFormatter formatter;

  /** Checks the pattern at once if it is a constant. */
  TimePatterns(Signature.Call call, int index) {
    if (call.size() > index) {
      Bindings.constantText(call, index).ifPresent(this::compile);
    }
  }

  private DateTimeFormatter compile(String pattern) {
    if (!pattern.equals(text)) {
      try {
        formatter =
            DateTimeFormatter.ofPattern(yearsWithoutEra(pattern), Locale.ENGLISH)
                .withResolverStyle(ResolverStyle.STRICT);
      } catch (IllegalArgumentException e) {
        throw new EvaluationException(
            Quoted.of(pattern) + " is not a pattern such as yyyy-MM-dd HH:mm:ss");
      }
      text = pattern;
    }
    return formatter;
  }

  /** Without it java.time would ask for the era with every year, which nobody writes. */
  private static String yearsWithoutEra(String pattern) {
    StringBuilder out = new StringBuilder();
    boolean quoted = false;
    for (char c : pattern.toCharArray()) {
      quoted ^= c == '\'';
      out.append(c == 'y' && !quoted ? 'u' : c);
    }
    return out.toString();
  }

  String format(long localMicros, String pattern) {
    try {
      return compile(pattern).format(TimeText.toLocal(localMicros));
    } catch (DateTimeException e) {
      throw new EvaluationException(
          "The pattern " + Quoted.of(pattern) + " asks for what a timestamp does not have");
    }
  }

  /** Calendar microseconds; a missing date is 1970-01-01 and a missing time midnight. */
  long parse(String value, String pattern) {
    try {
      TemporalAccessor parsed = compile(pattern).parse(value.strip());
      LocalDate date = parsed.query(TemporalQueries.localDate());
      LocalTime time = parsed.query(TemporalQueries.localTime());
      return TimeText.toMicros(
          (date == null ? LocalDate.EPOCH : date).atTime(time == null ? hour(parsed) : time));
    } catch (DateTimeException e) {
      throw new EvaluationException(
          Quoted.of(value) + " does not have the form " + Quoted.of(pattern));
    }
  }

  private static LocalTime hour(TemporalAccessor parsed) {
    var field = java.time.temporal.ChronoField.HOUR_OF_DAY;
    return parsed.isSupported(field) ? LocalTime.of(parsed.get(field), 0) : LocalTime.MIDNIGHT;
  }
}
