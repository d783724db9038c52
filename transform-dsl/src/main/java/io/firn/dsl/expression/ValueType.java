package io.firn.dsl.expression;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;

/**
 * The type of an expression's values, which are in Iceberg's internal representation (see {@code
 * Row}).
 *
 * @param kind what kind of value it is
 * @param precision for {@code DECIMAL} the digits, for {@code INT} the bits (8, 16 or 32), for
 *     {@code TEXT} the largest length or 0 for any; else 0
 * @param scale for {@code DECIMAL} the digits after the point; else 0
 * @param nullable whether values may be NULL
 */
public record ValueType(Kind kind, int precision, int scale, boolean nullable) {
  /** Digits that a decimal can have. */
  public static final int MAX_PRECISION = 38;

  /** Kinds of values. */
  public enum Kind {
    /** The type of a bare NULL. */
    NULL,
    /** {@code Boolean}. */
    BOOLEAN,
    /** {@code Integer}. */
    INT,
    /** {@code Long}. */
    LONG,
    /** {@code Float}. */
    FLOAT,
    /** {@code Double}. */
    DOUBLE,
    /** {@code BigDecimal} with the type's scale. */
    DECIMAL,
    /** {@code CharSequence}; expressions make {@code String}. */
    TEXT,
    /** {@code ByteBuffer}. */
    BYTES,
    /** {@code Integer}, days since 1970. */
    DATE,
    /** {@code Long}, microseconds of the day. */
    TIME,
    /** {@code Long}, microseconds since 1970 on the calendar. */
    TIMESTAMP,
    /** {@code Long}, microseconds since 1970 UTC. */
    INSTANT,
    /** What expressions cannot work with; columns of such types can only be passed on. */
    OTHER
  }

  /** A type without parameters. */
  public static ValueType of(Kind kind, boolean nullable) {
    return new ValueType(kind, kind == Kind.INT ? 32 : 0, 0, nullable);
  }

  /** A decimal type. */
  public static ValueType decimal(int precision, int scale, boolean nullable) {
    return new ValueType(Kind.DECIMAL, precision, scale, nullable);
  }

  /** The type of a column. */
  public static ValueType of(Type type, boolean nullable) {
    return switch (type.typeId()) {
      case BOOLEAN -> of(Kind.BOOLEAN, nullable);
      case INTEGER -> of(Kind.INT, nullable);
      case LONG -> of(Kind.LONG, nullable);
      case FLOAT -> of(Kind.FLOAT, nullable);
      case DOUBLE -> of(Kind.DOUBLE, nullable);
      case DECIMAL -> {
        Types.DecimalType decimal = (Types.DecimalType) type;
        yield decimal(decimal.precision(), decimal.scale(), nullable);
      }
      case STRING -> of(Kind.TEXT, nullable);
      case BINARY, FIXED -> of(Kind.BYTES, nullable);
      case DATE -> of(Kind.DATE, nullable);
      case TIME -> of(Kind.TIME, nullable);
      case TIMESTAMP ->
          of(
              ((Types.TimestampType) type).shouldAdjustToUTC() ? Kind.INSTANT : Kind.TIMESTAMP,
              nullable);
      default -> of(Kind.OTHER, nullable);
    };
  }

  /** The column type that takes the values. */
  public Type toIceberg() {
    return switch (kind) {
      case BOOLEAN -> Types.BooleanType.get();
      case INT -> Types.IntegerType.get();
      case LONG -> Types.LongType.get();
      case FLOAT -> Types.FloatType.get();
      case DOUBLE -> Types.DoubleType.get();
      case DECIMAL -> Types.DecimalType.of(precision, scale);
      case TEXT -> Types.StringType.get();
      case BYTES -> Types.BinaryType.get();
      case DATE -> Types.DateType.get();
      case TIME -> Types.TimeType.get();
      case TIMESTAMP -> Types.TimestampType.withoutZone();
      case INSTANT -> Types.TimestampType.withZone();
      case NULL, OTHER -> throw new IllegalStateException("No column type for " + kind);
    };
  }

  /** The same type with or without NULL. */
  public ValueType withNullable(boolean newNullable) {
    return nullable == newNullable ? this : new ValueType(kind, precision, scale, newNullable);
  }

  /** Whether values are numbers. */
  public boolean isNumber() {
    return switch (kind) {
      case INT, LONG, FLOAT, DOUBLE, DECIMAL -> true;
      default -> false;
    };
  }

  /** Whether values are whole numbers. */
  public boolean isInteger() {
    return kind == Kind.INT || kind == Kind.LONG;
  }

  /** Whether values are floating-point numbers. */
  public boolean isFloating() {
    return kind == Kind.FLOAT || kind == Kind.DOUBLE;
  }

  /** Whether values have a date. */
  public boolean isDateTime() {
    return kind == Kind.DATE || kind == Kind.TIMESTAMP || kind == Kind.INSTANT;
  }

  /** The narrowest type that holds the values of all these types, if there is one. */
  public static Optional<ValueType> common(List<ValueType> types) {
    ValueType common = of(Kind.NULL, false);
    for (ValueType type : types) {
      ValueType next = common.with(type);
      if (next == null) {
        return Optional.empty();
      }
      common = next;
    }
    return Optional.of(common);
  }

  private ValueType with(ValueType other) {
    boolean either = nullable || other.nullable;
    if (other.kind == Kind.NULL) {
      return withNullable(true);
    }
    if (kind == Kind.NULL) {
      return other.withNullable(either);
    }
    if (isNumber() && other.isNumber()) {
      return number(other, either);
    }
    if (kind == other.kind) {
      boolean bounded = precision > 0 && other.precision > 0;
      return new ValueType(kind, bounded ? Math.max(precision, other.precision) : 0, 0, either);
    }
    boolean dates = isDateTime() && other.isDateTime();
    if (dates && kind != Kind.INSTANT && other.kind != Kind.INSTANT) {
      return of(Kind.TIMESTAMP, either);
    }
    return null;
  }

  private ValueType number(ValueType other, boolean either) {
    if (isFloating() || other.isFloating()) {
      boolean floats = kind == Kind.FLOAT && other.kind == Kind.FLOAT;
      return of(floats ? Kind.FLOAT : Kind.DOUBLE, either);
    }
    if (kind == Kind.DECIMAL || other.kind == Kind.DECIMAL) {
      ValueType a = asDecimal();
      ValueType b = other.asDecimal();
      int newScale = Math.max(a.scale, b.scale);
      int whole = Math.max(a.precision - a.scale, b.precision - b.scale);
      return whole + newScale > MAX_PRECISION ? null : decimal(whole + newScale, newScale, either);
    }
    if (kind == Kind.INT && other.kind == Kind.INT) {
      return new ValueType(Kind.INT, Math.max(precision, other.precision), 0, either);
    }
    return of(Kind.LONG, either);
  }

  /** The decimal type that holds the same numbers. */
  public ValueType asDecimal() {
    return switch (kind) {
      case INT -> decimal(10, 0, nullable);
      case LONG -> decimal(19, 0, nullable);
      case DECIMAL -> this;
      default -> throw new IllegalStateException("Not an exact number: " + kind);
    };
  }

  /** The type for messages and plans, such as {@code decimal(12,2)} or {@code timestamptz}. */
  public String title() {
    return switch (kind) {
      case INT -> precision == 8 ? "tinyint" : precision == 16 ? "smallint" : "int";
      case DECIMAL -> "decimal(" + precision + "," + scale + ")";
      case TEXT -> "string";
      case BYTES -> "binary";
      case INSTANT -> "timestamptz";
      default -> kind.name().toLowerCase(Locale.ROOT);
    };
  }
}
