package io.firn.dsl.function;

import static io.firn.dsl.function.Bindings.gives;

import io.firn.dsl.expression.Conversion;
import io.firn.dsl.expression.EvaluationException;
import io.firn.dsl.expression.Expression;
import io.firn.dsl.expression.TimeText;
import io.firn.dsl.expression.ValueType;
import io.firn.dsl.expression.ValueType.Kind;
import io.firn.dsl.function.FunctionSpec.Group;
import io.firn.dsl.function.Parameter.Accepts;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Optional;

/** Functions of dates and times. */
final class TimeFunctions {
  private TimeFunctions() {}

  private static final Parameter TEMPORAL = Parameter.of("time", Accepts.TEMPORAL);
  private static final Parameter TEXT = Parameter.of("text", Accepts.TEXT);
  private static final Parameter PATTERN = Parameter.optional("pattern", Accepts.TEXT);
  private static final String NOW_DOC =
      " The time of a change is when the source committed it, so that replaying it after a crash"
          + " gives the same value; rows read by a snapshot have the time when they are read.";

  private static FunctionSpec now(String name, String doc, Kind kind, Bindings.One local) {
    Signature.Binding binding =
        call -> {
          var zone = call.session().zone();
          if (kind == Kind.INSTANT) {
            return scope -> scope.nowMicros();
          }
          return scope -> local.apply(TimeText.toLocalMicros(scope.nowMicros(), zone));
        };
    Signature signature =
        new Signature(List.of(), types -> Optional.of(ValueType.of(kind, false)), binding);
    return FunctionSpec.of(name, Group.TIME, doc + NOW_DOC, signature).changing();
  }

  private static Object day(Object micros) {
    return Math.toIntExact(Math.floorDiv((Long) micros, TimeUnits.DAY));
  }

  private static Object timeOfDay(Object micros) {
    return Math.floorMod((Long) micros, TimeUnits.DAY);
  }

  private interface Part {
    int of(LocalDateTime time);
  }

  private static FunctionSpec part(String name, String doc, Part part, String... aliases) {
    return FunctionSpec.of(
            name,
            Group.TIME,
            doc,
            new Signature(
                List.of(TEMPORAL),
                gives(Kind.INT),
                call -> {
                  Conversion.ValueFunction local =
                      TimeUnits.toLocalMicros(call.type(0), call.session());
                  return Conversion.map(
                      call.argument(0),
                      value -> part.of(TimeText.toLocal((Long) local.apply(value))));
                }))
        .alias(aliases);
  }

  private static FunctionSpec addDays(String name, String doc, int sign) {
    return FunctionSpec.of(
        name,
        Group.TIME,
        doc,
        new Signature(
            List.of(Parameter.of("date", Accepts.DATETIME), Parameter.of("days", Accepts.INTEGER)),
            Bindings.likeFirst(),
            call ->
                Bindings.strict(
                    call.arguments(),
                    values ->
                        TimeUnits.DAYS.add(
                            values[0], call.type(0), sign * (Long) values[1], call.session()))));
  }

  private static Expression parse(Signature.Call call, Kind kind, boolean nullIfWrong) {
    TimePatterns patterns = new TimePatterns(call, 1);
    return Bindings.strict(
        call.arguments(),
        values -> {
          String text = values[0].toString();
          try {
            long micros =
                values.length > 1
                    ? patterns.parse(text, values[1].toString())
                    : TimeText.parseTimestamp(text);
            return switch (kind) {
              case DATE -> day(micros);
              case INSTANT -> TimeText.toInstantMicros(micros, call.session().zone());
              case LONG ->
                  Math.floorDiv(
                      TimeText.toInstantMicros(micros, call.session().zone()), 1_000_000L);
              default -> micros;
            };
          } catch (EvaluationException e) {
            if (nullIfWrong) {
              return null;
            }
            throw e;
          }
        });
  }

  private static Expression format(Signature.Call call) {
    TimePatterns patterns = new TimePatterns(call, 1);
    Conversion.ValueFunction local = TimeUnits.toLocalMicros(call.type(0), call.session());
    return Bindings.strict(
        call.arguments(),
        values -> patterns.format((Long) local.apply(values[0]), values[1].toString()));
  }

  private static Expression fromUnixTime(Signature.Call call) {
    TimePatterns patterns = new TimePatterns(call, 1);
    return Bindings.strict(
        call.arguments(),
        values -> {
          long seconds = (Long) values[0];
          if (Math.abs(seconds) > 400_000_000_000L) {
            throw new EvaluationException("The number of seconds " + seconds + " is out of range");
          }
          long local = TimeText.toLocalMicros(seconds * 1_000_000L, call.session().zone());
          return values.length > 1
              ? patterns.format(local, values[1].toString())
              : patterns.format(local, "yyyy-MM-dd HH:mm:ss");
        });
  }

  private static Optional<ValueType> sum(List<ValueType> types) {
    return Optional.of(types.get(2).withNullable(Bindings.anyNullable(types)))
        .map(t -> t.kind() == Kind.DATE ? ValueType.of(Kind.TIMESTAMP, t.nullable()) : t);
  }

  private static Expression add(Signature.Call call) {
    TimeUnits unit = TimeUnits.of(call);
    Expression time =
        Conversion.widen(call.argument(2), call.type(2), call.result(), call.session());
    return Bindings.strict(
        List.of(call.argument(1), time),
        values -> unit.add(values[1], call.result(), (Long) values[0], call.session()));
  }

  private static Expression difference(Signature.Call call) {
    TimeUnits unit = TimeUnits.of(call);
    Conversion.ValueFunction from = TimeUnits.toLocalMicros(call.type(1), call.session());
    Conversion.ValueFunction to = TimeUnits.toLocalMicros(call.type(2), call.session());
    return Bindings.strict(
        List.of(call.argument(1), call.argument(2)),
        values -> unit.between((Long) from.apply(values[0]), (Long) to.apply(values[1])));
  }

  private static Object isoWeek(LocalDateTime time) {
    return time.get(java.time.temporal.IsoFields.WEEK_OF_WEEK_BASED_YEAR);
  }

  static final List<FunctionSpec> ALL =
      List.of(
          now("CURRENT_TIMESTAMP", "The current point in time.", Kind.INSTANT, v -> v).alias("NOW"),
          now(
              "LOCALTIMESTAMP",
              "The current date and time in `pipeline.local-time-zone`.",
              Kind.TIMESTAMP,
              v -> v),
          now(
              "CURRENT_DATE",
              "The current date in `pipeline.local-time-zone`.",
              Kind.DATE,
              TimeFunctions::day),
          now(
                  "LOCALTIME",
                  "The current time of day in `pipeline.local-time-zone`.",
                  Kind.TIME,
                  TimeFunctions::timeOfDay)
              .alias("CURRENT_TIME"),
          FunctionSpec.of(
                  "DATE_FORMAT",
                  Group.TIME,
                  "The date, timestamp or time as text, by a pattern of Java's date formats"
                      + " (`yyyy-MM-dd HH:mm:ss.SSS`).",
                  new Signature(
                      List.of(TEMPORAL, Parameter.of("pattern", Accepts.TEXT)),
                      gives(Kind.TEXT),
                      TimeFunctions::format))
              .example("DATE_FORMAT(TIMESTAMP '2024-02-29 13:05:00', 'yyyyMMdd-HH')", "20240229-13")
              .example("DATE_FORMAT(DATE '2024-02-29', 'dd.MM.yy')", "29.02.24"),
          FunctionSpec.of(
                  "TO_DATE",
                  Group.TIME,
                  "The date that a text is, by a pattern (default `yyyy-MM-dd`); NULL if it is none."
                      + " Or the date of a timestamp.",
                  new Signature(
                      List.of(TEXT, PATTERN),
                      Bindings.mayGive(Kind.DATE),
                      call -> parse(call, Kind.DATE, true)))
              .or(
                  new Signature(
                      List.of(Parameter.of("timestamp", Accepts.DATETIME)),
                      gives(Kind.DATE),
                      call -> {
                        Conversion.ValueFunction local =
                            TimeUnits.toLocalMicros(call.type(0), call.session());
                        return Conversion.map(call.argument(0), v -> day(local.apply(v)));
                      }))
              .example("TO_DATE('2024-02-29')", "2024-02-29")
              .example("TO_DATE('29/02/2024', 'dd/MM/yyyy')", "2024-02-29")
              .example("TO_DATE('soon')", "NULL"),
          FunctionSpec.of(
                  "TO_TIMESTAMP",
                  Group.TIME,
                  "The timestamp without time zone that a text is, by a pattern (default `yyyy-MM-dd"
                      + " HH:mm:ss`). Other texts are an error of the row.",
                  new Signature(
                      List.of(TEXT, PATTERN),
                      gives(Kind.TIMESTAMP),
                      call -> parse(call, Kind.TIMESTAMP, false)))
              .example("TO_TIMESTAMP('2024-02-29 10:11:12')", "2024-02-29 10:11:12")
              .example("TO_TIMESTAMP('2024/02/29 10', 'yyyy/MM/dd HH')", "2024-02-29 10:00:00"),
          FunctionSpec.of(
                  "TO_TIMESTAMP_LTZ",
                  Group.TIME,
                  "The point in time that a text is in `pipeline.local-time-zone`, by a pattern"
                      + " (default `yyyy-MM-dd HH:mm:ss`).",
                  new Signature(
                      List.of(TEXT, PATTERN),
                      gives(Kind.INSTANT),
                      call -> parse(call, Kind.INSTANT, false)))
              .example("TO_TIMESTAMP_LTZ('2024-02-29 10:11:12')", "2024-02-29 10:11:12"),
          FunctionSpec.of(
                  "UNIX_TIMESTAMP",
                  Group.TIME,
                  "Seconds since 1970 UTC: of a text in `pipeline.local-time-zone` by a pattern"
                      + " (default `yyyy-MM-dd HH:mm:ss`), or now."
                      + NOW_DOC,
                  new Signature(
                      List.of(),
                      types -> Optional.of(ValueType.of(Kind.LONG, false)),
                      call -> scope -> Math.floorDiv(scope.nowMicros(), 1_000_000L)))
              .or(
                  new Signature(
                      List.of(TEXT, PATTERN),
                      gives(Kind.LONG),
                      call -> parse(call, Kind.LONG, false)))
              .changing()
              .example("UNIX_TIMESTAMP('1970-01-02 00:00:00')", "86400"),
          FunctionSpec.of(
                  "FROM_UNIXTIME",
                  Group.TIME,
                  "A number of seconds since 1970 UTC as text in `pipeline.local-time-zone`, by a"
                      + " pattern (default `yyyy-MM-dd HH:mm:ss`).",
                  new Signature(
                      List.of(Parameter.of("seconds", Accepts.INTEGER), PATTERN),
                      gives(Kind.TEXT),
                      TimeFunctions::fromUnixTime))
              .example("FROM_UNIXTIME(44)", "1970-01-01 00:00:44"),
          FunctionSpec.of(
                  "TIMESTAMPADD",
                  Group.TIME,
                  "The time plus a number of units: SECOND, MINUTE, HOUR, DAY, WEEK, MONTH, QUARTER"
                      + " or YEAR. A date becomes a timestamp.",
                  new Signature(
                      List.of(
                          Parameter.of("unit", Accepts.TEXT),
                          Parameter.of("number", Accepts.INTEGER),
                          Parameter.of("time", Accepts.DATETIME)),
                      TimeFunctions::sum,
                      TimeFunctions::add))
              .alias("TIMESTAMP_ADD")
              .example(
                  "TIMESTAMPADD(MONTH, 1, TIMESTAMP '2024-01-31 10:00:00')", "2024-02-29 10:00:00"),
          FunctionSpec.of(
                  "TIMESTAMPDIFF",
                  Group.TIME,
                  "How many whole units the second time is after the first: SECOND, MINUTE, HOUR,"
                      + " DAY, WEEK, MONTH, QUARTER or YEAR.",
                  new Signature(
                      List.of(
                          Parameter.of("unit", Accepts.TEXT),
                          Parameter.of("from", Accepts.DATETIME),
                          Parameter.of("to", Accepts.DATETIME)),
                      gives(Kind.LONG),
                      TimeFunctions::difference))
              .alias("TIMESTAMP_DIFF")
              .example("TIMESTAMPDIFF(DAY, DATE '2024-02-28', DATE '2024-03-01')", "2"),
          addDays("DATE_ADD", "The date or time that many days later.", 1)
              .example("DATE_ADD(DATE '2024-02-28', 2)", "2024-03-01"),
          addDays("DATE_SUB", "The date or time that many days earlier.", -1)
              .example("DATE_SUB(DATE '2024-03-01', 1)", "2024-02-29"),
          part("YEAR", "The year. Also `EXTRACT(YEAR FROM time)`.", LocalDateTime::getYear)
              .example("YEAR(DATE '2024-02-29')", "2024"),
          part("QUARTER", "The quarter, from 1.", t -> (t.getMonthValue() + 2) / 3)
              .example("EXTRACT(QUARTER FROM DATE '2024-04-01')", "2"),
          part("MONTH", "The month, from 1.", LocalDateTime::getMonthValue)
              .example("MONTH(DATE '2024-02-29')", "2"),
          part("WEEK", "The ISO week of the year.", t -> (Integer) isoWeek(t))
              .example("WEEK(DATE '2024-01-01')", "1"),
          part("DAYOFMONTH", "The day of the month, from 1.", LocalDateTime::getDayOfMonth, "DAY")
              .example("DAYOFMONTH(DATE '2024-02-29')", "29"),
          part("DAYOFYEAR", "The day of the year, from 1.", LocalDateTime::getDayOfYear)
              .example("DAYOFYEAR(DATE '2024-02-29')", "60"),
          part(
                  "DAYOFWEEK",
                  "The day of the week; Sunday is 1.",
                  t -> t.getDayOfWeek().getValue() % 7 + 1)
              .example("DAYOFWEEK(DATE '2024-02-29')", "5"),
          part("HOUR", "The hour, from 0.", LocalDateTime::getHour)
              .example("HOUR(TIMESTAMP '2024-02-29 13:05:09')", "13"),
          part("MINUTE", "The minute, from 0.", LocalDateTime::getMinute)
              .example("MINUTE(TIME '13:05:09')", "5"),
          part("SECOND", "The second, from 0.", LocalDateTime::getSecond)
              .example("SECOND(TIME '13:05:09')", "9"));
}
