package io.firn.dsl.field;

import io.firn.dsl.finding.ClosestName;
import io.firn.dsl.finding.Findings;
import io.firn.dsl.finding.Quoted;
import io.firn.dsl.yaml.Substitution;
import io.firn.dsl.yaml.TextMap;
import io.firn.dsl.yaml.YamlNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads a section of the file by its spec and notes everything that does not fit. */
public final class SectionReader {
  private final Findings findings;
  private final Substitution substitution;

  /** A reader that notes what it finds there. */
  public SectionReader(Findings findings, Substitution substitution) {
    this.findings = findings;
    this.substitution = substitution;
  }

  /**
   * Reads one section.
   *
   * @param path its path, for findings
   * @return its values; incomplete if errors were noted
   */
  public SectionValues read(SectionSpec spec, YamlNode node, String path) {
    SectionValues values = new SectionValues(node.position());
    Set<FieldSpec<?>> given = new HashSet<>();
    if (node instanceof YamlNode.Mapping mapping) {
      for (YamlNode.Entry entry : mapping.entries()) {
        readEntry(spec, entry, path, values).ifPresent(given::add);
      }
    } else if (!(node instanceof YamlNode.Scalar scalar && scalar.isAbsent())) {
      findings.error(
          node.position(),
          path,
          "Expected settings as 'name: value', found " + node.kind(),
          spec.repeated() ? "write each rule as a list item with its settings" : "indent them");
      return values;
    }
    for (FieldSpec<?> field : spec.fields()) {
      if (!given.contains(field)) {
        setDefault(field, values, path);
      }
    }
    return values;
  }

  /** Reads a list of sections; a section that is not there gives an empty list. */
  public List<SectionValues> readAll(SectionSpec spec, YamlNode node, String path) {
    List<SectionValues> all = new ArrayList<>();
    if (node instanceof YamlNode.Sequence sequence) {
      for (YamlNode item : sequence.items()) {
        all.add(read(spec, item, path + "[" + all.size() + "]"));
      }
    } else if (!(node instanceof YamlNode.Scalar scalar && scalar.isAbsent())) {
      findings.error(
          node.position(),
          path,
          "Expected a list, found " + node.kind(),
          "begin each rule with a dash: '- source-table: ...'");
    }
    return all;
  }

  private Optional<FieldSpec<?>> readEntry(
      SectionSpec spec, YamlNode.Entry entry, String path, SectionValues values) {
    String name = entry.key().text();
    String fieldPath = path + "." + Quoted.escape(name);
    FieldSpec<?> field = find(spec, name);
    if (field == null) {
      noteUnknown(spec, entry, fieldPath);
      return Optional.empty();
    }
    FieldSpec.Effect effect = field.effect();
    boolean notScalar = !(entry.value() instanceof YamlNode.Scalar);
    if (effect.kind() == FieldSpec.Effect.Kind.NO_EFFECT) {
      findings.warning(
          entry.key().position(),
          fieldPath,
          "The setting has no effect here: " + effect.reason(),
          "it can be removed");
    } else if (effect.kind() == FieldSpec.Effect.Kind.NOT_SUPPORTED
        && (notScalar || effect.acceptedText() == null)) {
      findings.error(
          entry.key().position(),
          fieldPath,
          "The setting is not supported: " + effect.reason(),
          "remove it");
      return Optional.of(field);
    }
    if (!(entry.value() instanceof YamlNode.Scalar scalar)) {
      if (effect.kind() == FieldSpec.Effect.Kind.USED) {
        findings.error(
            entry.value().position(),
            fieldPath,
            "Expected a single value, found " + entry.value().kind(),
            entry.value() instanceof YamlNode.Mapping
                ? "write nested settings with dots, such as '" + Quoted.escape(name) + ".x: value'"
                : "write it as text");
      }
      return Optional.of(field);
    }
    readValue(spec, field, name, scalar, fieldPath, values);
    return Optional.of(field);
  }

  private <T> void readValue(
      SectionSpec spec,
      FieldSpec<T> field,
      String name,
      YamlNode.Scalar scalar,
      String path,
      SectionValues values) {
    if (scalar.isAbsent()) {
      findings.error(
          scalar.position(),
          path,
          "The setting has no value",
          "give one, write \"\" for the empty text, or remove the line");
      return;
    }
    boolean reference = Substitution.isWanted(scalar.text());
    Optional<String> text;
    if (reference && !spec.references()) {
      findings.error(
          scalar.position(),
          path,
          "References such as ${env:NAME} are not allowed in " + spec.name() + " rules",
          "write the value out: rules are shown in plans and messages");
      return;
    }
    text = substitution.apply(scalar, path, field.secret() || field.isPrefix());
    if (text.isEmpty()) {
      return;
    }
    FieldInput input =
        new FieldInput(text.get(), scalar.text(), reference || field.secret(), scalar.map());
    try {
      T value = field.type().parse(input);
      FieldSpec.Effect effect = field.effect();
      if (effect.kind() == FieldSpec.Effect.Kind.NOT_SUPPORTED
          && !value.equals(parseConstant(field, effect.acceptedText()))) {
        findings.error(
            scalar.position(),
            path,
            "The value " + input.shown() + " is not supported: " + effect.reason(),
            "remove the setting or write " + effect.acceptedText());
        return;
      }
      if (field.isPrefix()) {
        values.addProperty(field, name.substring(field.prefix().length()), input);
      } else {
        values.set(field, value, input);
      }
    } catch (BadValueException e) {
      findings.error(
          reference ? scalar.position() : scalar.map().at(e.offset()),
          path,
          e.getMessage(),
          e.remedy());
    }
  }

  private <T> void setDefault(FieldSpec<T> field, SectionValues values, String path) {
    if (field.required()) {
      findings.error(
          values.position(),
          path + "." + field.name(),
          "The setting is missing",
          "add it"
              + (field.example() == null
                  ? ""
                  : ", such as '" + field.name() + ": " + field.example() + "'"));
    } else if (field.defaultText() != null) {
      values.set(field, parseConstant(field, field.defaultText()), null);
    }
  }

  /** Parses text from a spec itself, which a test proves to be valid. */
  private static <T> T parseConstant(FieldSpec<T> field, String text) {
    try {
      return field
          .type()
          .parse(new FieldInput(text, text, false, TextMap.at(io.firn.dsl.finding.Position.START)));
    } catch (BadValueException e) {
      throw new IllegalStateException("Bad constant in the spec of '" + field + "'", e);
    }
  }

  private static FieldSpec<?> find(SectionSpec spec, String name) {
    for (FieldSpec<?> field : spec.fields()) {
      if (field.isPrefix()
          ? name.startsWith(field.prefix()) && name.length() > field.prefix().length()
          : field.name().equals(name)) {
        return field;
      }
    }
    return null;
  }

  private void noteUnknown(SectionSpec spec, YamlNode.Entry entry, String path) {
    List<String> names = new ArrayList<>();
    for (FieldSpec<?> field : spec.fields()) {
      if (!field.isPrefix()) {
        names.add(field.name());
      }
    }
    String name = entry.key().text();
    String remedy =
        ClosestName.of(name, names)
            .map(closest -> "did you mean " + Quoted.of(closest) + "?")
            .orElseGet(() -> prefixHint(spec, name));
    findings.error(entry.key().position(), path, "Unknown setting " + Quoted.of(name), remedy);
  }

  private static String prefixHint(SectionSpec spec, String name) {
    for (FieldSpec<?> field : spec.fields()) {
      if (field.isPrefix()
          && name.equals(field.prefix().substring(0, field.prefix().length() - 1))) {
        return "write each of them as '" + field.prefix() + "name: value'";
      }
      int dots = (int) field.name().chars().filter(c -> c == '.').count();
      if (field.isPrefix() && name.chars().filter(c -> c == '.').count() >= dots) {
        String[] parts = name.split("\\.", -1);
        String start = String.join(".", List.of(parts).subList(0, dots)) + ".";
        if (ClosestName.of(start, List.of(field.prefix())).isPresent()) {
          String rest = name.substring(Math.min(name.length(), start.length()));
          return "did you mean " + Quoted.of(field.prefix() + rest) + "?";
        }
      }
    }
    return "see the settings of '" + spec.name() + "' in docs/pipeline-file.md";
  }
}
