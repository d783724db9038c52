package io.firn.source;

/** Values in messages: cut and with control characters escaped. */
public final class Texts {
  private static final int MAX_LENGTH = 200;

  private Texts() {}

  /** The value as it may appear between quotes in a message. */
  public static String quote(String value) {
    if (value == null) {
      return "";
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < value.length() && text.length() < MAX_LENGTH; i++) {
      char c = value.charAt(i);
      if (c == '\n') {
        text.append("\\n");
      } else if (Character.isISOControl(c)) {
        text.append(String.format("\\u%04x", (int) c));
      } else {
        text.append(c);
      }
    }
    return value.length() > MAX_LENGTH ? text + "..." : text.toString();
  }
}
