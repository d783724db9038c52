package io.firn.dsl.function;

import io.firn.dsl.expression.EvaluationException;
import io.firn.dsl.expression.Expression;

/** Text operations that count code points, and refuse to make huge texts. */
final class Characters {
  /** Larger results are a mistake, and would exhaust memory. */
  private static final long MAX_LENGTH = 16_777_216;

  private Characters() {}

  /** Without leading or trailing code points that occur in {@code characters}. */
  static String trim(String text, String characters, boolean start, boolean end) {
    int from = 0;
    int to = text.length();
    while (start && from < to && characters.indexOf(text.codePointAt(from)) >= 0) {
      from += Character.charCount(text.codePointAt(from));
    }
    while (end && from < to && characters.indexOf(text.codePointBefore(to)) >= 0) {
      to -= Character.charCount(text.codePointBefore(to));
    }
    return text.substring(from, to);
  }

  /** From a position (from 1, or negative from the end); positions outside the text are cut off. */
  static String substring(String text, long start, long length) {
    int count = text.codePointCount(0, text.length());
    long from = start > 0 ? start - 1 : start < 0 ? count + start : 0;
    if (length <= 0 || from >= count || from < 0) {
      return "";
    }
    int taken = (int) Math.min(length, count - from);
    int begin = text.offsetByCodePoints(0, (int) from);
    return text.substring(begin, text.offsetByCodePoints(begin, taken));
  }

  static String right(String text, long length) {
    int count = text.codePointCount(0, text.length());
    return length <= 0
        ? ""
        : length >= count ? text : text.substring(text.offsetByCodePoints(0, count - (int) length));
  }

  static Object concat(Object[] values) {
    StringBuilder out = new StringBuilder();
    for (Object value : values) {
      out.append((CharSequence) value);
    }
    return out.toString();
  }

  static Expression concatWithSeparator(Signature.Call call) {
    Expression[] all = call.arguments().toArray(Expression[]::new);
    return scope -> {
      Object separator = all[0].evaluate(scope);
      if (separator == null) {
        return null;
      }
      StringBuilder out = new StringBuilder();
      boolean first = true;
      for (int i = 1; i < all.length; i++) {
        Object value = all[i].evaluate(scope);
        if (value != null) {
          out.append(first ? "" : (CharSequence) separator).append((CharSequence) value);
          first = false;
        }
      }
      return out.toString();
    };
  }

  static Object replace(Object[] values) {
    String part = values[1].toString();
    String text = values[0].toString();
    if (part.isEmpty()) {
      return text;
    }
    String replacement = values[2].toString();
    long growth = (long) (text.length() / part.length()) * replacement.length();
    checkLength(Math.min(growth, Integer.MAX_VALUE), "REPLACE");
    return text.replace(part, replacement);
  }

  static String pad(String text, long length, String pad, boolean left) {
    checkLength(length, left ? "LPAD" : "RPAD");
    int count = text.codePointCount(0, text.length());
    if (length <= count) {
      return length <= 0 ? "" : text.substring(0, text.offsetByCodePoints(0, (int) length));
    }
    if (pad.isEmpty()) {
      return text;
    }
    int[] padding = pad.codePoints().toArray();
    StringBuilder filler = new StringBuilder();
    for (int i = 0; i < length - count; i++) {
      filler.appendCodePoint(padding[i % padding.length]);
    }
    return left ? filler + text : text + filler;
  }

  static String repeat(String text, long times) {
    if (times <= 0 || text.isEmpty()) {
      return "";
    }
    checkLength(times > MAX_LENGTH ? times : times * text.length(), "REPEAT");
    return text.repeat((int) times);
  }

  private static void checkLength(long length, String function) {
    if (length > MAX_LENGTH) {
      throw new EvaluationException(
          "The result of " + function + " would be longer than " + MAX_LENGTH + " characters");
    }
  }

  /** Position from 1 of a part at or after a position, 0 if there is none. */
  static int locate(String part, String text, long from) {
    int count = text.codePointCount(0, text.length());
    if (from < 1 || from - 1 > count) {
      return 0;
    }
    int start = text.offsetByCodePoints(0, (int) from - 1);
    int found = text.indexOf(part, start);
    return found < 0 ? 0 : text.codePointCount(0, found) + 1;
  }

  static Object splitIndex(Object[] values) {
    String text = values[0].toString();
    String separator = values[1].toString();
    long index = (Long) values[2];
    if (index < 0 || separator.isEmpty()) {
      return index == 0 ? text : null;
    }
    int start = 0;
    for (long i = 0; i < index; i++) {
      int end = text.indexOf(separator, start);
      if (end < 0) {
        return null;
      }
      start = end + separator.length();
    }
    int end = text.indexOf(separator, start);
    return text.substring(start, end < 0 ? text.length() : end);
  }
}
