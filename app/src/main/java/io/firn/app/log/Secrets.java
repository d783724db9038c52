package io.firn.app.log;

import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The secret values of this run, so that they can be blacked out of everything that is written for
 * people: the last line of defence behind code that does not print them in the first place.
 *
 * <p><b>Threading</b>: thread-safe.
 */
public final class Secrets {
  /** Shorter values would black out innocent text. */
  private static final int MIN_LENGTH = 4;

  private static final String BLACKED_OUT = "******";

  private final List<String> values = new CopyOnWriteArrayList<>();

  /** Registers a value; null and very short ones are passed over. */
  public void add(String secret) {
    if (secret == null || secret.length() < MIN_LENGTH || values.contains(secret)) {
      return;
    }
    values.add(secret);
    // Longest first: a secret that contains another one must not leave its tail behind.
    values.sort(Comparator.comparingInt(String::length).reversed());
  }

  /** The text with every secret blacked out. */
  public String redact(String text) {
    String result = text;
    for (String secret : values) {
      if (result.contains(secret)) {
        result = result.replace(secret, BLACKED_OUT);
      }
    }
    return result;
  }
}
