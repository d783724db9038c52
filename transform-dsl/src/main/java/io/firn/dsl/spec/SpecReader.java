package io.firn.dsl.spec;

import io.firn.dsl.field.BadValueException;
import io.firn.dsl.field.SectionReader;
import io.firn.dsl.field.SectionSpec;
import io.firn.dsl.field.SectionValues;
import io.firn.dsl.finding.ClosestName;
import io.firn.dsl.finding.Findings;
import io.firn.dsl.finding.Position;
import io.firn.dsl.finding.Quoted;
import io.firn.dsl.yaml.Substitution;
import io.firn.dsl.yaml.YamlNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Turns the tree of a pipeline file into a {@link PipelineSpec}, noting everything wrong with it.
 */
public final class SpecReader {
  /** The sections of a file, in the order of the documentation. */
  public static final List<SectionSpec> SECTIONS =
      List.of(
          SourceSection.SPEC,
          SinkSection.SPEC,
          TransformSection.SPEC,
          RouteSection.SPEC,
          PipelineSection.SPEC);

  private final Findings findings;
  private final SectionReader reader;
  private final String defaultName;

  /**
   * @param findings where problems are noted
   * @param substitution replaces references in values
   * @param defaultName the pipeline's name if the file gives none
   */
  public SpecReader(Findings findings, Substitution substitution, String defaultName) {
    this.findings = findings;
    this.reader = new SectionReader(findings, substitution);
    this.defaultName = defaultName;
  }

  /** The spec, or empty after noting what is wrong. */
  public Optional<PipelineSpec> read(YamlNode root) {
    if (!(root instanceof YamlNode.Mapping mapping)) {
      findings.error(
          root.position(),
          "",
          "Expected the sections of a pipeline, found " + root.kind(),
          "begin with 'source:' and 'sink:'");
      return Optional.empty();
    }
    Map<String, YamlNode> nodes = sections(mapping);
    SectionValues source = readOne(SourceSection.SPEC, nodes);
    SectionValues sink = readOne(SinkSection.SPEC, nodes);
    SectionValues pipeline = readOne(PipelineSection.SPEC, nodes);
    List<SectionValues> transforms = readList(TransformSection.SPEC, nodes);
    List<SectionValues> routes = readList(RouteSection.SPEC, nodes);
    Set<String> metadata = source == null ? Set.of() : metadata(source);
    if (sink != null) {
      checkSink(sink);
    }
    checkBehavior(pipeline);
    List<TransformRule> transformRules = new ArrayList<>();
    for (int i = 0; i < transforms.size(); i++) {
      transformRule(transforms.get(i), i).ifPresent(transformRules::add);
    }
    List<RouteRule> routeRules = new ArrayList<>();
    for (int i = 0; i < routes.size(); i++) {
      routeRule(routes.get(i), i).ifPresent(routeRules::add);
    }
    if (findings.hasErrors()) {
      return Optional.empty();
    }
    return Optional.of(
        new PipelineSpec(
            findings.file(),
            sourceSpec(source, metadata),
            sinkSpec(sink),
            transformRules,
            routeRules,
            settings(pipeline)));
  }

  private Map<String, YamlNode> sections(YamlNode.Mapping mapping) {
    List<String> names = SECTIONS.stream().map(SectionSpec::name).toList();
    Map<String, YamlNode> nodes = new HashMap<>();
    for (YamlNode.Entry entry : mapping.entries()) {
      String name = entry.key().text();
      if (names.contains(name)) {
        nodes.put(name, entry.value());
      } else {
        findings.error(
            entry.key().position(),
            Quoted.escape(name),
            "Unknown section " + Quoted.of(name),
            ClosestName.hint(name, names, "the sections are " + String.join(", ", names)));
      }
    }
    return nodes;
  }

  /** The values of a section; null after noting that a required one is missing. */
  private SectionValues readOne(SectionSpec spec, Map<String, YamlNode> nodes) {
    YamlNode node = nodes.get(spec.name());
    if (node == null && spec != PipelineSection.SPEC) {
      findings.error(
          Position.START,
          spec.name(),
          "The section is missing",
          "add '" + spec.name() + ":' with its settings");
      return null;
    }
    YamlNode present = node != null ? node : new YamlNode.Mapping(List.of(), Position.START);
    return reader.read(spec, present, spec.name());
  }

  private List<SectionValues> readList(SectionSpec spec, Map<String, YamlNode> nodes) {
    YamlNode node = nodes.get(spec.name());
    return node == null ? List.of() : reader.readAll(spec, node, spec.name());
  }

  private Set<String> metadata(SectionValues source) {
    Set<String> names = new LinkedHashSet<>();
    for (String part : source.find(SourceSection.METADATA_LIST).orElse("").split(",")) {
      String name = part.strip();
      if (name.equals("op_ts")) {
        names.add(name);
      } else if (!name.isEmpty()) {
        findings.error(
            source.positionOf(SourceSection.METADATA_LIST),
            "source.metadata.list",
            "Unknown metadata " + Quoted.of(name),
            "the only one is 'op_ts'");
      }
    }
    return names;
  }

  private void checkSink(SectionValues sink) {
    Map<String, String> catalog = sink.properties(SinkSection.CATALOG).reveal();
    if (!catalog.containsKey("type") && !catalog.containsKey("catalog-impl")) {
      findings.error(
          sink.position(),
          "sink.catalog.properties.type",
          "The sink has no catalog",
          "add 'catalog.properties.type: hadoop' (or jdbc, rest, hive, glue), or"
              + " 'catalog.properties.catalog-impl'");
    }
    if (catalog.containsKey("type") && catalog.containsKey("catalog-impl")) {
      findings.error(
          sink.position(),
          "sink.catalog.properties.catalog-impl",
          "Both a catalog type and a catalog class are given",
          "keep one of 'catalog.properties.type' and 'catalog.properties.catalog-impl'");
    }
  }

  private void checkBehavior(SectionValues pipeline) {
    SchemaChangeBehavior behavior =
        pipeline.find(PipelineSection.SCHEMA_CHANGE_BEHAVIOR).orElse(SchemaChangeBehavior.EVOLVE);
    if (behavior == SchemaChangeBehavior.TRY_EVOLVE || behavior == SchemaChangeBehavior.IGNORE) {
      findings.error(
          pipeline.positionOf(PipelineSection.SCHEMA_CHANGE_BEHAVIOR),
          "pipeline.schema.change.behavior",
          "The behaviour "
              + Quoted.of(PipelineSection.SCHEMA_CHANGE_BEHAVIOR.type().print(behavior))
              + " is not supported yet",
          "use evolve, lenient or exception");
    }
  }

  private Optional<TransformRule> transformRule(SectionValues values, int index) {
    Optional<Map<String, String>> options = tableOptions(values, index);
    if (values.find(TransformSection.SOURCE_TABLE).isEmpty() || options.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new TransformRule(
            values.position(),
            index,
            values.get(TransformSection.SOURCE_TABLE),
            values.find(TransformSection.PROJECTION),
            values.find(TransformSection.FILTER),
            values.find(TransformSection.PRIMARY_KEYS).orElse(List.of()),
            values.positionOf(TransformSection.PRIMARY_KEYS),
            values.find(TransformSection.PARTITION_KEYS).orElse(List.of()),
            values.positionOf(TransformSection.PARTITION_KEYS),
            options.get(),
            values.find(TransformSection.CONVERTER).isPresent(),
            values.find(TransformSection.DESCRIPTION).orElse("")));
  }

  private Optional<Map<String, String>> tableOptions(SectionValues values, int index) {
    Optional<String> text = values.find(TransformSection.TABLE_OPTIONS);
    if (text.isEmpty()) {
      return Optional.of(Map.of());
    }
    try {
      return Optional.of(
          TransformSection.options(text.get(), values.get(TransformSection.OPTIONS_DELIMITER)));
    } catch (BadValueException e) {
      findings.error(
          values.positionOf(TransformSection.TABLE_OPTIONS),
          "transform[" + index + "].table-options",
          e.getMessage(),
          e.remedy());
      return Optional.empty();
    }
  }

  private Optional<RouteRule> routeRule(SectionValues values, int index) {
    if (values.find(RouteSection.SOURCE_TABLE).isEmpty()
        || values.find(RouteSection.SINK_TABLE).isEmpty()) {
      return Optional.empty();
    }
    RouteRule rule =
        new RouteRule(
            values.position(),
            index,
            values.get(RouteSection.SOURCE_TABLE),
            values.get(RouteSection.SINK_TABLE),
            values.find(RouteSection.REPLACE_SYMBOL),
            values.find(RouteSection.DESCRIPTION).orElse(""));
    Position position = values.positionOf(RouteSection.SINK_TABLE);
    String path = rule.path() + ".sink-table";
    if (rule.replaceSymbol().isPresent()) {
      if (!rule.sinkTable().toString().contains(rule.replaceSymbol().get())) {
        findings.error(
            position,
            path,
            "The replace symbol " + Quoted.of(rule.replaceSymbol().get()) + " does not occur",
            "write it where the source table's name belongs, or remove 'replace-symbol'");
      }
    } else if (rule.sinkTable().highestGroup() > rule.sourceTable().groupCount()) {
      findings.error(
          position,
          path,
          "$"
              + rule.sinkTable().highestGroup()
              + " is used, but the source pattern captures "
              + rule.sourceTable().groupCount()
              + " groups",
          "put parentheses around what is to be captured in 'source-table'");
    }
    return Optional.of(rule);
  }

  private static SourceSpec sourceSpec(SectionValues values, Set<String> metadata) {
    String hostname = values.get(SourceSection.HOSTNAME);
    String username = values.get(SourceSection.USERNAME);
    return new SourceSpec(
        values.position(),
        values.get(SourceSection.TYPE),
        hostname,
        values.written(SourceSection.HOSTNAME).orElse(hostname),
        values.get(SourceSection.PORT),
        username,
        values.written(SourceSection.USERNAME).orElse(username),
        values.get(SourceSection.PASSWORD),
        values.get(SourceSection.TABLE_LIST),
        values.positionOf(SourceSection.TABLE_LIST),
        values.find(SourceSection.TABLES_EXCLUDE),
        values.find(SourceSection.SERVER_ID),
        values.find(SourceSection.SERVER_TIME_ZONE),
        values.get(SourceSection.STARTUP_MODE),
        values.get(SourceSection.CONNECT_TIMEOUT),
        values.get(SourceSection.HEARTBEAT),
        values.get(SourceSection.TINYINT1_AS_BOOLEAN),
        values.get(SourceSection.TIME_AS_TEXT),
        values.get(SourceSection.INCLUDE_COMMENTS),
        Set.copyOf(metadata),
        values.properties(SourceSection.JDBC),
        values.properties(SourceSection.DEBEZIUM));
  }

  private static SinkSpec sinkSpec(SectionValues values) {
    return new SinkSpec(
        values.position(),
        values.find(SinkSection.NAME).orElse(""),
        values.properties(SinkSection.CATALOG),
        values.properties(SinkSection.TABLE),
        values.find(SinkSection.PARTITION_KEY).orElse(io.firn.dsl.table.PartitionKeys.NONE),
        values.positionOf(SinkSection.PARTITION_KEY),
        values.find(SinkSection.WRITE_MODE).orElse(io.firn.dsl.table.WriteModes.NONE),
        values.positionOf(SinkSection.WRITE_MODE),
        values.properties(SinkSection.HADOOP),
        CompactionFields.read(values),
        MaintenanceFields.read(values));
  }

  private PipelineSettings settings(SectionValues values) {
    String name = values.find(PipelineSection.NAME).orElse(defaultName);
    Path home = Path.of("firn-data", directoryName(name));
    return new PipelineSettings(
        values.position(),
        name,
        values.get(PipelineSection.PARALLELISM),
        values.get(PipelineSection.SCHEMA_CHANGE_BEHAVIOR),
        values.get(PipelineSection.CHECKPOINT_INTERVAL),
        values
            .find(PipelineSection.CHECKPOINT_DIRECTORY)
            .orElse(home.resolve("checkpoints").toString()),
        values.find(PipelineSection.STATE_DIRECTORY).orElse(home.resolve("state").toString()),
        values.get(PipelineSection.INDEX_MEMORY),
        values.get(PipelineSection.LOCAL_TIME_ZONE),
        values.get(PipelineSection.ROUTE_MODE));
  }

  /**
   * A name as one directory: letters, digits, {@code .}, {@code _} and {@code -} stay, every other
   * UTF-8 byte becomes {@code %XX}. Different names never meet, and none leaves the directory it is
   * put into.
   */
  static String directoryName(String name) {
    StringBuilder out = new StringBuilder();
    for (byte b : name.getBytes(java.nio.charset.StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xff);
      boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
      boolean harmless = c == '_' || c == '-' || (c == '.' && out.length() > 0);
      if (letter || harmless) {
        out.append(c);
      } else {
        out.append(String.format("%%%02X", (int) c));
      }
    }
    return out.toString();
  }
}
