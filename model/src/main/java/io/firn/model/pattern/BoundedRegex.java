package io.firn.model.pattern;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Compiles regular expressions that somebody else wrote: matching is by RE2/J, in linear time, and
 * what an expression grows to when it is compiled has a limit too.
 *
 * <p>RE2/J unrolls repetitions, so {@code ((a{1000}){1000}){1000}} would want a thousand million
 * nodes; and it descends into groups by recursion.
 */
public final class BoundedRegex {
  private static final int MAX_CHARACTERS = 10_000;
  private static final int MAX_DEPTH = 100;
  private static final long MAX_UNROLLED = 10_000;

  private final String regex;

  /** Sizes so far of the groups that are open. */
  private final Deque<Long> open = new ArrayDeque<>();

  /** Unrolled size of what was read of the innermost group. */
  private long size;

  /** Unrolled size of the last character, class or group, which a repetition would multiply. */
  private long last;

  private BoundedRegex(String regex) {
    this.regex = regex;
  }

  /**
   * Compiles an expression.
   *
   * @param flags those of {@link Pattern}
   * @throws PatternSyntaxException if it is malformed or too large
   */
  public static Pattern compile(String regex, int flags) {
    if (regex.length() > MAX_CHARACTERS) {
      throw new PatternSyntaxException("it is longer than " + MAX_CHARACTERS + " characters", "");
    }
    new BoundedRegex(regex).check();
    return Pattern.compile(regex, flags);
  }

  private void check() {
    int i = 0;
    while (i < regex.length()) {
      switch (regex.charAt(i)) {
        case '(' -> {
          open.push(size);
          size = 0;
          last = 0;
          i++;
        }
        case ')' -> {
          last = size;
          size += open.isEmpty() ? 0 : open.pop();
          i++;
        }
        case '[' -> {
          i = afterClass(i);
          atom();
        }
        case '{' -> i = repetition(i);
        case '\\' -> {
          i = regex.startsWith("\\Q", i) ? afterQuotation(i) : i + 2;
          atom();
        }
        default -> {
          i++;
          atom();
        }
      }
      if (open.size() > MAX_DEPTH) {
        throw new PatternSyntaxException("more than " + MAX_DEPTH + " groups in one another", "");
      }
      if (size > MAX_UNROLLED) {
        throw new PatternSyntaxException(
            "its repetitions come to more than " + MAX_UNROLLED + " characters", "");
      }
    }
  }

  private void atom() {
    last = 1;
    size++;
  }

  private int repetition(int brace) {
    int end = regex.indexOf('}', brace);
    if (end < 0) {
      atom();
      return brace + 1;
    }
    long largest = 1;
    long count = 0;
    for (int i = brace + 1; i < end; i++) {
      char c = regex.charAt(i);
      count = c >= '0' && c <= '9' ? Math.min(MAX_UNROLLED, count * 10 + (c - '0')) : 0;
      largest = Math.max(largest, count);
    }
    size += last * (largest - 1);
    last *= largest;
    return end + 1;
  }

  private int afterClass(int bracket) {
    int i = bracket + 1;
    if (regex.startsWith("^", i)) {
      i++;
    }
    // A bracket that comes first stands for itself.
    if (regex.startsWith("]", i)) {
      i++;
    }
    while (i < regex.length() && regex.charAt(i) != ']') {
      if (regex.startsWith("[:", i) && regex.indexOf(":]", i + 2) > 0) {
        i = regex.indexOf(":]", i + 2) + 2;
      } else {
        i += regex.charAt(i) == '\\' ? 2 : 1;
      }
    }
    return i + 1;
  }

  private int afterQuotation(int start) {
    int end = regex.indexOf("\\E", start + 2);
    return end < 0 ? regex.length() : end + 2;
  }
}
