package io.firn.source.decode;

import java.math.BigDecimal;

/**
 * Writes the numbers of JSON documents the same way, wherever they come from.
 *
 * <p>The server prints a double with the fewest digits that read back to it, the binlog has its
 * bits, and a decimal inside a document prints like a double. So every number with a fraction or an
 * exponent goes through its text: a text that a double says exactly is printed as that double.
 */
final class JsonNumbers {
  private JsonNumbers() {}

  static String ofDouble(double value) {
    // The same text as the server's, read as a decimal: no trailing zeros, no exponent.
    return plain(shortest(value));
  }

  /** Canonical text of a number with a fraction or an exponent. */
  static String ofText(String text) {
    BigDecimal exact = new BigDecimal(text);
    double asDouble = exact.doubleValue();
    if (!Double.isInfinite(asDouble)) {
      BigDecimal shortest = shortest(asDouble);
      if (shortest.compareTo(exact) == 0) {
        return plain(shortest);
      }
    }
    return plain(exact);
  }

  private static BigDecimal shortest(double value) {
    // Double.toString of Java 17 sometimes prints a digit too many (JDK-4511638).
    BigDecimal best = new BigDecimal(Double.toString(value));
    for (int digits = 1; digits < best.precision(); digits++) {
      BigDecimal rounded = best.round(new java.math.MathContext(digits));
      if (rounded.doubleValue() == value) {
        return rounded;
      }
    }
    return best;
  }

  private static String plain(BigDecimal value) {
    if (value.signum() == 0) {
      return "0.0";
    }
    BigDecimal stripped = value.stripTrailingZeros();
    int exponent = stripped.precision() - stripped.scale() - 1;
    if (exponent > 20 || exponent < -20) {
      return stripped.toString();
    }
    String text = stripped.toPlainString();
    return text.indexOf('.') < 0 ? text + ".0" : text;
  }
}
