package io.firn.lake.catalog;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** Keeps the secret values of a configuration out of messages. Immutable. */
public final class Secrets {
  private static final Pattern NAMES =
      Pattern.compile(
          "secret|password|passwd|passphrase|pwd|token|credential|access[-.]?key|account[-.]?key"
              + "|shared[-.]?key|private[-.]?key|api[-.]?key|authorization|oauth");
  private static final Pattern IN_URLS =
      Pattern.compile(
          "(?i)((?:password|passwd|pwd|secret|token|credential)[^=&;\\s]*=)[^&;\\s]+"
              + "|(://[^:/@\\s]*:)[^@/\\s]+@");
  private static final int MAX_VALUE = 200;
  private static final int MAX_MESSAGE = 1_000;

  /** None but those in URLs. */
  public static final Secrets NONE = new Secrets(List.of());

  private final List<String> values;

  private Secrets(List<String> values) {
    this.values = values;
  }

  /** The secrets among these properties, told by their names. */
  @SafeVarargs
  public static Secrets in(Map<String, String>... properties) {
    List<String> values = new ArrayList<>();
    for (Map<String, String> map : properties) {
      map.forEach(
          (key, value) -> {
            if (isSecret(key) && value != null && value.length() > 2) {
              values.add(value);
            }
          });
    }
    values.sort(Comparator.comparingInt(String::length).reversed());
    return new Secrets(List.copyOf(values));
  }

  /** Whether a property of this name holds a secret. */
  public static boolean isSecret(String propertyName) {
    return NAMES.matcher(propertyName.toLowerCase(Locale.ROOT)).find();
  }

  /** A text without secrets and control characters, cut to a readable length. */
  public String clean(String text) {
    return escape(hide(text == null ? "" : text), MAX_MESSAGE);
  }

  /** A value for a message: like {@link #clean}, cut to 200 characters. */
  public String value(String text) {
    return escape(hide(text == null ? "" : text), MAX_VALUE);
  }

  /** What an exception says, with the causes that say something new, without secrets. */
  public String explain(Throwable failure) {
    StringBuilder text = new StringBuilder();
    String last = null;
    int depth = 0;
    for (Throwable t = failure; t != null && depth < 5; t = t.getCause(), depth++) {
      String message = t.getMessage() == null ? t.getClass().getSimpleName() : t.getMessage();
      if (last == null || !last.contains(message)) {
        text.append(last == null ? "" : ": ").append(message);
        last = message;
      }
    }
    return clean(text.toString());
  }

  /**
   * The exception as a cause to attach, or null if something in it would print a secret with the
   * stack trace.
   */
  public Throwable asCause(Throwable failure) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      String text = t.toString();
      if (!hide(text).equals(text)) {
        return null;
      }
    }
    return failure;
  }

  private String hide(String text) {
    String hidden = text;
    for (String value : values) {
      hidden = hidden.replace(value, "***");
    }
    return IN_URLS
        .matcher(hidden)
        .replaceAll(
            match ->
                match.group(1) != null
                    ? java.util.regex.Matcher.quoteReplacement(match.group(1)) + "***"
                    : java.util.regex.Matcher.quoteReplacement(match.group(2)) + "***@");
  }

  private static String escape(String text, int limit) {
    StringBuilder escaped = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      if (i == limit) {
        return escaped.append("...").toString();
      }
      char c = text.charAt(i);
      escaped.append(Character.isISOControl(c) ? String.format("\\u%04x", (int) c) : c);
    }
    return escaped.toString();
  }

  /** Does not print the values. */
  @Override
  public String toString() {
    return "Secrets(" + values.size() + ")";
  }
}
