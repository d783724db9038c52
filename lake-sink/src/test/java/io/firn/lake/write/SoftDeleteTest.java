package io.firn.lake.write;

import static io.firn.lake.write.TestChanges.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.firn.lake.table.WriteMode;
import io.firn.model.row.Row;
import io.firn.model.schema.Column;
import io.firn.model.schema.TableSchema;
import io.firn.model.stream.SchemaChange;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SoftDeleteTest extends WriterScenario {
  private static final WriterSettings TINY = new WriterSettings(3, 1 << 20, 2, 1 << 20);

  @BeforeEach
  void begin() {
    startWith(ORDERS, WriteMode.SOFT_DELETE, TINY);
  }

  private List<String> rows() {
    List<String> rows = new ArrayList<>();
    for (Map<String, Object> row : pipeline.read(TABLE)) {
      rows.add(
          row.get("id")
              + " "
              + row.get("status")
              + " "
              + row.get("_firn_deleted")
              + " "
              + row.get("_firn_deleted_at"));
    }
    return rows;
  }

  private void insert(long id) {
    pipeline.write(changes.insert(ORDERS, id, "s" + id));
  }

  private void deleteAt(long micros, long id) {
    pipeline.write(at(micros, changes.delete(ORDERS, id, "s" + id)));
  }

  @Test
  void deletedRowStaysAsItWasWithTheTimeOfItsDeletion() {
    insert(1);
    insert(2);
    pipeline.checkpoint();
    pipeline.write(changes.update(ORDERS, Row.of(1L, "s1"), Row.of(1L, "paid")));
    pipeline.write(at(7_000, changes.delete(ORDERS, 1L, "paid")));
    insert(3);
    deleteAt(0, 3);
    pipeline.checkpoint();
    assertThat(rows())
        .containsExactlyInAnyOrder("1 paid true 7000", "2 s2 false null", "3 s3 true null");
  }

  @Test
  void rowInsertedAgainIsNotMarked() {
    insert(1);
    deleteAt(5, 1);
    pipeline.checkpoint();
    insert(1);
    pipeline.checkpoint();
    assertThat(rows()).containsExactly("1 s1 false null");
  }

  @Test
  void truncationMarksTheRowsOfThisAndEarlierCheckpointsAndLives() {
    for (int id = 0; id < 20; id++) {
      insert(id);
    }
    deleteAt(5, 0);
    pipeline.checkpoint();
    pipeline.start(3, false);
    pipeline.apply(changes.create(ORDERS));
    for (int id = 20; id < 30; id++) {
      insert(id);
    }
    deleteAt(6, 1);
    assertThat(pipeline.checkpoint()).allMatch(part -> !((TableCommittable) part).truncated());
    for (int id = 30; id < 33; id++) {
      insert(id);
    }
    pipeline.write(changes.update(ORDERS, Row.of(2L, "s2"), Row.of(2L, "new")));
    pipeline.apply(changes.truncateAt(9, ORDERS));
    insert(31);
    assertThat(pipeline.checkpoint()).allMatch(part -> !((TableCommittable) part).truncated());

    assertThat(rows())
        .hasSize(33)
        .contains("0 s0 true 5", "1 s1 true 6", "2 new true 9", "31 s31 false null")
        .contains("25 s25 true 9", "32 s32 true 9");
    assertThat(rows().stream().filter(row -> row.contains("false"))).hasSize(1);
    pipeline.apply(changes.truncateAt(10, ORDERS));
    pipeline.checkpoint();
    assertThat(rows()).contains("31 s31 true 10", "32 s32 true 9").hasSize(33);
  }

  @Test
  void truncationSeesRowsFromBeforeAColumnWasAdded() {
    insert(1);
    insert(2);
    pipeline.checkpoint();
    TableSchema wide =
        new TableSchema(
            TABLE,
            List.of(
                ORDERS.columns().get(0),
                new Column("n", Types.IntegerType.get(), false, null, 5),
                ORDERS.columns().get(1)),
            List.of("id"));
    pipeline.apply(new SchemaChange.AddColumns(wide, List.of("n"), changes.origin(wide)));
    pipeline.write(changes.insert(wide, 3L, 7, "s3"));
    pipeline.apply(changes.truncateAt(9, wide));
    pipeline.checkpoint();
    assertThat(pipeline.read(TABLE))
        .extracting(row -> row.get("id") + " " + row.get("n") + " " + row.get("_firn_deleted_at"))
        .containsExactlyInAnyOrder("1 5 9", "2 5 9", "3 7 9");
  }

  @Test
  void readingAnewVoidsDeletedRowsToo() {
    insert(1);
    deleteAt(5, 1);
    insert(2);
    pipeline.checkpoint();
    pipeline.apply(changes.snapshotAt(8, ORDERS));
    pipeline.write(changes.read(ORDERS, 3L, "s3"));
    assertThat(pipeline.checkpoint()).allMatch(part -> ((TableCommittable) part).truncated());
    assertThat(rows()).containsExactly("3 s3 false null");
  }
}
