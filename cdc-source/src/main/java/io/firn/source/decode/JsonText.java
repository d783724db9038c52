package io.firn.source.decode;

/**
 * Brings the server's JSON text into canonical form: no space between tokens, minimal escapes,
 * numbers as {@link JsonNumbers} writes them. Order of keys is the server's own, which is the same
 * everywhere.
 */
public final class JsonText {
  private JsonText() {}

  /** The canonical form of a JSON document as the server prints it. */
  public static String canonical(String text) {
    StringBuilder out = new StringBuilder(text.length());
    int i = 0;
    while (i < text.length()) {
      char c = text.charAt(i);
      if (c == '"') {
        i = string(text, i, out);
      } else if (c == '-' || c >= '0' && c <= '9') {
        i = number(text, i, out);
      } else {
        if (c != ' ' && c != '\n' && c != '\r' && c != '\t') {
          out.append(c);
        }
        i++;
      }
    }
    return out.toString();
  }

  private static int string(String text, int start, StringBuilder out) {
    out.append('"');
    int i = start + 1;
    while (text.charAt(i) != '"') {
      char c = text.charAt(i);
      if (c != '\\') {
        escape(c, out);
        i++;
        continue;
      }
      char escaped = text.charAt(i + 1);
      i += 2;
      switch (escaped) {
        case 'b' -> escape('\b', out);
        case 'f' -> escape('\f', out);
        case 'n' -> escape('\n', out);
        case 'r' -> escape('\r', out);
        case 't' -> escape('\t', out);
        case 'u' -> {
          escape((char) Integer.parseInt(text, i, i + 4, 16), out);
          i += 4;
        }
        default -> escape(escaped, out);
      }
    }
    out.append('"');
    return i + 1;
  }

  private static int number(String text, int start, StringBuilder out) {
    int i = start;
    boolean integer = true;
    while (i < text.length()) {
      char c = text.charAt(i);
      if (c == '.' || c == 'e' || c == 'E') {
        integer = false;
      } else if (c != '-' && c != '+' && (c < '0' || c > '9')) {
        break;
      }
      i++;
    }
    String number = text.substring(start, i);
    out.append(integer ? number : JsonNumbers.ofText(number));
    return i;
  }

  /** Appends a character of a string, escaped where JSON demands it. */
  static void escape(char c, StringBuilder out) {
    switch (c) {
      case '"' -> out.append("\\\"");
      case '\\' -> out.append("\\\\");
      case '\b' -> out.append("\\b");
      case '\f' -> out.append("\\f");
      case '\n' -> out.append("\\n");
      case '\r' -> out.append("\\r");
      case '\t' -> out.append("\\t");
      default -> {
        if (c < ' ') {
          out.append(String.format("\\u%04x", (int) c));
        } else {
          out.append(c);
        }
      }
    }
  }

  /** Appends a whole string with its quotes. */
  static void quote(String text, StringBuilder out) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      escape(text.charAt(i), out);
    }
    out.append('"');
  }
}
