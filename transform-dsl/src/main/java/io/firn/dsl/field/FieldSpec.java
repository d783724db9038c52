package io.firn.dsl.field;

import java.util.Objects;

/**
 * One setting, declared once: reading, defaults, the documentation and the JSON Schema all come
 * from here.
 *
 * @param <T> the Java type of its value
 */
public final class FieldSpec<T> {
  private final String name;
  private final FieldType<T> type;
  private final String doc;
  private final String defaultText;
  private final boolean required;
  private final String example;
  private final Effect effect;

  private FieldSpec(
      String name,
      FieldType<T> type,
      String doc,
      String defaultText,
      boolean required,
      String example,
      Effect effect) {
    this.name = Objects.requireNonNull(name, "name");
    this.type = Objects.requireNonNull(type, "type");
    this.doc = Objects.requireNonNull(doc, "doc");
    this.defaultText = defaultText;
    this.required = required;
    this.example = example;
    this.effect = effect;
  }

  /**
   * Whether a setting does something here.
   *
   * @param kind what happens when it is set
   * @param reason why, for the finding and the documentation; empty for used settings
   * @param acceptedText the one value that is accepted without a finding, or null
   */
  public record Effect(Kind kind, String reason, String acceptedText) {
    /** What happens when the setting is given. */
    public enum Kind {
      /** It has its effect. */
      USED,
      /** It is accepted with a warning. */
      NO_EFFECT,
      /** It is refused. */
      NOT_SUPPORTED
    }
  }

  /** A setting that is optional and has no default. */
  public static <T> FieldSpec<T> of(String name, FieldType<T> type, String doc) {
    return new FieldSpec<>(
        name, type, doc, null, false, null, new Effect(Effect.Kind.USED, "", null));
  }

  /** The same, with the value it has when it is not given. */
  public FieldSpec<T> withDefault(String text) {
    return new FieldSpec<>(name, type, doc, text, required, example, effect);
  }

  /** The same, but it must be given. */
  public FieldSpec<T> mandatory() {
    return new FieldSpec<>(name, type, doc, defaultText, true, example, effect);
  }

  /** The same with an example for the documentation. */
  public FieldSpec<T> withExample(String text) {
    return new FieldSpec<>(name, type, doc, defaultText, required, text, effect);
  }

  /** The same, accepted for the sake of Flink CDC's files, with a warning that it does nothing. */
  public FieldSpec<T> withoutEffect(String reason) {
    return new FieldSpec<>(
        name,
        type,
        doc,
        defaultText,
        required,
        example,
        new Effect(Effect.Kind.NO_EFFECT, reason, null));
  }

  /** The same, refused unless it has this one value (null: always). */
  public FieldSpec<T> notSupportedExcept(String acceptedText, String reason) {
    return new FieldSpec<>(
        name,
        type,
        doc,
        defaultText,
        required,
        example,
        new Effect(Effect.Kind.NOT_SUPPORTED, reason, acceptedText));
  }

  /** Name in the file; ends with {@code .*} if it stands for all names with that beginning. */
  public String name() {
    return name;
  }

  /** What kind of value it takes. */
  public FieldType<T> type() {
    return type;
  }

  /** What it is for, in one or a few sentences of Markdown. */
  public String doc() {
    return doc;
  }

  /** The default as it would be written, or null. */
  public String defaultText() {
    return defaultText;
  }

  /** Whether it must be given. */
  public boolean required() {
    return required;
  }

  /** An example value, or null. */
  public String example() {
    return example;
  }

  /** Whether it does something here. */
  public Effect effect() {
    return effect;
  }

  /** Whether its value is never shown. */
  public boolean secret() {
    return type == (Object) FieldTypes.SECRET;
  }

  /** Whether it stands for all names with a certain beginning. */
  public boolean isPrefix() {
    return name.endsWith(".*");
  }

  /** For a prefix: the beginning, with its dot. */
  public String prefix() {
    return name.substring(0, name.length() - 1);
  }

  @Override
  public String toString() {
    return name;
  }
}
