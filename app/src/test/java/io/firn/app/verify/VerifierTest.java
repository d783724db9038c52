package io.firn.app.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.lake.table.ChangeLogColumns;
import io.firn.model.row.Row;
import io.firn.model.schema.Column;
import io.firn.model.schema.TableId;
import io.firn.model.schema.TableSchema;
import io.firn.model.stream.SourcePosition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.Test;

class VerifierTest {
  private static final TableId TABLE = new TableId("shop", "orders");
  private static final List<Column> COLUMNS =
      List.of(
          Column.of("id", Types.IntegerType.get(), false),
          Column.of("note", Types.StringType.get(), true));
  private static final TableSchema SCHEMA = new TableSchema(TABLE, COLUMNS, List.of("id"));

  /** The lake has other column types and order, as after a widening and a reordering. */
  private static final TableSchema LAKE_SCHEMA =
      new TableSchema(
          TABLE,
          List.of(
              Column.of("note", Types.StringType.get(), true),
              Column.of("extra", Types.StringType.get(), true),
              Column.of("id", Types.LongType.get(), false)),
          List.of());

  private final Map<Integer, String> source = new TreeMap<>();
  private final Map<Integer, String> lake = new TreeMap<>();

  /** Arrives at the lake when it is waited for. */
  private final Map<Integer, String> underWay = new TreeMap<>();

  private boolean lakeMoves = true;

  private final CommittedPosition positions =
      new CommittedPosition() {
        @Override
        public SourcePosition sourceEnd() {
          return SourcePosition.binlog("binlog.000001", 4, 0, null);
        }

        @Override
        public boolean awaitCommitted(SourcePosition position) {
          if (lakeMoves) {
            lake.putAll(underWay);
            underWay.clear();
          }
          return lakeMoves;
        }
      };

  private TableResult verify() throws InterruptedException {
    RowSide sourceSide =
        visitor -> source.forEach((id, note) -> visitor.row(SCHEMA, Row.of(id, note)));
    RowSide lakeSide =
        visitor ->
            lake.forEach(
                (id, note) -> visitor.row(LAKE_SCHEMA, Row.of(note, "ignored", (long) id)));
    return new KeyedVerifier(SCHEMA, sourceSide, lakeSide, positions).verify();
  }

  private void fill(int rows) {
    for (int i = 1; i <= rows; i++) {
      source.put(i, "note " + i);
      lake.put(i, "note " + i);
    }
  }

  @Test
  void sameRowsAreEqual() throws InterruptedException {
    fill(5_000);
    TableResult result = verify();
    assertThat(result.equal()).isTrue();
    assertThat(result.sourceRows()).isEqualTo(5_000);
    assertThat(result.lakeRows()).isEqualTo(5_000);
  }

  @Test
  void plantedDifferencesAreNamedWithKeyColumnAndBothValues() throws InterruptedException {
    fill(5_000);
    lake.put(17, "something\nelse");
    lake.remove(18);
    lake.put(9_999, "nobody knows");
    source.put(19, null);
    TableResult result = verify();
    assertThat(result.differing()).isEqualTo(4);
    assertThat(result.undecided()).isZero();
    assertThat(result.differences().stream().map(Difference::toString))
        .containsExactlyInAnyOrder(
            "id='17': column 'note' is 'note 17' at the source and 'something\\nelse' in the lake",
            "id='18': missing in the lake",
            "id='9999': not at the source, but in the lake",
            "id='19': column 'note' is NULL at the source and 'note 19' in the lake");
  }

  @Test
  void longValuesAreCut() throws InterruptedException {
    fill(1);
    source.put(1, "x".repeat(1_000));
    String shown = verify().differences().get(0).toString();
    assertThat(shown).contains("x".repeat(200) + "...'").doesNotContain("x".repeat(201));
  }

  @Test
  void changesThatAreStillUnderWayAreNoDifferences() throws InterruptedException {
    fill(5_000);
    source.put(17, "new");
    underWay.put(17, "new");
    source.put(6_000, "inserted");
    underWay.put(6_000, "inserted");
    assertThat(verify().equal()).isTrue();
  }

  @Test
  void aLakeThatStaysBehindLeavesRowsUndecided() throws InterruptedException {
    fill(100);
    source.put(17, "new");
    lakeMoves = false;
    TableResult result = verify();
    assertThat(result.differing()).isZero();
    assertThat(result.undecided()).isEqualTo(1);
    assertThat(result.undecidedReason()).contains("binlog.000001:4");
    assertThat(result.equal()).isFalse();
  }

  private static Row log(String operation, int id, String note) {
    return Row.of(id, note, operation);
  }

  private TableResult verifyLog(List<Row> sourceRows, List<Row> log) throws InterruptedException {
    TableSchema plain = new TableSchema(TABLE, COLUMNS, List.of());
    List<Column> columns = new ArrayList<>(COLUMNS);
    columns.add(Column.of(ChangeLogColumns.OPERATION, Types.StringType.get(), false));
    TableSchema logSchema = new TableSchema(TABLE, columns, List.of());
    return new ChangeLogVerifier(
            plain,
            visitor -> sourceRows.forEach(row -> visitor.row(plain, row)),
            visitor -> log.forEach(row -> visitor.row(logSchema, row)),
            positions)
        .verify();
  }

  @Test
  void aChangeLogIsReplayedIntoAMultiset() throws InterruptedException {
    TableResult result =
        verifyLog(
            List.of(Row.of(1, "a"), Row.of(1, "a"), Row.of(2, "c")),
            List.of(
                log("INSERT", 1, "a"),
                log("INSERT", 1, "a"),
                log("INSERT", 2, "b"),
                log("UPDATE_BEFORE", 2, "b"),
                log("UPDATE_AFTER", 2, "c"),
                log("INSERT", 3, "gone"),
                log("DELETE", 3, "gone")));
    assertThat(result.equal()).isTrue();
    assertThat(result.lakeRows()).isEqualTo(3);
  }

  @Test
  void aRowThatIsThereTooOftenIsNamed() throws InterruptedException {
    TableResult result =
        verifyLog(List.of(Row.of(1, "a")), List.of(log("INSERT", 1, "a"), log("INSERT", 1, "a")));
    assertThat(result.differing()).isEqualTo(1);
    assertThat(result.differences().get(0).toString())
        .isEqualTo("id='1', note='a': there 1 times at the source and 2 times in the lake");
  }
}
