package io.firn.lake.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.model.error.RowException;
import io.firn.model.error.UnsupportedChangeException;
import io.firn.model.schema.Column;
import io.firn.model.schema.TableId;
import io.firn.model.schema.TableSchema;
import io.firn.model.stream.SchemaChange;
import io.firn.model.stream.SourcePosition;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.Test;

class StreamRulesTest extends WriterScenario {
  @Test
  void tableAheadOfTheStreamIgnoresWhatItHas() {
    startWith(ORDERS);
    TableSchema wide =
        new TableSchema(
            TABLE,
            List.of(
                ORDERS.columns().get(0),
                ORDERS.columns().get(1).withName("state"),
                Column.of("note", Types.StringType.get(), true)),
            List.of("id"));
    pipeline.write(changes.insert(ORDERS, 1L, "new"));
    pipeline.checkpoint();
    SourcePosition committed = SourcePosition.binlog("binlog.000001", 500, 0, null);
    // What the table has from the checkpoint that other tables lack.
    pipeline.apply(
        new SchemaChange.RenameColumns(wide, Map.of("status", "state"), changes.origin(wide)));
    pipeline.apply(new SchemaChange.AddColumns(wide, List.of("note"), changes.origin(wide)));
    pipeline.checkpoint();

    pipeline.start(1, true);
    pipeline.lake.committedUpTo(committed);
    TestChanges again = new TestChanges();
    pipeline.apply(again.create(ORDERS));
    pipeline.write(again.insert(ORDERS, 2L, "ignored"));
    pipeline.apply(
        new SchemaChange.RenameColumns(wide, Map.of("status", "state"), again.origin(wide)));
    pipeline.apply(new SchemaChange.AddColumns(wide, List.of("note"), again.origin(wide)));
    assertThat(pipeline.checkpoint()).isEmpty();
    while (again.next().compareTo(SourcePosition.binlog("binlog.000001", 499, 0, null)) < 0) {
      continue;
    }
    pipeline.write(again.insert(wide, 3L, "at the position", "n"));
    TableCommittable committable = only(pipeline.checkpoint());
    assertThat(committable.schemaChanges()).isEmpty();
    assertThat(pipeline.read(TABLE))
        .extracting(row -> row.get("id"))
        .containsExactlyInAnyOrder(1L, 3L);
  }

  @Test
  void readingAnewEndsBeingAhead() {
    startWith(ORDERS);
    pipeline.write(changes.insert(ORDERS, 1L, "new"));
    pipeline.checkpoint();
    pipeline.start(1, true);
    pipeline.lake.committedUpTo(SourcePosition.binlog("binlog.000001", 5000, 0, null));
    SchemaChange.Origin origin = new SchemaChange.Origin(TABLE, SourcePosition.snapshot(0), "", "");
    pipeline.apply(new SchemaChange.CreateTable(ORDERS, origin));
    pipeline.apply(new SchemaChange.TruncateTable(ORDERS, origin));
    pipeline.write(changes.insert(ORDERS, 2L, "read"));
    pipeline.checkpoint();
    assertThat(pipeline.read(TABLE)).containsExactly(Map.of("id", 2L, "status", "read"));
  }

  private void createAgain(TableSchema schema, TableId source, SourcePosition position) {
    SchemaChange.Origin origin = new SchemaChange.Origin(source, position, "CREATE TABLE", "");
    pipeline.apply(new SchemaChange.CreateTable(schema, origin));
    pipeline.apply(new SchemaChange.TruncateTable(schema, origin));
  }

  @Test
  void tableCreatedAgainHasOnlyItsNewRows() {
    startWith(ORDERS);
    pipeline.write(changes.insert(ORDERS, 1L, "old"));
    pipeline.checkpoint();
    pipeline.apply(new SchemaChange.DropTable(ORDERS, changes.origin(ORDERS)));
    pipeline.checkpoint();
    assertThat(pipeline.read(TABLE)).hasSize(1);
    TableSchema other =
        new TableSchema(
            TABLE,
            List.of(
                Column.of("id", Types.LongType.get(), false),
                Column.of("note", Types.StringType.get(), false)),
            List.of("id"));
    // In another life, which knows from the lake only that there were rows.
    pipeline.start(1, true);
    pipeline.lake.hasRowsOf(TABLE);
    createAgain(other, TABLE, changes.next());
    pipeline.write(changes.insert(other, 2L, "n"));
    pipeline.checkpoint();
    assertThat(pipeline.read(TABLE)).extracting(row -> row.get("id")).containsExactly(2L);
    TableSchema text =
        new TableSchema(
            TABLE, List.of(Column.of("id", Types.StringType.get(), false)), List.of("id"));
    assertThatThrownBy(() -> createAgain(text, TABLE, changes.next()))
        .isInstanceOf(UnsupportedChangeException.class)
        .hasMessageContaining("'id'");
  }

  @Test
  void newShardVoidsNothingAndOldShardCreatedAgainIsRefused() {
    startWith(ORDERS);
    pipeline.write(changes.insert(ORDERS, 1L, "new"));
    TableId second = new TableId("shop", "orders_2");
    createAgain(ORDERS, second, changes.next());
    pipeline.write(changes.insert(ORDERS, 2L, "new"));
    pipeline.checkpoint();
    assertThat(pipeline.read(TABLE)).hasSize(2);
    assertThatThrownBy(() -> createAgain(ORDERS, second, changes.next()))
        .isInstanceOf(UnsupportedChangeException.class)
        .hasMessageContaining("2 source tables");
    // A shard that was dropped before this life began counts too.
    pipeline.start(1, true);
    pipeline.lake.hasRowsOf(TABLE);
    createAgain(ORDERS, second, changes.next());
    pipeline.checkpoint();
    assertThat(pipeline.read(TABLE)).hasSize(2);
  }

  @Test
  void shardsWithDifferentColumnsShareATable() {
    TableSchema other =
        new TableSchema(
            TABLE,
            List.of(
                Column.of("extra", Types.IntegerType.get(), false),
                Column.of("id", Types.IntegerType.get(), false)),
            List.of("id"));
    startWith(ORDERS);
    SchemaChange.Origin origin =
        new SchemaChange.Origin(new TableId("shop", "orders_2"), changes.next(), "", "");
    pipeline.apply(new SchemaChange.CreateTable(other, origin));
    pipeline.write(changes.insert(ORDERS, 1L, "new"));
    pipeline.write(changes.insert(other, 9, 2));
    pipeline.write(changes.insert(ORDERS, 3L, "new"));
    pipeline.checkpoint();
    assertThat(pipeline.read(TABLE))
        .extracting(row -> row.get("id") + " " + row.get("status") + " " + row.get("extra"))
        .containsExactlyInAnyOrder("1 new null", "2 null 9", "3 new null");
    // A column that one shard drops stays for the other.
    TableSchema narrow = new TableSchema(TABLE, List.of(other.columns().get(1)), List.of("id"));
    pipeline.apply(new SchemaChange.DropColumns(narrow, List.of("extra"), origin));
    pipeline.write(changes.insert(narrow, 4));
    pipeline.checkpoint();
    assertThat(pipeline.read(TABLE)).hasSize(4).allMatch(row -> row.containsKey("extra"));
    assertThatThrownBy(() -> pipeline.apply(new SchemaChange.TruncateTable(narrow, origin)))
        .isInstanceOf(UnsupportedChangeException.class)
        .hasMessageContaining("2 source tables");
  }

  @Test
  void rowWithoutAKeyIsReportedAsSuch() {
    startWith(ORDERS);
    assertThatThrownBy(() -> pipeline.write(changes.insert(ORDERS, null, "new")))
        .isInstanceOf(RowException.class)
        .hasMessageContaining("'id' is NULL");
  }

  @Test
  void rowOfAnotherTasksKeyIsRefused() {
    start(WriterSettings.DEFAULT);
    pipeline.start(2, false);
    pipeline.apply(changes.create(ORDERS));
    LakeWriter first = pipeline.writer(0);
    assertThatThrownBy(
            () -> {
              for (long id = 0; id < 20; id++) {
                first.write(List.of(changes.insert(ORDERS, id, "x")));
              }
            })
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("does not own");
  }

  @Test
  void unannouncedTableIsRefused() {
    start(WriterSettings.DEFAULT);
    assertThatThrownBy(() -> pipeline.write(changes.insert(ORDERS, 1L, "x")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("shop.orders was not announced");
  }
}
