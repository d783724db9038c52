package io.firn.source.type;

import io.debezium.relational.Column;
import io.firn.model.error.UnsupportedChangeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.iceberg.types.Types;

/**
 * Maps column definitions to {@link ColumnType}s: the code side of {@code docs/types.md}.
 *
 * <p><b>Threading</b>: immutable.
 */
public final class ColumnTypes {
  /** Iceberg's largest decimal. */
  private static final int MAX_DECIMAL_DIGITS = 38;

  private final TypeOptions options;
  private final Charsets charsets;

  /** A mapping with the given choices. */
  public ColumnTypes(TypeOptions options) {
    this.options = options;
    this.charsets = new Charsets(options.flavour());
  }

  /** The character sets of the server. */
  public Charsets charsets() {
    return charsets;
  }

  /** Whether column comments are carried over. */
  public boolean comments() {
    return options.comments();
  }

  /**
   * The type of a column.
   *
   * @param column the definition as Debezium's parser gives it; character columns must name their
   *     character set
   * @param table the table's name, for messages
   * @throws UnsupportedChangeException for a type that Firn does not know
   */
  public ColumnType of(Column column, Object table) {
    String name = column.typeName().toUpperCase(Locale.ROOT);
    boolean unsigned = name.contains("UNSIGNED") || name.contains("ZEROFILL");
    String base =
        name.replace(" UNSIGNED", "")
            .replace(" ZEROFILL", "")
            .replace(" SIGNED", "")
            .replace(" BINARY", "")
            .trim();
    int length = column.length();
    return switch (base) {
      case "BOOL", "BOOLEAN" -> booleanOrTinyInt(1, false);
      case "TINYINT", "INT1" -> booleanOrTinyInt(length, unsigned);
      case "SMALLINT", "INT2", "MEDIUMINT", "INT3", "MIDDLEINT" -> integer(unsigned);
      case "INT", "INTEGER", "INT4" -> unsigned ? longInteger().withUnsigned(true) : integer(false);
      case "BIGINT", "INT8" -> unsigned ? unsignedLong() : longInteger();
      case "SERIAL" -> unsignedLong();
      case "FLOAT", "FLOAT4" ->
          // FLOAT(p) with more than 24 bits of precision is a DOUBLE to the server.
          length > 24 && column.scale().isEmpty()
              ? ColumnType.of(ColumnKind.DOUBLE, Types.DoubleType.get())
              : ColumnType.of(ColumnKind.FLOAT, Types.FloatType.get());
      case "DOUBLE", "DOUBLE PRECISION", "REAL", "FLOAT8" ->
          ColumnType.of(ColumnKind.DOUBLE, Types.DoubleType.get());
      case "DECIMAL", "DEC", "FIXED", "NUMERIC" -> decimal(length, column.scale().orElse(0));
      case "DATE" -> ColumnType.of(ColumnKind.DATE, Types.DateType.get());
      case "TIME" -> time().withSize(Math.max(length, 0), 0);
      case "DATETIME" ->
          ColumnType.of(ColumnKind.DATETIME, Types.TimestampType.withoutZone())
              .withSize(Math.max(length, 0), 0);
      case "TIMESTAMP" ->
          ColumnType.of(ColumnKind.TIMESTAMP, Types.TimestampType.withZone())
              .withSize(Math.max(length, 0), 0);
      case "YEAR" -> ColumnType.of(ColumnKind.YEAR, Types.IntegerType.get());
      case "ENUM" ->
          ColumnType.of(ColumnKind.ENUM, Types.StringType.get()).withLabels(labels(column));
      case "SET" ->
          ColumnType.of(ColumnKind.SET, Types.StringType.get()).withLabels(labels(column));
      case "BIT" -> bits(length);
      case "BINARY" -> bytes().withSize(Math.max(length, 1), 0).withPadding();
      case "VARBINARY", "TINYBLOB", "BLOB", "MEDIUMBLOB", "LONGBLOB", "LONG VARBINARY", "VECTOR" ->
          bytes();
      case "JSON" -> json();
      case "GEOMETRY",
          "POINT",
          "LINESTRING",
          "POLYGON",
          "MULTIPOINT",
          "MULTILINESTRING",
          "MULTIPOLYGON",
          "GEOMETRYCOLLECTION",
          "GEOMCOLLECTION" ->
          ColumnType.of(ColumnKind.GEOMETRY, Types.BinaryType.get());
      case "UUID", "INET4", "INET6" -> throw unsupported(column, table, name);
      default -> {
        if (base.contains("CHAR") || base.contains("TEXT") || base.equals("LONG")) {
          yield text(column);
        }
        throw unsupported(column, table, name);
      }
    };
  }

  private static UnsupportedChangeException unsupported(Column column, Object table, String name) {
    return new UnsupportedChangeException(
        "Mapping column "
            + table
            + "."
            + column.name()
            + " failed: type '"
            + name
            + "' is not supported; exclude the table or change the column's type.");
  }

  private ColumnType booleanOrTinyInt(int length, boolean unsigned) {
    return length == 1 && !unsigned && options.tinyInt1AsBoolean()
        ? ColumnType.of(ColumnKind.BOOLEAN, Types.BooleanType.get())
        : integer(unsigned);
  }

  private static ColumnType integer(boolean unsigned) {
    return ColumnType.of(ColumnKind.INT, Types.IntegerType.get()).withUnsigned(unsigned);
  }

  private static ColumnType longInteger() {
    return ColumnType.of(ColumnKind.LONG, Types.LongType.get());
  }

  private static ColumnType unsignedLong() {
    return ColumnType.of(ColumnKind.UNSIGNED_LONG, Types.DecimalType.of(20, 0)).withUnsigned(true);
  }

  private static ColumnType bytes() {
    return ColumnType.of(ColumnKind.BYTES, Types.BinaryType.get());
  }

  private static ColumnType decimal(int length, int scale) {
    int digits = length < 0 ? 10 : length;
    return digits > MAX_DECIMAL_DIGITS
        ? ColumnType.of(ColumnKind.DECIMAL_TEXT, Types.StringType.get()).withSize(digits, scale)
        : ColumnType.of(ColumnKind.DECIMAL, Types.DecimalType.of(digits, scale))
            .withSize(digits, scale);
  }

  private ColumnType time() {
    return options.timeAsText()
        ? ColumnType.of(ColumnKind.TIME_TEXT, Types.StringType.get())
        : ColumnType.of(ColumnKind.TIME, Types.TimeType.get());
  }

  private static ColumnType bits(int length) {
    return length <= 1
        ? ColumnType.of(ColumnKind.BOOLEAN, Types.BooleanType.get()).withSize(1, 0)
        : ColumnType.of(ColumnKind.BITS, Types.BinaryType.get()).withSize(length, 0);
  }

  private ColumnType json() {
    // MariaDB's JSON is LONGTEXT under another name, in the binlog too.
    return options.flavour() == io.firn.source.Flavour.MARIADB
        ? ColumnType.of(ColumnKind.TEXT, Types.StringType.get())
            .withCharset(charsets.forName("utf8mb4"))
        : ColumnType.of(ColumnKind.JSON, Types.StringType.get());
  }

  private ColumnType text(Column column) {
    String charset = column.charsetName();
    if ("binary".equalsIgnoreCase(charset)) {
      boolean fixed =
          column.typeName().toUpperCase(Locale.ROOT).startsWith("CHAR ")
              || column.typeName().equalsIgnoreCase("CHAR");
      ColumnType bytes = bytes();
      return fixed ? bytes.withSize(Math.max(column.length(), 1), 0).withPadding() : bytes;
    }
    return ColumnType.of(ColumnKind.TEXT, Types.StringType.get())
        .withCharset(charsets.forName(charset));
  }

  private static List<String> labels(Column column) {
    List<String> labels = new ArrayList<>();
    for (String quoted : column.enumValues()) {
      labels.add(unquote(quoted));
    }
    return labels;
  }

  /** The text that a quoted SQL literal stands for. */
  static String unquote(String quoted) {
    if (quoted.length() < 2 || quoted.charAt(0) != quoted.charAt(quoted.length() - 1)) {
      return quoted;
    }
    char quote = quoted.charAt(0);
    if (quote != '\'' && quote != '"') {
      return quoted;
    }
    StringBuilder text = new StringBuilder(quoted.length());
    for (int i = 1; i < quoted.length() - 1; i++) {
      char c = quoted.charAt(i);
      if (c == '\\' && i + 1 < quoted.length() - 1) {
        i++;
        text.append(unescape(quoted.charAt(i)));
      } else {
        text.append(c);
        if (c == quote) {
          i++; // a doubled quote stands for one
        }
      }
    }
    return text.toString();
  }

  private static char unescape(char c) {
    return switch (c) {
      case 'n' -> '\n';
      case 't' -> '\t';
      case 'r' -> '\r';
      case '0' -> '\0';
      case 'b' -> '\b';
      case 'Z' -> '\u001a';
      default -> c;
    };
  }
}
