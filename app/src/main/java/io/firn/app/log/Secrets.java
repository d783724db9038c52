package io.firn.app.log;

import io.firn.dsl.finding.Quoted;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The secret values of this run, so that they can be blacked out of everything that is written for
 * people: the last line of defence behind code that does not print them in the first place.
 *
 * <p>A value is known in the forms in which libraries write it: as it is, as part of a URL, and
 * with escapes. Values of less than four characters are blacked out only where they stand alone,
 * between characters that are neither letters nor digits: elsewhere they would black out innocent
 * text.
 *
 * <p><b>Threading</b>: thread-safe.
 */
public final class Secrets {
  private static final int SHORT = 4;

  private static final String BLACKED_OUT = "******";

  /** The password between user and host. */
  private static final Pattern USER_INFO = Pattern.compile("://[^:/?#@\\s]*:([^/?#\\s]*)@");

  /** Parameters of URLs that are secret by their names. */
  private static final Pattern PARAMETER =
      Pattern.compile(
          "(?i)[?&;][^=&;\\s]*(?:password|passwd|pwd|secret|token|credential)[^=&;\\s]*=([^&;\\s]+)");

  private final List<String> values = new CopyOnWriteArrayList<>();

  /** Registers a value; null and the empty text are passed over. */
  public void add(String secret) {
    if (secret == null || secret.isBlank()) {
      return;
    }
    forms(secret);
    addPartsOf(secret);
    if (secret.indexOf('\n') >= 0) {
      secret.lines().map(String::strip).filter(line -> !line.isEmpty()).forEach(this::forms);
    }
  }

  /** Registers what is secret within a value that as a whole is not, such as a URL. */
  public void addPartsOf(String value) {
    for (Pattern pattern : List.of(USER_INFO, PARAMETER)) {
      Matcher matcher = pattern.matcher(value);
      while (matcher.find()) {
        forms(matcher.group(1));
      }
    }
  }

  private void forms(String secret) {
    register(secret);
    String escaped = Quoted.escape(secret);
    // What is too long for a message is cut there, and its beginning is secret, too.
    register(
        escaped.endsWith("...") && !secret.endsWith("...")
            ? escaped.substring(0, escaped.length() - 3)
            : escaped);
    String encoded = URLEncoder.encode(secret, StandardCharsets.UTF_8);
    for (String form : List.of(encoded, encoded.replace("+", "%20"))) {
      register(form);
      register(withSmallHexDigits(form));
    }
    try {
      register(URLDecoder.decode(secret, StandardCharsets.UTF_8));
      register(URLDecoder.decode(secret.replace("+", "%2B"), StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      // Not an encoded value.
    }
  }

  private static String withSmallHexDigits(String encoded) {
    return Pattern.compile("%[0-9A-F]{2}")
        .matcher(encoded)
        .replaceAll(match -> match.group().toLowerCase(Locale.ROOT));
  }

  private synchronized void register(String value) {
    if (value.isBlank() || values.contains(value)) {
      return;
    }
    values.add(value);
    // Longest first: a secret that contains another one must not leave its tail behind.
    values.sort(Comparator.comparingInt(String::length).reversed());
  }

  /** The text with every secret blacked out. */
  public String redact(String text) {
    String result = text;
    for (String secret : values) {
      if (result.contains(secret)) {
        result =
            secret.length() < SHORT
                ? withoutWord(result, secret)
                : result.replace(secret, BLACKED_OUT);
      }
    }
    return result;
  }

  private static String withoutWord(String text, String word) {
    StringBuilder result = new StringBuilder();
    int from = 0;
    int at = text.indexOf(word);
    while (at >= 0) {
      int end = at + word.length();
      boolean alone =
          (at == 0 || !Character.isLetterOrDigit(text.charAt(at - 1)))
              && (end == text.length() || !Character.isLetterOrDigit(text.charAt(end)));
      result.append(text, from, at).append(alone ? BLACKED_OUT : word);
      from = end;
      at = text.indexOf(word, from);
    }
    return result.append(text, from, text.length()).toString();
  }
}
