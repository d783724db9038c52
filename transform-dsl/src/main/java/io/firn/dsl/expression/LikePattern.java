package io.firn.dsl.expression;

/**
 * Matches SQL LIKE patterns: {@code %} for any characters, {@code _} for one.
 *
 * <p>Greedy with a single point to go back to (the last {@code %}), so the time is bounded by the
 * product of the lengths; a regular expression would do, but an own matcher needs no translation.
 */
public final class LikePattern {
  private static final int ANY = -1;
  private static final int ONE = -2;

  /** Code points, {@link #ANY} or {@link #ONE}. */
  private final int[] pattern;

  /**
   * @param text the pattern
   * @param escape the character that makes the next one literal, or -1 for none
   * @throws EvaluationException if the escape character is last or before an ordinary character
   */
  public LikePattern(String text, int escape) {
    int[] characters = text.codePoints().toArray();
    int[] out = new int[characters.length];
    int size = 0;
    for (int i = 0; i < characters.length; i++) {
      int c = characters[i];
      if (c == escape) {
        if (++i == characters.length
            || (characters[i] != '%' && characters[i] != '_' && characters[i] != escape)) {
          throw new EvaluationException(
              "The escape character in the pattern "
                  + io.firn.dsl.finding.Quoted.of(text)
                  + " is not followed by %, _ or itself");
        }
        out[size++] = characters[i];
      } else {
        out[size++] = c == '%' ? ANY : c == '_' ? ONE : c;
      }
    }
    this.pattern = java.util.Arrays.copyOf(out, size);
  }

  /** Whether the whole text matches. */
  public boolean matches(String text) {
    int length = text.length();
    int at = 0;
    int p = 0;
    int retryPattern = -1;
    int retryText = 0;
    while (at < length) {
      int c = text.codePointAt(at);
      if (p < pattern.length && pattern[p] == ANY) {
        retryPattern = ++p;
        retryText = at;
      } else if (p < pattern.length && (pattern[p] == ONE || pattern[p] == c)) {
        p++;
        at += Character.charCount(c);
      } else if (retryPattern >= 0) {
        retryText += Character.charCount(text.codePointAt(retryText));
        at = retryText;
        p = retryPattern;
      } else {
        return false;
      }
    }
    while (p < pattern.length && pattern[p] == ANY) {
      p++;
    }
    return p == pattern.length;
  }
}
