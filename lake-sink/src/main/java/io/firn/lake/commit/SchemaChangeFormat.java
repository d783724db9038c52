package io.firn.lake.commit;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import io.firn.lake.guard.TableIds;
import io.firn.model.schema.Column;
import io.firn.model.schema.TableSchema;
import io.firn.model.stream.SchemaChange;
import io.firn.model.stream.SchemaChange.AddColumns;
import io.firn.model.stream.SchemaChange.AlterColumns;
import io.firn.model.stream.SchemaChange.CreateTable;
import io.firn.model.stream.SchemaChange.DropColumns;
import io.firn.model.stream.SchemaChange.DropTable;
import io.firn.model.stream.SchemaChange.Origin;
import io.firn.model.stream.SchemaChange.RenameColumns;
import io.firn.model.stream.SchemaChange.TruncateTable;
import io.firn.model.stream.SourcePosition;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.SingleValueParser;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.util.JsonUtil;

/**
 * The JSON form of schema changes. Types are Iceberg's type names, defaults Iceberg's single-value
 * JSON. Columns are of primitive types; the sink has no others.
 */
final class SchemaChangeFormat {
  private SchemaChangeFormat() {}

  static void write(SchemaChange change, JsonGenerator json) throws IOException {
    json.writeStartObject();
    if (change instanceof CreateTable) {
      json.writeStringField("kind", "create-table");
    } else if (change instanceof AddColumns add) {
      json.writeStringField("kind", "add-columns");
      writeStrings("columns", add.columns(), json);
    } else if (change instanceof DropColumns drop) {
      json.writeStringField("kind", "drop-columns");
      writeStrings("columns", drop.columns(), json);
    } else if (change instanceof RenameColumns rename) {
      json.writeStringField("kind", "rename-columns");
      writeStrings("columns", rename.names().keySet(), json);
      writeStrings("new-names", rename.names().values(), json);
    } else if (change instanceof AlterColumns alter) {
      json.writeStringField("kind", "alter-columns");
      writeStrings("columns", alter.columns(), json);
    } else if (change instanceof TruncateTable) {
      json.writeStringField("kind", "truncate-table");
    } else {
      json.writeStringField("kind", "drop-table");
    }
    json.writeFieldName("schema-after");
    write(change.schemaAfter(), json);
    writeOrigin(change.origin(), json);
    json.writeEndObject();
  }

  private static void writeOrigin(Origin origin, JsonGenerator json) throws IOException {
    json.writeObjectFieldStart("origin");
    json.writeFieldName("table");
    TableIds.write(origin.sourceTable(), json);
    if (origin.position() != null) {
      json.writeStringField("position", origin.position().encode());
    }
    if (origin.statement() != null) {
      json.writeStringField("statement", origin.statement());
    }
    if (origin.sourceSchema() != null) {
      json.writeStringField("source-schema", origin.sourceSchema());
    }
    json.writeEndObject();
  }

  static void write(TableSchema schema, JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeFieldName("table");
    TableIds.write(schema.table(), json);
    writeStrings("primary-key", schema.primaryKey(), json);
    json.writeArrayFieldStart("columns");
    for (Column column : schema.columns()) {
      json.writeStartObject();
      json.writeStringField("name", column.name());
      json.writeStringField("type", column.type().asPrimitiveType().toString());
      json.writeBooleanField("optional", column.optional());
      if (column.comment() != null) {
        json.writeStringField("comment", column.comment());
      }
      if (column.initialDefault() != null) {
        json.writeFieldName("initial-default");
        SingleValueParser.toJson(column.type(), column.initialDefault(), json);
      }
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void writeStrings(String name, Collection<String> values, JsonGenerator json)
      throws IOException {
    json.writeArrayFieldStart(name);
    for (String value : values) {
      json.writeString(value);
    }
    json.writeEndArray();
  }

  static SchemaChange readChange(JsonNode json) {
    TableSchema after = readSchema(json.get("schema-after"));
    Origin origin = readOrigin(json.get("origin"));
    String kind = json.get("kind").asText();
    return switch (kind) {
      case "create-table" -> new CreateTable(after, origin);
      case "add-columns" -> new AddColumns(after, readStrings(json.get("columns")), origin);
      case "drop-columns" -> new DropColumns(after, readStrings(json.get("columns")), origin);
      case "alter-columns" -> new AlterColumns(after, readStrings(json.get("columns")), origin);
      case "truncate-table" -> new TruncateTable(after, origin);
      case "drop-table" -> new DropTable(after, origin);
      case "rename-columns" -> {
        Map<String, String> names = new LinkedHashMap<>();
        List<String> from = readStrings(json.get("columns"));
        List<String> to = readStrings(json.get("new-names"));
        for (int i = 0; i < from.size(); i++) {
          names.put(from.get(i), to.get(i));
        }
        yield new RenameColumns(after, names, origin);
      }
      default -> throw new IllegalArgumentException("unknown schema change '" + kind + "'");
    };
  }

  private static Origin readOrigin(JsonNode json) {
    String position = JsonUtil.getStringOrNull("position", json);
    return new Origin(
        TableIds.read(json.get("table")),
        position == null ? null : SourcePosition.parse(position),
        JsonUtil.getStringOrNull("statement", json),
        JsonUtil.getStringOrNull("source-schema", json));
  }

  static TableSchema readSchema(JsonNode json) {
    List<Column> columns = new ArrayList<>();
    for (JsonNode column : json.get("columns")) {
      Type type = Types.fromPrimitiveString(column.get("type").asText());
      JsonNode initialDefault = column.get("initial-default");
      columns.add(
          new Column(
              column.get("name").asText(),
              type,
              column.get("optional").asBoolean(),
              JsonUtil.getStringOrNull("comment", column),
              initialDefault == null ? null : SingleValueParser.fromJson(type, initialDefault)));
    }
    return new TableSchema(
        TableIds.read(json.get("table")), columns, readStrings(json.get("primary-key")));
  }

  private static List<String> readStrings(JsonNode array) {
    List<String> values = new ArrayList<>();
    array.forEach(value -> values.add(value.asText()));
    return values;
  }
}
