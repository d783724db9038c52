package io.firn.dsl.yaml;

import io.firn.dsl.finding.Findings;
import io.firn.dsl.finding.Position;
import io.firn.dsl.finding.Quoted;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Reads YAML 1.2 strictly: one document, no name twice, no anchors, aliases or tags, limited in
 * size and depth, and every scalar kept as the text that was written.
 *
 * <p>Built on the parser's events rather than on its object graph: so a duplicate key is found with
 * its place, an alias is never expanded, and {@code no} or {@code 010} stay what they are.
 */
public final class YamlFile {
  /** Largest file that is read, in characters. */
  public static final int MAX_CHARACTERS = 1_000_000;

  private static final int MAX_DEPTH = 16;
  private static final int MAX_NODES = 20_000;

  private final Findings findings;
  private final int[] source;
  private final Iterator<Event> events;
  private int nodes;

  /** Whether something was not even read, so that going on would report what follows from it. */
  private boolean refused;

  private YamlFile(String text, Findings findings) {
    this.findings = findings;
    this.source = text.codePoints().toArray();
    LoadSettings settings =
        LoadSettings.builder()
            .setLabel(findings.file())
            .setCodePointLimit(MAX_CHARACTERS)
            .setParseComments(false)
            .build();
    this.events = new Parse(settings).parseString(text).iterator();
  }

  /**
   * Reads a file's text.
   *
   * @return its root, or empty after noting why there is none
   */
  public static Optional<YamlNode> read(String text, Findings findings) {
    if (text.length() > MAX_CHARACTERS) {
      findings.error(
          Position.START,
          "",
          "The file has " + text.length() + " characters",
          "a pipeline file may have at most " + MAX_CHARACTERS);
      return Optional.empty();
    }
    try {
      return new YamlFile(text, findings).document();
    } catch (MarkedYamlEngineException e) {
      Position position =
          e.getProblemMark().or(e::getContextMark).map(YamlFile::position).orElse(Position.START);
      String context = e.getContext() == null ? "" : " " + e.getContext();
      if (e.getContextMark().isPresent() && e.getProblemMark().isPresent()) {
        int line = e.getContextMark().get().getLine() + 1;
        context += line == position.line() ? "" : " that begins in line " + line;
      }
      findings.error(
          position,
          "",
          "Not valid YAML" + Quoted.escape(context + ": " + e.getProblem()),
          "check indentation, colons and quotes at this place");
    } catch (ReaderException e) {
      findings.error(
          positionOf(text, e.getPosition()),
          "",
          String.format("The character U+%04X is not allowed in YAML", e.getCodePoint()),
          "remove it, or write it as an escape in double quotes");
    } catch (StoppedException e) {
      // Already noted.
    } catch (YamlEngineException e) {
      findings.error(
          Position.START,
          "",
          "Not valid YAML: " + Quoted.escape(String.valueOf(e.getMessage())),
          "check the file's syntax");
    }
    return Optional.empty();
  }

  private Optional<YamlNode> document() {
    YamlNode root = null;
    while (events.hasNext()) {
      Event event = events.next();
      switch (event.getEventId()) {
        case DocumentStart -> {
          if (root != null) {
            findings.error(
                position(event),
                "",
                "A second YAML document begins here",
                "a pipeline file is one document: remove the '---' line and what follows");
            return Optional.empty();
          }
        }
        case Scalar, MappingStart, SequenceStart, Alias -> root = node(event, "", 1);
        default -> {
          // Ends of the document and of the stream.
        }
      }
    }
    if (root == null || (root instanceof YamlNode.Scalar scalar && scalar.isAbsent())) {
      findings.error(
          Position.START, "", "The file is empty", "it needs at least 'source' and 'sink'");
      return Optional.empty();
    }
    return refused ? Optional.empty() : Optional.of(root);
  }

  private YamlNode node(Event event, String path, int depth) {
    Position position = position(event);
    if (++nodes > MAX_NODES) {
      stop(position, path, "The file has more than " + MAX_NODES + " values", "split it");
    }
    if (depth > MAX_DEPTH) {
      stop(
          position,
          path,
          "The file is nested deeper than " + MAX_DEPTH + " levels",
          "a pipeline file has settings one below the other");
    }
    if (event instanceof AliasEvent) {
      refused = true;
      findings.error(
          position, path, "Aliases (*name) are not allowed", "write the value out at this place");
      return new YamlNode.Scalar("", false, TextMap.at(position), position);
    }
    refuseAnchorAndTag((NodeEvent) event, path, position);
    if (event instanceof MappingStartEvent) {
      return mapping(position, path, depth);
    }
    if (event instanceof SequenceStartEvent) {
      return sequence(position, path, depth);
    }
    return scalar((ScalarEvent) event, position);
  }

  private void refuseAnchorAndTag(NodeEvent event, String path, Position position) {
    if (event.getAnchor().isPresent()) {
      refused = true;
      findings.error(
          position, path, "Anchors (&name) are not allowed", "write the value where it is needed");
    }
    Optional<String> tag =
        event instanceof ScalarEvent scalar
            ? scalar.getTag()
            : ((CollectionStartEvent) event).getTag();
    if (tag.isPresent()) {
      refused = true;
      findings.error(
          position,
          path,
          "The tag " + Quoted.of(tag.get()) + " is not allowed",
          "write the plain value: its type comes from the setting");
    }
  }

  private YamlNode mapping(Position position, String path, int depth) {
    List<YamlNode.Entry> entries = new ArrayList<>();
    Map<String, Position> seen = new HashMap<>();
    for (Event event = events.next();
        event.getEventId() != Event.ID.MappingEnd;
        event = events.next()) {
      YamlNode key = node(event, path, depth + 1);
      String name = key instanceof YamlNode.Scalar scalar ? scalar.text() : "?";
      String valuePath = path.isEmpty() ? Quoted.escape(name) : path + "." + Quoted.escape(name);
      YamlNode value = node(events.next(), valuePath, depth + 1);
      if (!(key instanceof YamlNode.Scalar scalarKey)) {
        findings.error(
            key.position(), path, "A name must be a single value", "quote it if it has brackets");
        continue;
      }
      Position first = seen.putIfAbsent(name, key.position());
      if (first != null) {
        findings.error(
            key.position(),
            valuePath,
            "The setting is given twice, first in line " + first.line(),
            "keep one of them");
      } else {
        entries.add(new YamlNode.Entry(scalarKey, value));
      }
    }
    return new YamlNode.Mapping(List.copyOf(entries), position);
  }

  private YamlNode sequence(Position position, String path, int depth) {
    List<YamlNode> items = new ArrayList<>();
    for (Event event = events.next();
        event.getEventId() != Event.ID.SequenceEnd;
        event = events.next()) {
      items.add(node(event, path + "[" + items.size() + "]", depth + 1));
    }
    return new YamlNode.Sequence(List.copyOf(items), position);
  }

  private YamlNode scalar(ScalarEvent event, Position position) {
    TextMap map = TextMap.at(position);
    if (event.getStartMark().isPresent() && event.getEndMark().isPresent()) {
      ScalarStyle style = event.getScalarStyle();
      map =
          TextMap.follow(
              source,
              event.getStartMark().get().getIndex(),
              event.getEndMark().get().getIndex(),
              position,
              event.getValue(),
              style == ScalarStyle.DOUBLE_QUOTED,
              style == ScalarStyle.LITERAL || style == ScalarStyle.FOLDED);
    }
    return new YamlNode.Scalar(event.getValue(), event.isPlain(), map, position);
  }

  private void stop(Position position, String path, String message, String remedy) {
    findings.error(position, path, message, remedy);
    throw new StoppedException();
  }

  private static Position position(Event event) {
    return event.getStartMark().map(YamlFile::position).orElse(Position.START);
  }

  private static Position position(Mark mark) {
    return new Position(mark.getLine() + 1, mark.getColumn() + 1);
  }

  private static Position positionOf(String text, int codePointIndex) {
    int line = 1;
    int column = 1;
    int[] characters = text.codePoints().limit(codePointIndex).toArray();
    for (int c : characters) {
      if (c == '\n') {
        line++;
        column = 1;
      } else {
        column++;
      }
    }
    return new Position(line, column);
  }

  /** Leaves the parser after a limit was exceeded; never seen by callers. */
  private static final class StoppedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StoppedException() {
      super(null, null, false, false);
    }
  }
}
