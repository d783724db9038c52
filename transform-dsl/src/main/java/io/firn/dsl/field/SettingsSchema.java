package io.firn.dsl.field;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes the JSON Schema of pipeline files from the specs, for editors. It is as strict as a schema
 * can be; what it cannot say, the reader checks.
 */
public final class SettingsSchema {
  private SettingsSchema() {}

  /** The schema for these sections. */
  public static String of(List<SectionSpec> sections) {
    Map<String, Object> properties = new LinkedHashMap<>();
    for (SectionSpec section : sections) {
      Map<String, Object> object = section(section);
      properties.put(
          section.name(),
          section.repeated()
              ? ordered("description", section.doc(), "type", "array", "items", object)
              : object);
    }
    Map<String, Object> root =
        ordered(
            "$schema",
            "https://json-schema.org/draft/2020-12/schema",
            "title",
            "Firn pipeline file",
            "type",
            "object",
            "required",
            List.of("source", "sink"),
            "additionalProperties",
            false,
            "properties",
            properties);
    return Json.write(root) + "\n";
  }

  private static Map<String, Object> section(SectionSpec section) {
    Map<String, Object> properties = new LinkedHashMap<>();
    Map<String, Object> patterns = new LinkedHashMap<>();
    for (FieldSpec<?> field : section.fields()) {
      boolean refused =
          field.effect().kind() == FieldSpec.Effect.Kind.NOT_SUPPORTED
              && field.effect().acceptedText() == null;
      if (field.isPrefix()) {
        patterns.put("^" + field.prefix().replace(".", "\\.") + ".+", field(field, section));
      } else if (!refused) {
        properties.put(field.name(), field(field, section));
      }
    }
    Map<String, Object> object =
        ordered(
            "description",
            section.doc(),
            "type",
            "object",
            "required",
            section.fields().stream().filter(FieldSpec::required).map(FieldSpec::name).toList(),
            "additionalProperties",
            false,
            "properties",
            properties);
    if (!patterns.isEmpty()) {
      object.put("patternProperties", patterns);
    }
    return object;
  }

  private static Map<String, Object> field(FieldSpec<?> field, SectionSpec section) {
    Map<String, Object> type = new LinkedHashMap<>(new TreeMap<>(field.type().jsonSchema()));
    Map<String, Object> object = ordered("description", field.doc());
    if (field.defaultText() != null) {
      object.put("default", field.defaultText());
    }
    boolean text = String.valueOf(type.get("type")).contains("string");
    if (section.references() && !text) {
      // A number, a flag or a word may also come from a reference.
      object.put(
          "anyOf",
          List.of(type, ordered("type", "string", "pattern", "\\$\\{(env|file):[^}]*\\}")));
    } else {
      object.putAll(type);
    }
    return object;
  }

  private static Map<String, Object> ordered(Object... namesAndValues) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      map.put((String) namesAndValues[i], namesAndValues[i + 1]);
    }
    return map;
  }
}
