package io.firn.dsl;

import io.firn.dsl.finding.Findings;
import io.firn.dsl.yaml.YamlFile;
import io.firn.dsl.yaml.YamlNode;
import io.firn.model.schema.Column;
import io.firn.model.schema.TableId;
import io.firn.model.schema.TableSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.iceberg.types.Types;

/** Table layouts of tests, from a small YAML form: table, then columns, then the key. */
public final class Tables {
  private Tables() {}

  /**
   * Reads layouts: <code>shop.orders: {key: id, columns: {id: long not null, note: string}}</code>.
   */
  public static Map<TableId, TableSchema> parse(String yaml) {
    Findings findings = new Findings("tables.yaml");
    YamlNode root =
        YamlFile.read(yaml, findings)
            .orElseThrow(() -> new IllegalArgumentException(findings.sorted().toString()));
    Map<TableId, TableSchema> tables = new TreeMap<>();
    for (YamlNode.Entry entry : ((YamlNode.Mapping) root).entries()) {
      String[] name = entry.key().text().split("\\.", 2);
      TableId id = new TableId(name[0], name[1]);
      List<Column> columns = new ArrayList<>();
      List<String> key = List.of();
      for (YamlNode.Entry part : ((YamlNode.Mapping) entry.value()).entries()) {
        if (part.key().text().equals("key")) {
          key = List.of(((YamlNode.Scalar) part.value()).text().split(", *"));
        } else {
          for (YamlNode.Entry column : ((YamlNode.Mapping) part.value()).entries()) {
            columns.add(column(column.key().text(), ((YamlNode.Scalar) column.value()).text()));
          }
        }
      }
      tables.put(id, new TableSchema(id, columns, key));
    }
    return tables;
  }

  /** A column such as {@code decimal(12,2) not null}. */
  public static Column column(String name, String type) {
    boolean required = type.endsWith(" not null");
    String bare = required ? type.substring(0, type.length() - 9) : type;
    return Column.of(name, Types.fromPrimitiveString(bare), !required);
  }

  /** A layout; columns as name and type in turn, the first is the key. */
  public static TableSchema table(String id, String... namesAndTypes) {
    String[] name = id.split("\\.", 2);
    List<Column> columns = new ArrayList<>();
    for (int i = 0; i < namesAndTypes.length; i += 2) {
      columns.add(column(namesAndTypes[i], namesAndTypes[i + 1]));
    }
    return new TableSchema(new TableId(name[0], name[1]), columns, List.of(columns.get(0).name()));
  }
}
