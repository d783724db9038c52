package io.firn.lake.write;

import static io.firn.lake.write.TestChanges.at;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.lake.table.WriteMode;
import io.firn.model.error.UnsupportedChangeException;
import io.firn.model.row.Row;
import io.firn.model.schema.Column;
import io.firn.model.schema.TableSchema;
import io.firn.model.stream.SchemaChange;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HistoryTest extends WriterScenario {
  private static final WriterSettings TINY = new WriterSettings(3, 1 << 20, 2, 1 << 20);

  @BeforeEach
  void begin() {
    startWith(ORDERS, WriteMode.HISTORY, WriterSettings.DEFAULT);
  }

  private List<String> versions() {
    List<String> rows = new ArrayList<>();
    for (Map<String, Object> row : pipeline.read(TABLE)) {
      assertThat(row.get("_firn_is_current")).isEqualTo(row.get("_firn_valid_to") == null);
      rows.add(
          row.get("id")
              + " "
              + row.get("status")
              + " ["
              + row.get("_firn_valid_from")
              + ", "
              + row.get("_firn_valid_to")
              + ")");
    }
    return rows;
  }

  private void insert(long micros, long id, String status) {
    pipeline.write(at(micros, changes.insert(ORDERS, id, status)));
  }

  private void update(long micros, long id, String from, String to) {
    pipeline.write(at(micros, changes.update(ORDERS, Row.of(id, from), Row.of(id, to))));
  }

  private void delete(long micros, long id, String status) {
    pipeline.write(at(micros, changes.delete(ORDERS, id, status)));
  }

  @Test
  void everyChangeGivesAVersion() {
    insert(10, 1, "a");
    update(20, 1, "a", "b");
    update(20, 1, "b", "c");
    insert(15, 2, "x");
    pipeline.checkpoint();
    update(30, 1, "c", "d");
    delete(40, 2, "x");
    pipeline.checkpoint();
    update(50, 1, "d", "e");
    delete(60, 1, "e");
    insert(70, 1, "f");
    insert(70, 3, "y");
    delete(71, 3, "y");
    pipeline.checkpoint();
    assertThat(versions())
        .containsExactlyInAnyOrder(
            "1 a [10, 20)",
            "1 b [20, 20)",
            "1 c [20, 30)",
            "1 d [30, 50)",
            "1 e [50, 60)",
            "1 f [70, null)",
            "2 x [15, 40)",
            "3 y [70, 71)");
  }

  @Test
  void clockThatGoesBackMakesNoOverlap() {
    insert(100, 1, "a");
    update(50, 1, "a", "b");
    pipeline.checkpoint();
    delete(60, 1, "b");
    pipeline.checkpoint();
    insert(70, 1, "c");
    pipeline.checkpoint();
    update(200, 1, "c", "d");
    pipeline.checkpoint();
    assertThat(versions())
        .containsExactlyInAnyOrder(
            "1 a [100, 100)", "1 b [100, 100)", "1 c [100, 200)", "1 d [200, null)");
  }

  @Test
  void timesComeBackFromTheTableAlone() {
    insert(100, 1, "a");
    insert(110, 2, "x");
    update(120, 2, "x", "y");
    insert(105, 3, "p");
    pipeline.checkpoint();
    delete(130, 1, "a");
    pipeline.checkpoint();
    pipeline.start(3, false);
    pipeline.apply(changes.create(ORDERS));
    insert(10, 1, "b");
    delete(20, 2, "y");
    update(30, 3, "p", "q");
    pipeline.checkpoint();
    assertThat(versions())
        .containsExactlyInAnyOrder(
            "1 a [100, 130)",
            "1 b [130, null)",
            "2 x [110, 120)",
            "2 y [120, 120)",
            "3 p [105, 105)",
            "3 q [105, null)");
  }

  @Test
  void stateKeepsTimesThroughAChangeOfParallelism() {
    insert(100, 1, "a");
    delete(130, 1, "a");
    insert(100, 2, "x");
    pipeline.checkpoint();
    pipeline.start(1, true);
    pipeline.apply(changes.create(ORDERS));
    insert(10, 1, "b");
    update(10, 2, "x", "y");
    pipeline.checkpoint();
    assertThat(versions())
        .containsExactlyInAnyOrder(
            "1 a [100, 130)", "1 b [130, null)", "2 x [100, 100)", "2 y [100, null)");
  }

  @Test
  void truncationEndsEveryVersion() {
    pipeline.close();
    startWith(ORDERS, WriteMode.HISTORY, TINY);
    for (int id = 1; id <= 9; id++) {
      insert(id, id, "a");
    }
    pipeline.checkpoint();
    update(50, 1, "a", "b");
    insert(60, 10, "a");
    delete(20, 9, "a");
    pipeline.apply(changes.truncateAt(40, ORDERS));
    insert(45, 2, "again");
    insert(45, 10, "again");
    assertThat(pipeline.checkpoint()).allMatch(part -> !((TableCommittable) part).truncated());
    assertThat(versions())
        .hasSize(13)
        .contains("1 a [1, 50)", "1 b [50, 50)", "2 a [2, 40)", "2 again [45, null)")
        .contains("8 a [8, 40)", "9 a [9, 20)", "10 a [60, 60)", "10 again [60, null)");
  }

  @Test
  void snapshotRowsBeginAtItsTimeAndVoidWhatWasThere() {
    insert(10, 1, "a");
    delete(20, 1, "a");
    pipeline.checkpoint();
    pipeline.apply(changes.snapshotAt(15, ORDERS));
    pipeline.write(at(0, changes.read(ORDERS, 1L, "r")));
    pipeline.write(at(0, changes.read(ORDERS, 2L, "r")));
    update(30, 2, "r", "s");
    assertThat(pipeline.checkpoint()).allMatch(part -> ((TableCommittable) part).truncated());
    assertThat(versions())
        .containsExactlyInAnyOrder("1 r [15, null)", "2 r [15, 30)", "2 s [30, null)");
  }

  @Test
  void versionsOfRowsFromBeforeAColumnHaveItsDefault() {
    insert(10, 1, "a");
    pipeline.checkpoint();
    TableSchema wide =
        new TableSchema(
            TABLE,
            List.of(
                ORDERS.columns().get(0),
                ORDERS.columns().get(1),
                new Column("n", Types.IntegerType.get(), false, null, 5)),
            List.of("id"));
    pipeline.apply(new SchemaChange.AddColumns(wide, List.of("n"), changes.origin(wide)));
    pipeline.write(at(20, changes.update(wide, Row.of(1L, "a", 5), Row.of(1L, "b", 6))));
    pipeline.checkpoint();
    assertThat(pipeline.read(TABLE))
        .extracting(row -> row.get("status") + " " + row.get("n") + " " + row.get("_firn_valid_to"))
        .containsExactlyInAnyOrder("a 5 20", "b 6 null");
  }

  @Test
  void partitionByBeingCurrentMovesVersions() {
    pipeline.close();
    pipeline =
        new TestPipeline(
                directory,
                2,
                s -> PartitionSpec.builderFor(s).identity("_firn_is_current").build(),
                Map.of(),
                TINY)
            .in(WriteMode.HISTORY);
    pipeline.start(2, false);
    TableSchema other = ORDERS.withTable(new io.firn.model.schema.TableId("shop", "other"));
    pipeline.apply(changes.create(other));
    pipeline.write(at(1, changes.insert(other, 1L, "a")));
    pipeline.checkpoint();
    pipeline.write(at(2, changes.update(other, Row.of(1L, "a"), Row.of(1L, "b"))));
    pipeline.checkpoint();
    assertThat(pipeline.read(other.table()))
        .extracting(row -> row.get("status") + " " + row.get("_firn_is_current"))
        .containsExactlyInAnyOrder("a false", "b true");
    assertThat(TestLake.liveFiles(pipeline.lake.table(other.table())))
        .extracting(file -> file.partition().get(0, Boolean.class))
        .contains(true, false);
  }

  @Test
  void changesOfRowsThatWereNeverReadBeginWithTheirFirstKnownVersion() {
    update(10, 1, "a", "b");
    delete(20, 2, "x");
    pipeline.checkpoint();
    insert(15, 2, "y");
    pipeline.checkpoint();
    assertThat(versions()).containsExactlyInAnyOrder("1 b [10, null)", "2 y [15, null)");
  }

  @Test
  void secondRowOfAKeyIsRefused() {
    insert(10, 1, "a");
    pipeline.checkpoint();
    insert(20, 1, "b");
    assertThatThrownBy(() -> pipeline.checkpoint())
        .isInstanceOf(UnsupportedChangeException.class)
        .hasMessageContaining("'primary-keys'");
  }
}
