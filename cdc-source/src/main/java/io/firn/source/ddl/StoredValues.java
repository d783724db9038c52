package io.firn.source.ddl;

import io.debezium.relational.Column;
import io.firn.source.type.ColumnKind;
import io.firn.source.type.ColumnType;
import java.math.BigInteger;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;

/**
 * Tells whether the rows that a table has keep their values when a column's definition changes. An
 * ALTER TABLE writes no row to the binlog, so a definition that changes values cannot be followed.
 *
 * <p>Allowed is what is known to keep values: everything else is refused. In a strict session a
 * value that does not fit makes the statement fail, so narrower types are no danger there, except
 * where the server rounds, pads or cuts without calling it an error.
 */
final class StoredValues {
  private static final Set<String> FULL_UNICODE = Set.of("utf8mb4", "utf16", "utf16le", "utf32");
  private static final Set<String> ONE_BYTE =
      Set.of("latin1", "ascii", "latin2", "cp1250", "cp1251", "cp1256", "cp1257");
  private static final Set<String> BASIC_UNICODE = Set.of("utf8mb3", "utf8", "ucs2");

  private final Column was;
  private final ColumnType wasType;
  private final Column is;
  private final ColumnType isType;
  private final boolean strict;

  private StoredValues(
      Column was, ColumnType wasType, Column is, ColumnType isType, boolean strict) {
    this.was = was;
    this.wasType = wasType;
    this.is = is;
    this.isType = isType;
    this.strict = strict;
  }

  /**
   * Why stored values may have changed; null if they have not.
   *
   * @param strict whether the session was strict
   */
  static String change(
      Column was, ColumnType wasType, Column is, ColumnType isType, boolean strict) {
    StoredValues values = new StoredValues(was, wasType, is, isType, strict);
    String nulls = values.nulls();
    return nulls != null ? nulls : values.values();
  }

  private String nulls() {
    boolean required = was.isOptional() && !is.isOptional();
    return required && !strict ? "turns NULL into a value, as the session was not strict" : null;
  }

  private String values() {
    if (wasType.kind() != isType.kind()) {
      return otherKind();
    }
    return switch (isType.kind()) {
      case BOOLEAN, INT, LONG, UNSIGNED_LONG -> fits(range(is).contains(range(was)));
      case FLOAT, DOUBLE -> floating();
      case DECIMAL, DECIMAL_TEXT -> decimal();
      case DATE, YEAR, JSON -> null;
      case TIME, TIME_TEXT, DATETIME, TIMESTAMP -> fraction();
      case TEXT -> text();
      case ENUM ->
          isType.labels().containsAll(wasType.labels()) ? null : "removes or renames labels";
      case SET -> set();
      case BYTES -> bytes();
      case BITS -> bits();
      case GEOMETRY -> fits(base(is).equals("GEOMETRY") || base(is).equals(base(was)));
    };
  }

  private String otherKind() {
    ColumnKind from = wasType.kind();
    ColumnKind to = isType.kind();
    boolean integers =
        (from == ColumnKind.INT || from == ColumnKind.LONG || from == ColumnKind.YEAR)
            && (to == ColumnKind.INT || to == ColumnKind.LONG);
    if (integers) {
      return fits(range(is).contains(range(was)));
    }
    if (from == ColumnKind.FLOAT && to == ColumnKind.DOUBLE) {
      return floating();
    }
    if (from == ColumnKind.UNSIGNED_LONG && to == ColumnKind.DECIMAL && isType.scale() == 0) {
      return fits(isType.length() >= 20);
    }
    if ((from == ColumnKind.ENUM || from == ColumnKind.SET) && to == ColumnKind.TEXT) {
      int longest = 0;
      int all = -1;
      for (String label : wasType.labels()) {
        longest = Math.max(longest, label.length());
        all += label.length() + 1;
      }
      return fits((from == ColumnKind.ENUM ? longest : all) <= characters(is));
    }
    return "gives it another type of values";
  }

  private String fits(boolean always) {
    return always || strict
        ? null
        : "changes values that do not fit, as the session was not strict";
  }

  private String floating() {
    boolean sameDigits =
        is.scale().isEmpty() || was.scale().isPresent() && was.scale().equals(is.scale());
    if (!sameDigits) {
      return "rounds stored values";
    }
    boolean narrower = is.scale().isPresent() && is.length() < was.length();
    return fits(!narrower && (isUnsigned(was) || !isUnsigned(is)));
  }

  private String decimal() {
    if (wasType.scale() != isType.scale()) {
      return "changes the number of decimals of stored values";
    }
    return fits(isType.length() >= wasType.length() && (isUnsigned(was) || !isUnsigned(is)));
  }

  private String fraction() {
    if (isType.length() < wasType.length()) {
      return "rounds stored values to fewer fractional digits";
    }
    return null;
  }

  private String text() {
    boolean fixedBefore = base(was).equals("CHAR") || base(was).equals("NCHAR");
    boolean fixedNow = base(is).equals("CHAR") || base(is).equals("NCHAR");
    if (fixedNow && !fixedBefore) {
      return "removes trailing spaces of stored values";
    }
    boolean shorter = bytes(is) < bytes(was);
    if (isCounted(was) && isCounted(is)) {
      shorter = is.length() < was.length();
    } else if (!isCounted(was) && !isCounted(is)) {
      shorter = rank(is) < rank(was);
    }
    if (shorter && !fixedBefore) {
      // Also in a strict session: cutting off spaces is not an error.
      return "cuts stored values";
    }
    return fits(!shorter && keepsCharacters());
  }

  private boolean keepsCharacters() {
    String from = charset(was);
    String to = charset(is);
    return from.equals(to)
        || FULL_UNICODE.contains(to)
        || BASIC_UNICODE.contains(to) && !FULL_UNICODE.contains(from)
        || from.equals("ascii") && !to.equals("swe7");
  }

  private String set() {
    int found = 0;
    for (String label : isType.labels()) {
      if (found < wasType.labels().size() && label.equals(wasType.labels().get(found))) {
        found++;
      }
    }
    return found == wasType.labels().size() ? null : "removes, renames or reorders labels";
  }

  private String bytes() {
    if (isType.padded()) {
      boolean same = wasType.padded() && wasType.length() == isType.length();
      return same ? null : "changes the padding of stored values";
    }
    return fits(bytes(is) >= bytes(was));
  }

  private String bits() {
    return (isType.length() + 7) / 8 == (wasType.length() + 7) / 8
        ? fits(isType.length() >= wasType.length())
        : "changes the number of bytes of stored values";
  }

  /** Smallest and largest value of an integer column. */
  private record Range(BigInteger min, BigInteger max) {
    boolean contains(Range other) {
      return min.compareTo(other.min) <= 0 && max.compareTo(other.max) >= 0;
    }
  }

  private static Range range(Column column) {
    int bits =
        switch (base(column)) {
          case "BIT" -> 1;
          case "BOOL", "BOOLEAN", "TINYINT", "INT1" -> 8;
          case "SMALLINT", "INT2" -> 16;
          case "MEDIUMINT", "INT3", "MIDDLEINT" -> 24;
          case "BIGINT", "INT8", "SERIAL" -> 64;
          default -> 32;
        };
    if (base(column).equals("YEAR")) {
      return new Range(BigInteger.ZERO, BigInteger.valueOf(2155));
    }
    boolean unsigned = isUnsigned(column) || bits == 1 || base(column).equals("SERIAL");
    BigInteger half = BigInteger.ONE.shiftLeft(unsigned ? bits : bits - 1);
    return new Range(unsigned ? BigInteger.ZERO : half.negate(), half.subtract(BigInteger.ONE));
  }

  /** The type's name without attributes, in upper case. */
  private static String base(Column column) {
    String name = column.typeName().toUpperCase(Locale.ROOT);
    for (String attribute : List.of(" UNSIGNED", " SIGNED", " ZEROFILL", " BINARY")) {
      name = name.replace(attribute, "");
    }
    return switch (name.trim()) {
      case "CHARACTER", "NATIONAL CHAR", "NATIONAL CHARACTER" -> "CHAR";
      default -> name.trim();
    };
  }

  private static boolean isUnsigned(Column column) {
    String name = column.typeName().toUpperCase(Locale.ROOT);
    return name.contains("UNSIGNED") || name.contains("ZEROFILL");
  }

  private static String charset(Column column) {
    String name = Objects.requireNonNullElse(column.charsetName(), "utf8mb4");
    return name.toLowerCase(Locale.ROOT);
  }

  /** Whether the length is a number of characters: CHAR and VARCHAR. */
  private static boolean isCounted(Column column) {
    return rank(column) == 0;
  }

  /** The order of the TEXT and BLOB types by size; 0 for others. */
  private static int rank(Column column) {
    return switch (base(column)) {
      case "TINYTEXT", "TINYBLOB" -> 1;
      case "TEXT", "BLOB" -> 2;
      case "MEDIUMTEXT", "MEDIUMBLOB", "LONG", "LONG VARCHAR", "LONG VARBINARY" -> 3;
      case "LONGTEXT", "LONGBLOB", "JSON" -> 4;
      default -> 0;
    };
  }

  /** How many bytes a column of characters or bytes can hold. */
  private static long bytes(Column column) {
    return switch (rank(column)) {
      case 1 -> 255;
      case 2 -> 65_535;
      case 3 -> (1L << 24) - 1;
      case 4 -> (1L << 32) - 1;
      default -> Math.max(column.length(), 1) * bytesPerUnit(column);
    };
  }

  private static long characters(Column column) {
    return isCounted(column) ? Math.max(column.length(), 1) : bytes(column) / bytesPerUnit(column);
  }

  private static long bytesPerUnit(Column column) {
    if (base(column).equals("VECTOR")) {
      return 4;
    }
    if (column.charsetName() == null || column.charsetName().equalsIgnoreCase("binary")) {
      return 1;
    }
    String charset = charset(column);
    return ONE_BYTE.contains(charset) ? 1 : BASIC_UNICODE.contains(charset) ? 3 : 4;
  }
}
