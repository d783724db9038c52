package io.firn.dsl.transform;

import static io.firn.dsl.transform.Scenario.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.dsl.Tables;
import io.firn.model.error.InconsistentStateException;
import io.firn.model.error.RowException;
import io.firn.model.row.Operation;
import io.firn.model.row.Row;
import io.firn.model.row.RowChange;
import io.firn.model.schema.TableSchema;
import io.firn.model.stream.SourcePosition;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RowRulesTest {
  private static final TableSchema T =
      Tables.table("db.t", "id", "int not null", "v", "int", "s", "string");

  private static Scenario filtered() {
    Scenario scenario =
        new Scenario(
            """
            transform:
              - source-table: db.t
                projection: id, v * 2 AS w
                filter: v > 10
            """,
            T);
    scenario.create("t");
    return scenario;
  }

  @Test
  void withoutRulesTheVeryChangeIsPassed() {
    Scenario scenario = new Scenario("", T);
    var created = scenario.create("t");
    RowChange change =
        new RowChange(
            T,
            Operation.INSERT,
            null,
            Row.of(1, 2, "x"),
            new RowChange.Meta(SourcePosition.binlog("b.1", 4, 0, null), null, 0));
    List<RowChange> out = new ArrayList<>();
    var transform = scenario.plan().transformFactory().create();
    transform.apply(created.get(0));
    transform.apply(change, out::add);
    assertThat(out).hasSize(1);
    assertThat(out.get(0)).isSameAs(change);
    assertThat(scenario.plan().preservesKeys()).isTrue();
  }

  @Test
  void routedTableKeepsItsRows() {
    Scenario scenario = new Scenario("route: [{source-table: db.t, sink-table: ods.x}]\n", T);
    var created = scenario.create("t");
    Row row = Row.of(1, 2, "x");
    List<RowChange> out = scenario.update("t", row, row);
    assertThat(out.get(0).after()).isSameAs(row);
    assertThat(out.get(0).schema()).isSameAs(created.get(0).schemaAfter());
    assertThat(out.get(0).table().toString()).isEqualTo("ods.x");
  }

  @Test
  void insertAndReadOutsideOfTheFilterAreDropped() {
    Scenario scenario = filtered();
    assertThat(texts(scenario.insert("t", 1, 11, "a"))).containsExactly("INSERT db.t -> [1, 22]");
    assertThat(scenario.insert("t", 1, 10, "a")).isEmpty();
    assertThat(scenario.insert("t", 1, null, "a")).isEmpty();
    assertThat(scenario.read("t", 1, 9, "a")).isEmpty();
    assertThat(texts(scenario.read("t", 1, 12, "a"))).containsExactly("READ db.t -> [1, 24]");
  }

  @Test
  void updateAcrossTheFilterBecomesInsertOrDelete() {
    Scenario scenario = filtered();
    Row in = Row.of(1, 20, "a");
    Row out = Row.of(1, 5, "a");
    assertThat(texts(scenario.update("t", in, in)))
        .containsExactly("UPDATE db.t [1, 40] -> [1, 40]");
    assertThat(texts(scenario.update("t", in, out))).containsExactly("DELETE db.t [1, 40]");
    assertThat(texts(scenario.update("t", out, in))).containsExactly("INSERT db.t -> [1, 40]");
    assertThat(scenario.update("t", out, out)).isEmpty();
    assertThat(scenario.delete("t", 1, 5, "a")).isEmpty();
    assertThat(texts(scenario.delete("t", 1, 50, "a"))).containsExactly("DELETE db.t [1, 100]");
  }

  /** "Now" is the time of the change, 7 seconds after 1970, or 1 second while a table is read. */
  private static Scenario filteredByTime(String more) {
    Scenario scenario =
        new Scenario(
            """
            transform:
              - source-table: db.t
                projection: id, 10 / v AS v, s
                filter: s = 'in' OR (s = 'past' AND NOW() < TIMESTAMP '1970-01-01 00:00:05')
            """
                + more,
            T);
    scenario.create("t");
    return scenario;
  }

  @Test
  void rowThatPassedTheFilterAtAnotherTimeIsRemovedAllTheSame() {
    Scenario scenario = filteredByTime("");
    assertThat(texts(scenario.insert("t", 1, 2, "past"))).isEmpty();
    assertThat(texts(scenario.delete("t", 1, 2, "past")))
        .containsExactly("DELETE db.t [1, null, null]");
    assertThat(texts(scenario.update("t", Row.of(1, 2, "past"), Row.of(1, 2, "out"))))
        .containsExactly("DELETE db.t [1, null, null]");
    assertThat(texts(scenario.update("t", Row.of(1, 2, "past"), Row.of(1, 5, "in"))))
        .containsExactly("READ db.t -> [1, 2, in]");
    // The division fails for the old row, which is why it was kept away.
    assertThat(texts(scenario.delete("t", 1, 0, "out")))
        .containsExactly("DELETE db.t [1, null, null]");
  }

  @Test
  void changedKeyUnderAFilterByTimeLeavesNoRowBehind() {
    Scenario scenario = filteredByTime("    primary-keys: s, id\n");
    assertThat(texts(scenario.update("t", Row.of(1, 2, "past"), Row.of(1, 2, "in"))))
        .containsExactly("DELETE db.t [1, null, past]", "READ db.t -> [1, 5, in]");
    assertThat(texts(scenario.update("t", Row.of(1, 2, null), Row.of(1, 2, "in"))))
        .containsExactly("READ db.t -> [1, 5, in]");
  }

  @Test
  void changeLogOfATableWithoutAKeyMayBeFilteredByKindOfChange() {
    TableSchema log = new TableSchema(T.table(), T.columns(), List.of());
    Scenario scenario =
        new Scenario(
            """
            transform:
              - source-table: db.t
                filter: __data_event_type__ <> '-D'
            """,
            log);
    scenario.create("t");
    assertThat(texts(scenario.insert("t", 1, 2, "a"))).containsExactly("INSERT db.t -> [1, 2, a]");
    assertThat(texts(scenario.delete("t", 1, 2, "a"))).isEmpty();
  }

  @Test
  void changedTargetKeyIsDeleteAndInsert() {
    Scenario scenario =
        new Scenario(
            """
            transform:
              - source-table: db.t
                projection: \\*
                primary-keys: s, id
            """,
            T);
    scenario.create("t");
    assertThat(scenario.plan().preservesKeys()).isFalse();
    assertThat(texts(scenario.update("t", Row.of(1, 2, "a"), Row.of(1, 2, "b"))))
        .containsExactly("DELETE db.t [1, 2, a]", "INSERT db.t -> [1, 2, b]");
    assertThat(texts(scenario.update("t", Row.of(1, 2, "a"), Row.of(1, 3, "a"))))
        .containsExactly("UPDATE db.t [1, 2, a] -> [1, 3, a]");
    assertThatThrownBy(() -> scenario.insert("t", 1, 2, null))
        .isInstanceOf(RowException.class)
        .hasMessageContaining("key column 's'")
        .hasMessageContaining("binlog.000001:4:");
  }

  @Test
  void failingExpressionNamesItsPlaceAndTheRow() {
    Scenario scenario =
        new Scenario(
            """
            transform:
              - source-table: db.t
                projection: id, 10 / v AS d
            """,
            T);
    scenario.create("t");
    assertThatThrownBy(() -> scenario.insert("t", 1, 0, "a"))
        .isInstanceOf(RowException.class)
        .hasMessageContaining("column 'd' (test.yaml:12:")
        .hasMessageContaining("10 / v")
        .hasMessageContaining("'db.t' at binlog.000001:4:")
        .hasMessageContaining("Division by zero");
  }

  @Test
  void firstMatchingRuleWins() {
    Scenario scenario =
        new Scenario(
            """
            transform:
              - source-table: db.t
                projection: id, 'first' AS r
              - source-table: db.\\.*
                projection: id, 'second' AS r
            """,
            T,
            Tables.table("db.u", "id", "int not null"));
    scenario.create("t");
    scenario.create("u");
    assertThat(texts(scenario.insert("t", 1, 2, "a"))).containsExactly("INSERT db.t -> [1, first]");
    assertThat(texts(scenario.insert("u", 1))).containsExactly("INSERT db.u -> [1, second]");
  }

  @Test
  void namedExpressionReplacesTheStarsColumnWhereverItStands() {
    for (String projection : List.of("\\*, '***' AS s", "'***' AS s, *")) {
      Scenario scenario =
          new Scenario(
              "transform: [{source-table: db.t, projection: \""
                  + projection.replace("\\", "\\\\")
                  + "\"}]\n",
              T);
      scenario.create("t");
      assertThat(scenario.insert("t", 1, 2, "secret").get(0).after().toString())
          .contains("***")
          .doesNotContain("secret");
    }
  }

  @Test
  void metadataAndTimeComeFromTheChange() {
    Scenario scenario =
        new Scenario(
            """
            transform:
              - source-table: db.t
                projection: >-
                  id, __schema_name__ || '.' || __table_name__ AS t, __data_event_type__ AS e,
                  CURRENT_TIMESTAMP AS ts
            """,
            T);
    scenario.create("t");
    assertThat(texts(scenario.update("t", Row.of(1, 2, "a"), Row.of(1, 2, "b"))))
        .containsExactly("UPDATE db.t [1, db.t, -U, 7000000] -> [1, db.t, +U, 7000000]");
    assertThat(texts(scenario.delete("t", 1, 2, "a")))
        .containsExactly("DELETE db.t [1, db.t, -D, 7000000]");
  }

  @Test
  void softDeleteKeepsTheRow() {
    Scenario scenario =
        new Scenario(
            """
            transform:
              - source-table: db.t
                projection: id, v, __data_event_type__ AS op
                filter: v > 0
                converter-after-transform: SOFT_DELETE
            """,
            T);
    scenario.create("t");
    assertThat(texts(scenario.delete("t", 1, 2, "a"))).containsExactly("READ db.t -> [1, 2, -D]");
    assertThat(texts(scenario.update("t", Row.of(1, 2, "a"), Row.of(1, 0, "a"))))
        .containsExactly("READ db.t -> [1, 2, -D]");
  }

  @Test
  void mergedShardsShareOneLayout() {
    Scenario scenario =
        new Scenario(
            "route: [{source-table: 'db.s_\\d', sink-table: ods.s}]\n",
            Tables.table("db.s_1", "id", "int not null", "a", "decimal(4,1)"),
            Tables.table("db.s_2", "id", "long not null", "b", "string not null"));
    var first = scenario.create("s_1").get(0).schemaAfter();
    var second = scenario.create("s_2").get(0).schemaAfter();
    assertThat(first).isEqualTo(second);
    assertThat(first.toString()).contains("id").isEqualTo(second.toString());
    assertThat(texts(scenario.insert("s_1", 1, new BigDecimal("1.5"))))
        .containsExactly("INSERT ods.s -> [1, 1.5, null]");
    assertThat(scenario.insert("s_1", 1, null).get(0).after().get(0)).isEqualTo(1L);
    assertThat(texts(scenario.insert("s_2", 2L, "x")))
        .containsExactly("INSERT ods.s -> [2, null, x]");
    assertThat(scenario.insert("s_1", 3, null).get(0).schema()).isSameAs(second);
    assertThat(scenario.plan().preservesKeys()).isTrue();
  }

  @Test
  void rowOfAnUnannouncedLayoutIsRefused() {
    Scenario scenario = new Scenario("", T);
    assertThatThrownBy(() -> scenario.insert("t", 1, 2, "a"))
        .isInstanceOf(InconsistentStateException.class);
  }
}
