package io.firn.dsl.finding;

/** Shows foreign text in messages: in quotes, cut, and without anything that moves a cursor. */
public final class Quoted {
  private static final int MAX_CHARACTERS = 200;

  private Quoted() {}

  /** The text in single quotes, at most 200 characters of it, control characters escaped. */
  public static String of(Object text) {
    return "'" + escape(String.valueOf(text)) + "'";
  }

  /** The text without quotes, at most 200 characters of it, control characters escaped. */
  public static String escape(String text) {
    StringBuilder out = new StringBuilder();
    int shown = 0;
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      if (shown++ == MAX_CHARACTERS) {
        return out.append("...").toString();
      }
      switch (c) {
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> {
          if (isInvisible(c)) {
            out.append(String.format("\\u%04x", c));
          } else {
            out.appendCodePoint(c);
          }
        }
      }
    }
    return out.toString();
  }

  /** Whether it is a control, or a format character that reorders or hides text on a terminal. */
  public static boolean isInvisible(int c) {
    int type = Character.getType(c);
    return Character.isISOControl(c)
        || type == Character.FORMAT
        || type == Character.LINE_SEPARATOR
        || type == Character.PARAGRAPH_SEPARATOR
        || type == Character.SURROGATE
        || type == Character.UNASSIGNED;
  }
}
