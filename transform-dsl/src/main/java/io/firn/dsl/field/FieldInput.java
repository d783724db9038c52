package io.firn.dsl.field;

import io.firn.dsl.finding.Quoted;
import io.firn.dsl.yaml.TextMap;

/**
 * What a setting's type turns into a value.
 *
 * @param text the text, references replaced
 * @param written the text as it stands in the file
 * @param hidden whether the text must not be shown: it came from a reference or the setting is
 *     secret
 * @param map where in the file the characters of {@code written} are
 */
public record FieldInput(String text, String written, boolean hidden, TextMap map) {

  /** The text for a message: quoted, or what was written if the text must not be shown. */
  public String shown() {
    if (!hidden) {
      return Quoted.of(text);
    }
    return written.contains("${") ? "of " + Quoted.of(referencesOnly()) : "(not shown)";
  }

  private String referencesOnly() {
    int open = written.indexOf("${");
    int close = written.indexOf('}', open);
    return close < 0 ? written.substring(open, open + 2) : written.substring(open, close + 1);
  }

  @Override
  public String toString() {
    return shown();
  }
}
