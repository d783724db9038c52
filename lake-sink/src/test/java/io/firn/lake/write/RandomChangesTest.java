package io.firn.lake.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.model.row.Row;
import io.firn.model.schema.Column;
import io.firn.model.schema.TableId;
import io.firn.model.schema.TableSchema;
import io.firn.model.stream.SchemaChange;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random changes, schema changes, barriers, crashes, changes of parallelism and losses of state
 * against a map: the table always has exactly the rows of the map.
 */
class RandomChangesTest {
  private static final TableId TABLE = new TableId("shop", "orders");
  private static final WriterSettings TINY = new WriterSettings(9, 1 << 20, 2, 1 << 20);

  @TempDir Path directory;

  private Random random;
  private int formatVersion;
  private TestPipeline pipeline;
  private final TestChanges changes = new TestChanges();
  private List<Column> columns;
  private List<String> key;
  private TableSchema schema;
  private int addedColumns;
  private int checkpoints;

  /** Rows by their key's values. */
  private Map<List<Object>, Map<String, Object>> oracle = new LinkedHashMap<>();

  private Map<List<Object>, Map<String, Object>> committedOracle = new LinkedHashMap<>();
  private List<Column> committedColumns;

  static Stream<Arguments> cases() {
    Stream.Builder<Arguments> cases = Stream.builder();
    for (int seed = 1; seed <= 3; seed++) {
      for (int formatVersion = 2; formatVersion <= 3; formatVersion++) {
        for (boolean partitioned : new boolean[] {false, true}) {
          cases.add(Arguments.of(seed, formatVersion, partitioned));
        }
      }
    }
    return cases.build();
  }

  @ParameterizedTest(name = "seed={0} v{1} partitioned={2}")
  @MethodSource("cases")
  void tableEqualsOracle(int seed, int version, boolean partitioned) {
    random = new Random(seed * 31L + version);
    formatVersion = version;
    columns =
        new ArrayList<>(
            List.of(
                Column.of("id", Types.IntegerType.get(), false),
                Column.of("region", Types.StringType.get(), seed % 2 == 1),
                Column.of("amount", Types.DecimalType.of(10, 2), true),
                Column.of("n", Types.IntegerType.get(), false)));
    key = seed % 2 == 0 ? List.of("region", "id") : List.of("id");
    schema = new TableSchema(TABLE, columns, key);
    pipeline =
        new TestPipeline(
            directory,
            version,
            s ->
                partitioned
                    ? PartitionSpec.builderFor(s).identity("region").bucket("id", 2).build()
                    : PartitionSpec.unpartitioned(),
            Map.of(),
            TINY);
    restart(false);
    for (int step = 0; step < 300; step++) {
      step(random.nextInt(1000));
    }
    checkpoint();
    assertTableEqualsOracle();
    pipeline.close();
  }

  private void step(int dice) {
    if (dice < 800) {
      changeRow();
    } else if (dice < 870) {
      checkpoint();
    } else if (dice < 890) {
      crash();
    } else if (dice < 900) {
      pipeline.apply(changes.truncate(schema));
      oracle.clear();
    } else if (dice < 930) {
      changeSchema();
    }
  }

  private void restart(boolean restoreState) {
    oracle = copy(committedOracle);
    pipeline.start(1 + random.nextInt(3), restoreState);
    pipeline.apply(changes.create(schema));
  }

  private void crash() {
    if (committedColumns == null) {
      return;
    }
    columns = new ArrayList<>(committedColumns);
    schema = new TableSchema(TABLE, columns, key);
    restart(random.nextBoolean());
  }

  private void checkpoint() {
    pipeline.checkpoint();
    committedOracle = copy(oracle);
    committedColumns = List.copyOf(columns);
    // Reading is what takes the time, and no error goes away by the end.
    if (++checkpoints % 4 == 0) {
      assertTableEqualsOracle();
    }
  }

  private void assertTableEqualsOracle() {
    assertThat(pipeline.read(TABLE)).containsExactlyInAnyOrderElementsOf(oracle.values());
  }

  private static Map<List<Object>, Map<String, Object>> copy(
      Map<List<Object>, Map<String, Object>> rows) {
    Map<List<Object>, Map<String, Object>> copy = new LinkedHashMap<>();
    rows.forEach((key, row) -> copy.put(key, new TreeMap<>(row)));
    return copy;
  }

  private void changeRow() {
    Map<String, Object> row = new TreeMap<>();
    for (Column column : columns) {
      row.put(column.name(), randomValue(column));
    }
    List<Object> rowKey = key.stream().map(row::get).toList();
    Map<String, Object> before = oracle.get(rowKey);
    if (random.nextInt(4) == 0) {
      // Also of keys that the table does not have.
      pipeline.write(changes.delete(schema, values(before == null ? row : before)));
      oracle.remove(rowKey);
      return;
    }
    if (before == null) {
      pipeline.write(changes.insert(schema, values(row)));
    } else if (random.nextInt(10) == 0) {
      pipeline.write(changes.read(schema, values(row)));
    } else {
      pipeline.write(changes.update(schema, Row.of(values(before)), Row.of(values(row))));
    }
    oracle.put(rowKey, row);
  }

  private Object[] values(Map<String, Object> row) {
    return columns.stream().map(column -> row.get(column.name())).toArray();
  }

  private Object randomValue(Column column) {
    if (column.optional() && random.nextInt(5) == 0) {
      return null;
    }
    return switch (column.type().typeId()) {
      case INTEGER -> random.nextInt(40);
      case LONG -> (long) random.nextInt(40);
      case STRING -> List.of("eu", "us", "ä\0b").get(random.nextInt(3));
      case DECIMAL -> BigDecimal.valueOf(random.nextInt(100_000) - 50_000, 2);
      default -> throw new AssertionError(column);
    };
  }

  private void changeSchema() {
    List<Column> added = columns.subList(4, columns.size());
    switch (random.nextInt(4)) {
      case 0 -> addColumn();
      case 1 -> {
        if (!added.isEmpty()) {
          Column dropped = added.remove(random.nextInt(added.size()));
          schema = new TableSchema(TABLE, columns, key);
          pipeline.apply(
              new SchemaChange.DropColumns(
                  schema, List.of(dropped.name()), changes.origin(schema)));
          oracle.values().forEach(row -> row.remove(dropped.name()));
        }
      }
      case 2 -> {
        if (!added.isEmpty()) {
          int index = random.nextInt(added.size());
          String oldName = added.get(index).name();
          String newName = "renamed" + addedColumns++;
          added.set(index, added.get(index).withName(newName));
          schema = new TableSchema(TABLE, columns, key);
          pipeline.apply(
              new SchemaChange.RenameColumns(
                  schema, Map.of(oldName, newName), changes.origin(schema)));
          oracle.values().forEach(row -> row.put(newName, row.remove(oldName)));
        }
      }
      default -> widen();
    }
  }

  private void addColumn() {
    String name = "c" + addedColumns++;
    boolean withDefault = formatVersion == 3 && random.nextBoolean();
    Object initial = withDefault ? "eu" : null;
    columns.add(
        4 + random.nextInt(columns.size() - 3),
        new Column(name, Types.StringType.get(), true, "added", initial));
    schema = new TableSchema(TABLE, columns, key);
    pipeline.apply(new SchemaChange.AddColumns(schema, List.of(name), changes.origin(schema)));
    oracle.values().forEach(row -> row.put(name, initial));
  }

  private void widen() {
    if (columns.get(3).type().equals(Types.LongType.get())) {
      return;
    }
    columns.set(3, Column.of("n", Types.LongType.get(), true));
    schema = new TableSchema(TABLE, columns, key);
    pipeline.apply(new SchemaChange.AlterColumns(schema, List.of("n"), changes.origin(schema)));
    oracle.values().forEach(row -> row.put("n", ((Integer) row.get("n")).longValue()));
  }
}
