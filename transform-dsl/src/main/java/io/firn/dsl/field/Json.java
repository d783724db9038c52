package io.firn.dsl.field;

import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** Writes JSON of maps, lists, texts, numbers and booleans. */
final class Json {
  private Json() {}

  static String write(Object value) {
    StringBuilder out = new StringBuilder();
    write(value, 0, out);
    return out.toString();
  }

  private static void write(Object value, int depth, StringBuilder out) {
    if (value instanceof Map<?, ?> map) {
      list(map.entrySet().iterator(), '{', '}', depth, out);
    } else if (value instanceof Map.Entry<?, ?> entry) {
      text((String) entry.getKey(), out);
      out.append(": ");
      write(entry.getValue(), depth, out);
    } else if (value instanceof List<?> list) {
      list(list.iterator(), '[', ']', depth, out);
    } else if (value instanceof String text) {
      text(text, out);
    } else {
      out.append(value);
    }
  }

  private static void list(Iterator<?> items, char open, char close, int depth, StringBuilder out) {
    out.append(open);
    boolean any = items.hasNext();
    while (items.hasNext()) {
      out.append('\n').append("  ".repeat(depth + 1));
      write(items.next(), depth + 1, out);
      out.append(items.hasNext() ? "," : "");
    }
    if (any) {
      out.append('\n').append("  ".repeat(depth));
    }
    out.append(close);
  }

  private static void text(String text, StringBuilder out) {
    out.append('"');
    for (char c : text.toCharArray()) {
      switch (c) {
        case '"', '\\' -> out.append('\\').append(c);
        case '\n' -> out.append("\\n");
        default -> {
          if (c < ' ') {
            out.append(String.format("\\u%04x", (int) c));
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }
}
