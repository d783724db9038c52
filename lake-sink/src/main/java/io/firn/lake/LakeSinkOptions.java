package io.firn.lake;

import io.firn.lake.catalog.Secrets;
import io.firn.lake.compact.CompactionSettings;
import io.firn.lake.maintain.MaintenanceSettings;
import io.firn.lake.table.WriteMode;
import io.firn.model.error.ConfigurationException;
import io.firn.model.schema.TableId;
import io.firn.model.schema.TableSchema;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Where and how the sink writes.
 *
 * @param catalogName name under which the catalog knows itself; a JDBC catalog keeps its tables
 *     under it, so readers must use the same
 * @param catalogProperties Iceberg's catalog properties without any prefix: {@code type} or {@code
 *     catalog-impl}, {@code uri}, {@code warehouse}, {@code io-impl}, {@code s3.*}, {@code
 *     jdbc.*}...
 * @param hadoopConf Hadoop configuration entries
 * @param tableProperties properties of tables that the sink creates; they win over Firn's defaults
 * @param partitionRules partitioning of tables that the sink creates; the first match wins
 * @param propertyRules properties of single tables that the sink creates; the first match wins
 * @param databases databases (namespaces) in which tables of the pipeline can be; empty to look
 *     into all of the catalog
 * @param compaction when files are compacted
 * @param maintenance what else is tidied up
 * @param writeModes how changes become rows; the first match wins
 */
public record LakeSinkOptions(
    String catalogName,
    Map<String, String> catalogProperties,
    Map<String, String> hadoopConf,
    Map<String, String> tableProperties,
    List<PartitionRule> partitionRules,
    List<PropertyRule> propertyRules,
    Set<String> databases,
    CompactionSettings compaction,
    MaintenanceSettings maintenance,
    List<WriteModeRule> writeModes) {

  /** The catalog's name where none is given. */
  public static final String DEFAULT_CATALOG_NAME = "firn";

  /** Copies the collections. */
  public LakeSinkOptions {
    catalogProperties = Map.copyOf(catalogProperties);
    hadoopConf = Map.copyOf(hadoopConf);
    tableProperties = Map.copyOf(tableProperties);
    partitionRules = List.copyOf(partitionRules);
    propertyRules = List.copyOf(propertyRules);
    databases = Set.copyOf(databases);
    writeModes = List.copyOf(writeModes);
  }

  /** Options with the default write modes. */
  public LakeSinkOptions(
      String catalogName,
      Map<String, String> catalogProperties,
      Map<String, String> hadoopConf,
      Map<String, String> tableProperties,
      List<PartitionRule> partitionRules,
      List<PropertyRule> propertyRules,
      Set<String> databases,
      CompactionSettings compaction,
      MaintenanceSettings maintenance) {
    this(
        catalogName,
        catalogProperties,
        hadoopConf,
        tableProperties,
        partitionRules,
        propertyRules,
        databases,
        compaction,
        maintenance,
        List.of());
  }

  /** Options without upkeep. */
  public LakeSinkOptions(
      String catalogName,
      Map<String, String> catalogProperties,
      Map<String, String> hadoopConf,
      Map<String, String> tableProperties,
      List<PartitionRule> partitionRules,
      List<PropertyRule> propertyRules,
      Set<String> databases) {
    this(
        catalogName,
        catalogProperties,
        hadoopConf,
        tableProperties,
        partitionRules,
        propertyRules,
        databases,
        CompactionSettings.OFF,
        MaintenanceSettings.OFF);
  }

  /** Options with a catalog and no more; nothing is compacted. */
  public static LakeSinkOptions of(Map<String, String> catalogProperties) {
    return new LakeSinkOptions(
        DEFAULT_CATALOG_NAME,
        catalogProperties,
        Map.of(),
        Map.of(),
        List.of(),
        List.of(),
        Set.of());
  }

  /** The same with other settings of compaction. */
  public LakeSinkOptions withCompaction(CompactionSettings settings) {
    return new LakeSinkOptions(
        catalogName,
        catalogProperties,
        hadoopConf,
        tableProperties,
        partitionRules,
        propertyRules,
        databases,
        settings,
        maintenance,
        writeModes);
  }

  /** The same with other settings of maintenance. */
  public LakeSinkOptions withMaintenance(MaintenanceSettings settings) {
    return new LakeSinkOptions(
        catalogName,
        catalogProperties,
        hadoopConf,
        tableProperties,
        partitionRules,
        propertyRules,
        databases,
        compaction,
        settings,
        writeModes);
  }

  /** The same with other table properties. */
  public LakeSinkOptions withTableProperties(Map<String, String> properties) {
    return new LakeSinkOptions(
        catalogName,
        catalogProperties,
        hadoopConf,
        properties,
        partitionRules,
        propertyRules,
        databases,
        compaction,
        maintenance,
        writeModes);
  }

  /** The same with other partition rules. */
  public LakeSinkOptions withPartitionRules(List<PartitionRule> rules) {
    return new LakeSinkOptions(
        catalogName,
        catalogProperties,
        hadoopConf,
        tableProperties,
        rules,
        propertyRules,
        databases,
        compaction,
        maintenance,
        writeModes);
  }

  /** The same with other write modes. */
  public LakeSinkOptions withWriteModes(List<WriteModeRule> rules) {
    return new LakeSinkOptions(
        catalogName,
        catalogProperties,
        hadoopConf,
        tableProperties,
        partitionRules,
        propertyRules,
        databases,
        compaction,
        maintenance,
        rules);
  }

  /**
   * How changes of a table become rows.
   *
   * @param table the target table's layout
   * @throws ConfigurationException if the mode that is wanted needs a key, and there is none
   */
  public WriteMode writeMode(TableSchema table) {
    WriteMode usual = table.hasPrimaryKey() ? WriteMode.UPSERT : WriteMode.APPEND;
    WriteMode mode =
        writeModes.stream()
            .filter(rule -> rule.tables().test(table.table()))
            .findFirst()
            .map(WriteModeRule::mode)
            .orElse(usual);
    if (mode.isKeyed() && !table.hasPrimaryKey()) {
      throw new ConfigurationException(
          "Table "
              + table.table()
              + " cannot be written in mode '"
              + mode.text()
              + "': it has no key; give it 'primary-keys' in a transform rule, or write it in mode '"
              + WriteMode.APPEND.text()
              + "'");
    }
    return mode;
  }

  /** The partition expressions of a table; empty for none. */
  public List<String> partitionExpressions(TableId table) {
    return partitionRules.stream()
        .filter(rule -> rule.tables().test(table))
        .findFirst()
        .map(PartitionRule::expressions)
        .orElse(List.of());
  }

  /** The properties with which a table is created. */
  public Map<String, String> tableProperties(TableId table) {
    Map<String, String> properties = new HashMap<>(tableProperties);
    propertyRules.stream()
        .filter(rule -> rule.tables().test(table))
        .findFirst()
        .ifPresent(rule -> properties.putAll(rule.properties()));
    return properties;
  }

  /** The secret values among the options. */
  public Secrets secrets() {
    return Secrets.in(catalogProperties, hadoopConf);
  }

  /** Prints no values: they may be secret. */
  @Override
  public String toString() {
    return "LakeSinkOptions(catalog " + catalogName + ", " + catalogProperties.keySet() + ")";
  }
}
