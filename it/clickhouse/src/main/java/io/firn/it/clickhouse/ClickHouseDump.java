package io.firn.it.clickhouse;

import io.firn.it.engine.RowCollector;
import io.firn.it.engine.TableReader;
import io.firn.it.engine.TableRequest;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads tables of a local warehouse with ClickHouse, by their directories and the metadata that the
 * catalog names: the newest file of a directory may be half written, or never be committed. Values
 * come as the hexadecimal bytes of their text, so that nothing has to be escaped.
 */
public final class ClickHouseDump implements TableReader {
  /** System property: the directory {@code node_modules}. */
  private static final String MODULES = "firn.it.node.modules";

  /** System property: root directory of the tables. */
  private static final String WAREHOUSE = "firn.it.warehouse";

  /** System property: names of binary columns, which ClickHouse takes for text. */
  private static final String BINARY = "firn.it.binary";

  private static final Pattern DECIMAL = Pattern.compile("Decimal\\((\\d+), (\\d+)\\)");

  private static final Pattern LOCATION = Pattern.compile("\"metadata-location\":\"([^\"]+)\"");

  private final ClickHouse clickHouse =
      new ClickHouse(
          Path.of(System.getProperty(MODULES)),
          Path.of(System.getProperty(WAREHOUSE)),
          Path.of(System.getProperty("java.io.tmpdir")));
  private final Set<String> binary = Set.of(System.getProperty(BINARY, "").split(","));

  private ClickHouseDump() {}

  /** Arguments as {@link TableReader#readAll} takes them. */
  public static void main(String[] arguments) throws Exception {
    try (ClickHouseDump reader = new ClickHouseDump()) {
      TableReader.readAll(reader, List.of(arguments));
    }
  }

  private record Column(String name, String type) {

    /** The value's text, as a query computes it. */
    String expression() {
      String quoted = "`" + name + "`";
      Matcher decimal = DECIMAL.matcher(type);
      String text =
          decimal.matches()
              ? "toDecimalString(assumeNotNull(" + quoted + "), " + decimal.group(2) + ")"
              : "toString(assumeNotNull(" + quoted + "))";
      return "if(isNull(" + quoted + "), 'NULL', concat('_', hex(" + text + ")))";
    }
  }

  @Override
  public void read(TableRequest table, RowCollector rows) throws IOException, InterruptedException {
    Path directory = Path.of(System.getProperty(WAREHOUSE), table.location().split("\\."));
    String metadata = metadataLocation(table);
    // Without it ClickHouse takes the file that sorts last, which need not be the current one.
    String source =
        "icebergLocal('"
            + directory
            + "', SETTINGS iceberg_metadata_file_path = '"
            + metadata.substring(metadata.indexOf("/metadata/") + 1)
            + "')";
    List<Column> columns = new ArrayList<>();
    for (String line : clickHouse.query(List.of("DESCRIBE " + source)).get(0)) {
      String[] words = line.split("\t");
      columns.add(new Column(words[0], words[1].replaceFirst("^Nullable\\((.*)\\)$", "$1")));
    }
    rows.columns(columns.stream().map(Column::name).toArray(String[]::new));
    String query =
        "SELECT "
            + String.join(", ", columns.stream().map(Column::expression).toList())
            + " FROM "
            + source
            + (table.snapshotId() == 0
                ? ""
                : " SETTINGS iceberg_snapshot_id = " + table.snapshotId());
    for (String line : clickHouse.query(List.of(query)).get(0)) {
      String[] words = line.split("\t");
      rows.row(i -> value(columns.get(i), words[i]));
    }
  }

  private static String metadataLocation(TableRequest table)
      throws IOException, InterruptedException {
    String path = "/v1/namespaces/" + table.location().replace(".", "/tables/");
    HttpResponse<String> answer =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create(System.getProperty(CATALOG) + path)).build(),
                HttpResponse.BodyHandlers.ofString());
    Matcher matcher = LOCATION.matcher(answer.body());
    if (!matcher.find()) {
      throw new IllegalStateException("The catalog does not know " + table + ": " + answer.body());
    }
    return matcher.group(1);
  }

  private Object value(Column column, String word) {
    if (word.equals("NULL")) {
      return null;
    }
    byte[] bytes = HexFormat.of().parseHex(word.substring(1));
    String text = new String(bytes, StandardCharsets.UTF_8);
    String type = column.type();
    if (type.equals("String")) {
      return binary.contains(column.name()) ? ByteBuffer.wrap(bytes) : text;
    }
    if (type.startsWith("Decimal")) {
      return new BigDecimal(text);
    }
    if (type.equals("Float32")) {
      return Float.valueOf(text);
    }
    if (type.equals("Float64")) {
      return Double.valueOf(text);
    }
    if (type.startsWith("DateTime64")) {
      LocalDateTime dateTime = LocalDateTime.parse(text.replace(' ', 'T'));
      return type.contains("UTC") ? dateTime.toInstant(ZoneOffset.UTC) : dateTime;
    }
    if (type.startsWith("Date")) {
      return LocalDate.parse(text);
    }
    return text;
  }

  @Override
  public void close() {}
}
