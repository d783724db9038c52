package io.firn.dsl.yaml;

import io.firn.dsl.finding.Position;
import java.util.List;

/** A node of a pipeline file, with its place in the file. */
public sealed interface YamlNode {

  /** Where the node begins. */
  Position position();

  /** What kind of node it is, for messages. */
  String kind();

  /**
   * A single value; always text, whatever it looks like: what type it has is for the setting to
   * say.
   */
  record Scalar(String text, boolean plain, TextMap map, Position position) implements YamlNode {
    @Override
    public String kind() {
      return "a single value";
    }

    /** Whether there is nothing at all after the colon. */
    public boolean isAbsent() {
      return plain && text.isEmpty();
    }
  }

  /** Names and values, in the order of the file; no name occurs twice. */
  record Mapping(List<Entry> entries, Position position) implements YamlNode {
    @Override
    public String kind() {
      return "a mapping";
    }
  }

  /** A list of values. */
  record Sequence(List<YamlNode> items, Position position) implements YamlNode {
    @Override
    public String kind() {
      return "a list";
    }
  }

  /** One name and its value. */
  record Entry(Scalar key, YamlNode value) {}
}
