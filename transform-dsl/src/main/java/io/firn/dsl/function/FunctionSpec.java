package io.firn.dsl.function;

import java.util.List;

/**
 * One function, declared once: what calls are valid, what they give, and the documentation with
 * examples, which are executed as tests.
 *
 * @param name its name, in capitals; calls are recognised in any case
 * @param aliases other names for it
 * @param group the chapter of the documentation
 * @param doc what it does, in Markdown
 * @param signatures the ways to call it, of which the first that fits counts
 * @param deterministic whether constant arguments give a constant result
 * @param examples calls and their results
 */
public record FunctionSpec(
    String name,
    List<String> aliases,
    Group group,
    String doc,
    List<Signature> signatures,
    boolean deterministic,
    List<Example> examples) {

  /** Copies the lists. */
  public FunctionSpec {
    aliases = List.copyOf(aliases);
    signatures = List.copyOf(signatures);
    examples = List.copyOf(examples);
  }

  /** The chapters of the documentation. */
  public enum Group {
    /** Choosing between values. */
    CONDITION("Conditions"),
    /** Numbers. */
    NUMBER("Numbers"),
    /** Text. */
    TEXT("Text"),
    /** Dates and times. */
    TIME("Dates and times");

    private final String title;

    Group(String title) {
      this.title = title;
    }

    /** The chapter's heading. */
    public String title() {
      return title;
    }
  }

  /**
   * A call and its result.
   *
   * @param expression SQL without columns
   * @param result the result as {@code CAST(... AS STRING)} gives it, or {@code NULL}
   */
  public record Example(String expression, String result) {}

  /** The same with another name. */
  public FunctionSpec alias(String... names) {
    return new FunctionSpec(name, List.of(names), group, doc, signatures, deterministic, examples);
  }

  /** The same with an example more. */
  public FunctionSpec example(String expression, String result) {
    List<Example> more = new java.util.ArrayList<>(examples);
    more.add(new Example(expression, result));
    return new FunctionSpec(name, aliases, group, doc, signatures, deterministic, more);
  }

  /** The same with another way to call it. */
  public FunctionSpec or(Signature signature) {
    List<Signature> more = new java.util.ArrayList<>(signatures);
    more.add(signature);
    return new FunctionSpec(name, aliases, group, doc, more, deterministic, examples);
  }

  /** The same, but its result changes from row to row even for constant arguments. */
  public FunctionSpec changing() {
    return new FunctionSpec(name, aliases, group, doc, signatures, false, examples);
  }

  /** A function with one way to call it. */
  public static FunctionSpec of(String name, Group group, String doc, Signature signature) {
    return new FunctionSpec(name, List.of(), group, doc, List.of(signature), true, List.of());
  }
}
