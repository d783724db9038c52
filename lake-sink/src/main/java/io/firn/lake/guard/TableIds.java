package io.firn.lake.guard;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import io.firn.model.schema.TableId;
import java.io.IOException;
import org.apache.iceberg.util.JsonUtil;

/** The JSON form of a {@link TableId}: an array of its two parts. */
public final class TableIds {
  private TableIds() {}

  /** Writes {@code ["database","name"]}. */
  public static void write(TableId table, JsonGenerator json) throws IOException {
    json.writeStartArray();
    json.writeString(table.database());
    json.writeString(table.name());
    json.writeEndArray();
  }

  /** Reads what {@link #write} wrote. */
  public static TableId read(JsonNode node) {
    return new TableId(node.get(0).asText(), node.get(1).asText());
  }

  /** The JSON text. */
  public static String toJson(TableId table) {
    return JsonUtil.generate(json -> write(table, json), false);
  }

  /** Reads the JSON text. */
  public static TableId fromJson(String text) {
    try {
      return read(JsonUtil.mapper().readTree(text));
    } catch (IOException e) {
      throw new IllegalArgumentException("'" + text + "' is not a table's name", e);
    }
  }
}
