package io.firn.dsl.field;

import java.util.List;

/**
 * A part of the pipeline file and the settings it takes.
 *
 * @param name its name at the top of the file
 * @param doc what it is for, in Markdown
 * @param repeated whether it is a list of such parts
 * @param references whether values may hold <code>${env:...}</code> and <code>${file:...}</code>
 * @param fields its settings, in the order of the documentation
 */
public record SectionSpec(
    String name, String doc, boolean repeated, boolean references, List<FieldSpec<?>> fields) {

  /** Copies the list. */
  public SectionSpec {
    fields = List.copyOf(fields);
  }
}
