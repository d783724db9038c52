package io.firn.lake.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.lake.table.TableLayout;
import io.firn.lake.table.WriteMode;
import io.firn.model.error.ConfigurationException;
import io.firn.model.error.InconsistentStateException;
import io.firn.model.error.UnsupportedChangeException;
import io.firn.model.schema.Column;
import io.firn.model.schema.TableId;
import io.firn.model.schema.TableSchema;
import io.firn.model.stream.SchemaChange;
import io.firn.model.stream.SourcePosition;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.function.Function;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.hadoop.HadoopTables;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TableLayoutsTest {
  private static final TableId TABLE = new TableId("shop", "orders");
  private static final Column ID = Column.of("id", Types.IntegerType.get(), false);
  private static final Column NAME = Column.of("name", Types.StringType.get(), true);
  private static final Column PRICE = Column.of("price", Types.DecimalType.of(10, 2), false);

  @TempDir Path directory;

  private Table table;

  private static SchemaChange.Origin origin() {
    return new SchemaChange.Origin(
        TABLE, SourcePosition.binlog("binlog.000001", 4, 0, null), "", "");
  }

  private static TableSchema schema(Column... columns) {
    return new TableSchema(TABLE, List.of(columns), List.of("id"));
  }

  private TableLayout create(
      TableSchema schema, int formatVersion, Function<Schema, PartitionSpec> partitioning) {
    Schema initial = InitialSchema.of(schema, WriteMode.UPSERT);
    table =
        new HadoopTables(new Configuration())
            .create(
                initial,
                partitioning.apply(initial),
                Map.of("format-version", Integer.toString(formatVersion)),
                directory.resolve("t").toString());
    return TableLayouts.adopt(table, schema, WriteMode.UPSERT);
  }

  private TableLayout create(TableSchema schema) {
    return create(schema, 3, s -> PartitionSpec.unpartitioned());
  }

  private static List<String> names(TableLayout layout) {
    return layout.schema().columns().stream().map(Types.NestedField::name).toList();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6})
  void replayOnTheTableGivesTheFieldIdsOfTheLayouts(int seed) {
    Random random = new Random(seed);
    List<Column> columns = new ArrayList<>(List.of(ID, NAME, PRICE));
    TableLayout layout = create(schema(columns.toArray(new Column[0])));
    TableLayout replayed = layout;
    int counter = 0;
    for (int round = 0; round < 10; round++) {
      List<SchemaChange> changes = new ArrayList<>();
      int count = 1 + random.nextInt(4);
      for (int i = 0; i < count; i++) {
        SchemaChange change = randomChange(random, columns, "c" + counter++);
        changes.add(change);
        layout = TableLayouts.apply(layout, change).layout();
      }
      Transaction transaction = table.newTransaction();
      replayed = SchemaReplay.replayAll(transaction, replayed, changes);
      transaction.commitTransaction();
      table.refresh();
      assertThat(table.schema().asStruct()).isEqualTo(layout.schema().asStruct());
      assertThat(table.schema().identifierFieldIds())
          .isEqualTo(layout.schema().identifierFieldIds());
      assertThat(replayed.schema().sameSchema(layout.schema())).isTrue();
      assertThat(((HasTableOperations) table).operations().current().lastColumnId())
          .isEqualTo(layout.lastColumnId());
      assertThat(layout.source().columns()).isEqualTo(columns);
    }
  }

  private static SchemaChange randomChange(Random random, List<Column> columns, String name) {
    int index = 1 + random.nextInt(columns.size() - 1);
    Column column = columns.get(index);
    int dice = columns.size() < 3 ? 0 : random.nextInt(6);
    if (dice <= 1) {
      List<String> added = new ArrayList<>();
      for (int i = 0; i <= dice; i++) {
        boolean optional = random.nextBoolean();
        Object initial = random.nextBoolean() ? 7 : null;
        columns.add(
            random.nextInt(columns.size() + 1),
            new Column(name + "_" + i, Types.IntegerType.get(), optional, null, initial));
        added.add(name + "_" + i);
      }
      return new SchemaChange.AddColumns(schemaOf(columns), added, origin());
    }
    if (column == columns.get(0) || column.name().equals("id")) {
      return new SchemaChange.CreateTable(schemaOf(columns), origin());
    }
    switch (dice) {
      case 2 -> {
        columns.remove(index);
        return new SchemaChange.DropColumns(schemaOf(columns), List.of(column.name()), origin());
      }
      case 3 -> {
        columns.set(index, column.withName(name));
        return new SchemaChange.RenameColumns(
            schemaOf(columns), Map.of(column.name(), name), origin());
      }
      case 4 -> {
        Type type =
            column.type().equals(Types.IntegerType.get()) ? Types.LongType.get() : column.type();
        columns.set(index, new Column(column.name(), type, true, name, null));
        return new SchemaChange.AlterColumns(schemaOf(columns), List.of(column.name()), origin());
      }
      default -> {
        columns.add(Column.of(name, Types.BinaryType.get(), true));
        return new SchemaChange.CreateTable(schemaOf(columns), origin());
      }
    }
  }

  private static TableSchema schemaOf(List<Column> columns) {
    return new TableSchema(TABLE, columns, List.of("id"));
  }

  @Test
  void newTableHasIdsFromOneAndTheKeyAsIdentifier() {
    Schema schema =
        InitialSchema.of(
            schema(ID, new Column("name", Types.StringType.get(), true, "who", "x")),
            WriteMode.UPSERT);
    assertThat(schema.columns())
        .containsExactly(
            Types.NestedField.required(1, "id", Types.IntegerType.get()),
            Types.NestedField.optional(2, "name", Types.StringType.get(), "who"));
    assertThat(schema.identifierFieldNames()).containsExactly("id");
  }

  @Test
  void changeLogHasItsColumnsBehindAndNoIdentifier() {
    Schema schema = InitialSchema.of(schema(ID, NAME), WriteMode.APPEND);
    assertThat(schema.columns())
        .extracting(Types.NestedField::name)
        .containsExactly("id", "name", "_firn_op", "_firn_position", "_firn_commit_time");
    assertThat(schema.identifierFieldIds()).isEmpty();
  }

  @Test
  void changeLogRefusesASourceColumnOfItsOwnName() {
    assertThatThrownBy(
            () ->
                InitialSchema.of(
                    schema(ID, Column.of("_firn_op", Types.StringType.get(), true)),
                    WriteMode.APPEND))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("'_firn_op'");
  }

  @Test
  void repeatedAnnouncementChangesNothing() {
    TableLayout layout = create(schema(ID, NAME));
    Evolution evolution =
        TableLayouts.apply(layout, new SchemaChange.CreateTable(schema(ID, NAME), origin()));
    assertThat(evolution.changed()).isFalse();
    assertThat(evolution.layout().schema()).isSameAs(layout.schema());
  }

  @Test
  void announcementKeepsExtraColumnsAsOptional() {
    TableLayout layout = create(schema(ID, NAME, PRICE));
    TableLayout after =
        TableLayouts.apply(layout, new SchemaChange.CreateTable(schema(ID), origin())).layout();
    assertThat(names(after)).containsExactly("id", "name", "price");
    assertThat(after.schema().findField("price").isOptional()).isTrue();
  }

  @Test
  void addedColumnStandsBehindItsNeighbour() {
    TableLayout layout = create(schema(ID, NAME));
    Column first = Column.of("first", Types.IntegerType.get(), false);
    Column middle = Column.of("middle", Types.IntegerType.get(), true);
    TableLayout after =
        TableLayouts.apply(
                layout,
                new SchemaChange.AddColumns(
                    schema(first, ID, middle, NAME), List.of("first", "middle"), origin()))
            .layout();
    assertThat(names(after)).containsExactly("first", "id", "middle", "name");
    assertThat(after.schema().findField("first").fieldId()).isEqualTo(3);
    // Without a default older rows cannot have a value.
    assertThat(after.schema().findField("first").isOptional()).isTrue();
    assertThat(after.lastColumnId()).isEqualTo(4);
  }

  @Test
  void addedColumnWithDefaultNeedsFormatVersionThree() {
    Column flag = new Column("flag", Types.IntegerType.get(), false, null, 1);
    SchemaChange change = new SchemaChange.AddColumns(schema(ID, flag), List.of("flag"), origin());
    TableLayout layout = create(schema(ID), 2, s -> PartitionSpec.unpartitioned());
    assertThatThrownBy(() -> TableLayouts.apply(layout, change))
        .isInstanceOf(UnsupportedChangeException.class)
        .hasMessageContaining("'flag'")
        .hasMessageContaining("'format-version' = '3'");
  }

  @Test
  void everyTypeCanHaveADefaultForOlderRows() {
    TableLayout layout = create(schema(ID));
    Map<Type, Object> defaults =
        Map.ofEntries(
            Map.entry(Types.BooleanType.get(), true),
            Map.entry(Types.IntegerType.get(), -1),
            Map.entry(Types.LongType.get(), 1L << 40),
            Map.entry(Types.FloatType.get(), 1.5f),
            Map.entry(Types.DoubleType.get(), 2.5),
            Map.entry(Types.DateType.get(), 19_000),
            Map.entry(Types.TimeType.get(), 1L),
            Map.entry(Types.TimestampType.withoutZone(), 1_700_000_000_123_456L),
            Map.entry(Types.TimestampType.withZone(), -1L),
            Map.entry(Types.DecimalType.of(10, 2), new BigDecimal("0.10")),
            Map.entry(Types.StringType.get(), "it's"),
            Map.entry(Types.UUIDType.get(), new UUID(1, 2)),
            Map.entry(Types.BinaryType.get(), ByteBuffer.wrap(new byte[] {1})),
            Map.entry(Types.FixedType.ofLength(2), ByteBuffer.wrap(new byte[] {1, 2})));
    List<Column> columns = new ArrayList<>(List.of(ID));
    List<String> added = new ArrayList<>();
    defaults.forEach(
        (type, value) -> {
          columns.add(new Column("c_" + type, type, false, null, value));
          added.add("c_" + type);
        });
    SchemaChange change = new SchemaChange.AddColumns(schemaOf(columns), added, origin());
    Transaction transaction = table.newTransaction();
    SchemaReplay.replayAll(transaction, layout, List.of(change));
    transaction.commitTransaction();
    Table loaded = new HadoopTables(new Configuration()).load(table.location());
    for (Column column : columns.subList(1, columns.size())) {
      assertThat(loaded.schema().asStruct().field(column.name()).initialDefault())
          .isEqualTo(column.initialDefault());
    }
  }

  @Test
  void columnDroppedAndAddedAgainGetsANewId() {
    TableLayout layout = create(schema(ID, NAME));
    layout =
        TableLayouts.apply(
                layout, new SchemaChange.DropColumns(schema(ID), List.of("name"), origin()))
            .layout();
    layout =
        TableLayouts.apply(
                layout, new SchemaChange.AddColumns(schema(ID, NAME), List.of("name"), origin()))
            .layout();
    assertThat(layout.schema().findField("name").fieldId()).isEqualTo(3);
  }

  @Test
  void swappedNamesOfKeyColumnsKeepBothInTheKey() {
    Column other = Column.of("other", Types.IntegerType.get(), false);
    TableSchema before = new TableSchema(TABLE, List.of(ID, other), List.of("id", "other"));
    TableSchema after = new TableSchema(TABLE, List.of(other, ID), List.of("other", "id"));
    TableLayout layout = create(before);
    layout =
        TableLayouts.apply(
                layout,
                new SchemaChange.RenameColumns(
                    after, Map.of("id", "other", "other", "id"), origin()))
            .layout();
    assertThat(layout.schema().identifierFieldNames()).containsExactlyInAnyOrder("id", "other");
    assertThat(layout.schema().findField("other").fieldId()).isEqualTo(1);
  }

  @Test
  void narrowerSourceColumnFitsTheWiderOneOfTheLake() {
    TableLayout layout = create(schema(ID, Column.of("n", Types.LongType.get(), true)));
    Evolution evolution =
        TableLayouts.apply(
            layout,
            new SchemaChange.AlterColumns(
                schema(ID, Column.of("n", Types.IntegerType.get(), true)), List.of("n"), origin()));
    assertThat(evolution.changed()).isFalse();
  }

  @Test
  void impossibleTypeChangeIsRefusedWithBothTypes() {
    TableLayout layout = create(schema(ID, NAME));
    SchemaChange change =
        new SchemaChange.AlterColumns(
            schema(ID, Column.of("name", Types.DateType.get(), true)), List.of("name"), origin());
    assertThatThrownBy(() -> TableLayouts.apply(layout, change))
        .isInstanceOf(UnsupportedChangeException.class)
        .hasMessageContaining("from 'string' to 'date'");
  }

  @Test
  void droppedKeyColumnIsRefused() {
    TableLayout layout = create(schema(ID, NAME));
    TableSchema after = new TableSchema(TABLE, List.of(NAME), List.of("name"));
    assertThatThrownBy(
            () ->
                TableLayouts.apply(
                    layout, new SchemaChange.DropColumns(after, List.of("id"), origin())))
        .isInstanceOf(UnsupportedChangeException.class)
        .hasMessageContaining("primary key");
  }

  @Test
  void droppedPartitionColumnIsRefused() {
    TableLayout layout =
        create(schema(ID, NAME), 3, s -> PartitionSpec.builderFor(s).truncate("name", 1).build());
    assertThatThrownBy(
            () ->
                TableLayouts.apply(
                    layout, new SchemaChange.DropColumns(schema(ID), List.of("name"), origin())))
        .isInstanceOf(UnsupportedChangeException.class)
        .hasMessageContaining("partitioned by it");
  }

  @Test
  void renamedPartitionColumnKeepsThePartitioning() {
    TableLayout layout =
        create(schema(ID, NAME), 3, s -> PartitionSpec.builderFor(s).identity("name").build());
    TableLayout after =
        TableLayouts.apply(
                layout,
                new SchemaChange.RenameColumns(
                    schema(ID, NAME.withName("title")), Map.of("name", "title"), origin()))
            .layout();
    assertThat(after.spec().specId()).isEqualTo(layout.spec().specId());
    assertThat(after.spec().fields().get(0).sourceId()).isEqualTo(2);
  }

  @Test
  void columnNameWithADotIsOneColumn() {
    TableLayout layout = create(schema(ID, Column.of("a.b", Types.StringType.get(), true)));
    TableLayout after =
        TableLayouts.apply(
                layout,
                new SchemaChange.AddColumns(
                    schema(
                        ID,
                        Column.of("a.b", Types.StringType.get(), true),
                        Column.of("c.d", Types.StringType.get(), true)),
                    List.of("c.d"),
                    origin()))
            .layout();
    assertThat(names(after)).containsExactly("id", "a.b", "c.d");
  }

  @Test
  void tableWithAnotherKeyIsNotTakenOver() {
    create(schema(ID, NAME));
    TableSchema announced = new TableSchema(TABLE, List.of(ID, NAME), List.of("name"));
    assertThatThrownBy(() -> TableLayouts.adopt(table, announced, WriteMode.UPSERT))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("[id]")
        .hasMessageContaining("[name]");
  }

  @Test
  void foreignSchemaChangeIsNoticedByTheReplay() {
    TableLayout layout = create(schema(ID));
    table.updateSchema().addColumn("foreign", Types.StringType.get()).commit();
    SchemaChange change = new SchemaChange.AddColumns(schema(ID, NAME), List.of("name"), origin());
    assertThatThrownBy(
            () -> SchemaReplay.replayAll(table.newTransaction(), layout, List.of(change)))
        .isInstanceOf(InconsistentStateException.class)
        .hasMessageContaining("somebody else");
  }
}
