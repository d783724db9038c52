package io.firn.dsl.transform;

import static io.firn.dsl.transform.Scenario.names;
import static io.firn.dsl.transform.Scenario.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.dsl.Tables;
import io.firn.model.error.UnsupportedChangeException;
import io.firn.model.schema.Column;
import io.firn.model.schema.TableSchema;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.Test;

class SchemaRulesTest {
  private static final TableSchema T =
      Tables.table("db.t", "id", "int not null", "v", "int", "s", "string");
  private static final String LENIENT = "pipeline: {schema.change.behavior: lenient}\n";
  private static final String EXCEPTION = "pipeline: {schema.change.behavior: exception}\n";
  private static final String STAR =
      "transform: [{source-table: db.t, projection: '*, v + 1 AS w, -s'}]\n";
  private static final String MERGE = "route: [{source-table: 'db.s_\\d', sink-table: ods.s}]\n";

  private static Scenario created(String rules) {
    Scenario scenario = new Scenario(rules, T);
    scenario.create("t");
    return scenario;
  }

  private static Column column(String name, String type) {
    return Tables.column(name, type);
  }

  @Test
  void withoutRulesChangesPassAsTheyAre() {
    Scenario scenario = created("");
    assertThat(names(scenario.addColumn("t", column("n", "long"))))
        .containsExactly("AddColumns[n] db.t[id int!, v int, s string, n long]");
    assertThat(names(scenario.renameColumn("t", "v", "x")))
        .containsExactly("RenameColumns{v=x} db.t[id int!, x int, s string, n long]");
    assertThat(names(scenario.dropColumn("t", "s")))
        .containsExactly("DropColumns[s] db.t[id int!, x int, n long]");
    assertThat(texts(scenario.insert("t", 1, 2, 3L))).containsExactly("INSERT db.t -> [1, 2, 3]");
  }

  @Test
  void addedColumnReachesTheTargetThroughAStarOnly() {
    Scenario star = created(STAR);
    assertThat(names(star.addColumn("t", column("n", "long"))))
        .containsExactly("AddColumns[n] db.t[id int!, v int, n long, w int]");
    assertThat(texts(star.insert("t", 1, 2, "x", 3L)))
        .containsExactly("INSERT db.t -> [1, 2, 3, 3]");
    Scenario listed = created("transform: [{source-table: db.t, projection: 'id, v'}]\n");
    assertThat(names(listed.addColumn("t", column("n", "long"))))
        .containsExactly("AlterColumns[] db.t[id int!, v int]");
    assertThat(texts(listed.insert("t", 1, 2, "x", 3L))).containsExactly("INSERT db.t -> [1, 2]");
  }

  @Test
  void renamedColumnStaysInExpressions() {
    Scenario scenario = created(STAR);
    assertThat(names(scenario.renameColumn("t", "v", "x")))
        .containsExactly("RenameColumns{v=x} db.t[id int!, x int, w int]");
    assertThat(texts(scenario.insert("t", 1, 5, "s"))).containsExactly("INSERT db.t -> [1, 5, 6]");
    // A second rename, and one of the column that is left out: it must stay out.
    assertThat(names(scenario.renameColumn("t", "x", "y")))
        .containsExactly("RenameColumns{x=y} db.t[id int!, y int, w int]");
    assertThat(names(scenario.renameColumn("t", "s", "t")))
        .containsExactly("AlterColumns[] db.t[id int!, y int, w int]");
    assertThat(texts(scenario.insert("t", 1, 5, "s"))).containsExactly("INSERT db.t -> [1, 5, 6]");
  }

  @Test
  void renamedColumnThatIsListedKeepsItsTargetName() {
    Scenario scenario = created("transform: [{source-table: db.t, projection: 'id, v, s AS z'}]\n");
    assertThat(names(scenario.renameColumn("t", "v", "x")))
        .containsExactly("AlterColumns[] db.t[id int!, v int, z string]");
    assertThat(names(scenario.renameColumn("t", "s", "q")))
        .containsExactly("AlterColumns[] db.t[id int!, v int, z string]");
    assertThat(texts(scenario.insert("t", 1, 5, "s"))).containsExactly("INSERT db.t -> [1, 5, s]");
  }

  @Test
  void droppedColumnThatAnExpressionNeedsStopsThePipeline() {
    Scenario scenario = created(STAR);
    assertThatThrownBy(() -> scenario.dropColumn("t", "v"))
        .isInstanceOf(UnsupportedChangeException.class)
        .hasMessageContaining("ALTER TABLE DROP v")
        .hasMessageContaining("test.yaml:10:50")
        .hasMessageContaining("transform[0].projection: Unknown column 'v'");
  }

  @Test
  void widenedColumnWidensWhatIsComputedFromIt() {
    Scenario scenario = created(STAR);
    assertThat(names(scenario.alterColumn("t", column("v", "long"))))
        .containsExactly("AlterColumns[v, w] db.t[id int!, v long, w long]");
    assertThat(texts(scenario.insert("t", 1, 5L, "s"))).containsExactly("INSERT db.t -> [1, 5, 6]");
  }

  @Test
  void lenientKeepsWhatTheSourceLoses() {
    Scenario scenario = created(LENIENT);
    assertThat(names(scenario.dropColumn("t", "s")))
        .containsExactly("AlterColumns[] db.t[id int!, v int, s string]");
    assertThat(texts(scenario.insert("t", 1, 2))).containsExactly("INSERT db.t -> [1, 2, null]");
    assertThat(names(scenario.renameColumn("t", "v", "x")))
        .containsExactly("AddColumns[x] db.t[id int!, x int, v int, s string]");
    assertThat(texts(scenario.insert("t", 1, 2)))
        .containsExactly("INSERT db.t -> [1, 2, null, null]");
    assertThat(scenario.truncate("t")).isEmpty();
    assertThat(scenario.drop("t")).isEmpty();
    assertThat(names(scenario.snapshotTruncate("t"))).hasSize(1);
  }

  @Test
  void lenientMakesALostRequiredColumnOptional() {
    Scenario scenario =
        new Scenario(LENIENT, Tables.table("db.t", "id", "int not null", "v", "int not null"));
    scenario.create("t");
    assertThat(names(scenario.dropColumn("t", "v")))
        .containsExactly("AlterColumns[v] db.t[id int!, v int]");
  }

  @Test
  void exceptionStopsAtAnyChange() {
    Scenario scenario = created(EXCEPTION);
    assertThat(names(scenario.snapshotTruncate("t"))).hasSize(1);
    assertThatThrownBy(() -> scenario.addColumn("t", column("n", "long")))
        .isInstanceOf(UnsupportedChangeException.class)
        .hasMessageContaining("'exception'");
    assertThatThrownBy(() -> scenario.truncate("t")).isInstanceOf(UnsupportedChangeException.class);
    assertThatThrownBy(() -> scenario.drop("t")).isInstanceOf(UnsupportedChangeException.class);
  }

  @Test
  void everyChangeCarriesItsOriginAndTheLayoutOfTheRowsAfterIt() {
    Scenario scenario = created("transform: [{source-table: db.t, projection: 'id, v'}]\n");
    var changes = scenario.addColumn("t", column("n", "long"));
    assertThat(changes.get(0).origin().statement()).isEqualTo("ALTER TABLE ADD");
    assertThat(scenario.insert("t", 1, 2, "x", 3L).get(0).schema())
        .isSameAs(changes.get(0).schemaAfter());
  }

  private static Scenario merged(String more) {
    Scenario scenario =
        new Scenario(
            MERGE + more,
            Tables.table("db.s_1", "id", "int not null", "a", "int"),
            Tables.table("db.s_2", "id", "int not null", "a", "int"));
    scenario.create("s_1");
    scenario.create("s_2");
    return scenario;
  }

  @Test
  void snapshotOfShardsVoidsTheMergedTableOnce() {
    Scenario scenario = merged("");
    assertThat(names(scenario.snapshotTruncate("s_1"))).hasSize(1);
    assertThat(scenario.snapshotTruncate("s_2")).isEmpty();
    assertThatThrownBy(() -> scenario.snapshotTruncate("s_1"))
        .isInstanceOf(UnsupportedChangeException.class);
  }

  @Test
  void truncatingOrDroppingOneShardIsRefused() {
    assertThatThrownBy(() -> merged("").truncate("s_1"))
        .isInstanceOf(UnsupportedChangeException.class)
        .hasMessageContaining("rows of other tables in 'ods.s'");
    assertThatThrownBy(() -> merged("").drop("s_1")).isInstanceOf(UnsupportedChangeException.class);
    assertThatThrownBy(() -> merged("").renameColumn("s_1", "a", "b"))
        .isInstanceOf(UnsupportedChangeException.class);
    assertThat(merged(LENIENT).truncate("s_1")).isEmpty();
  }

  @Test
  void snapshotThatWouldVoidRowsOfOtherShardsIsRefused() {
    Scenario scenario = merged("");
    scenario.insert("s_2", 1, 1);
    assertThatThrownBy(() -> scenario.snapshotTruncate("s_1"))
        .isInstanceOf(UnsupportedChangeException.class);
  }

  @Test
  void columnAddedToShardsOneAfterTheOtherHasItsDefaultInAllRows() {
    Scenario scenario = merged("");
    Column added = new Column("n", Types.IntegerType.get(), false, null, 7);
    assertThat(names(scenario.addColumn("s_1", added)))
        .containsExactly("AddColumns[n] ods.s[id int!, a int, n int]");
    assertThat(texts(scenario.insert("s_2", 5, 6))).containsExactly("INSERT ods.s -> [5, 6, 7]");
    assertThat(names(scenario.addColumn("s_2", added)))
        .containsExactly("AlterColumns[n] ods.s[id int!, a int, n int!]");
    Column other = new Column("m", Types.IntegerType.get(), false, null, 1);
    scenario.addColumn("s_1", other);
    assertThatThrownBy(
            () ->
                scenario.addColumn("s_2", new Column("m", Types.IntegerType.get(), false, null, 2)))
        .isInstanceOf(UnsupportedChangeException.class)
        .hasMessageContaining("different defaults");
  }

  @Test
  void columnDroppedFromOneShardBecomesOptional() {
    Scenario scenario = merged("");
    assertThat(names(scenario.dropColumn("s_1", "a")))
        .containsExactly("AlterColumns[] ods.s[id int!, a int]");
    assertThat(texts(scenario.insert("s_1", 1))).containsExactly("INSERT ods.s -> [1, null]");
    assertThat(names(scenario.dropColumn("s_2", "a")))
        .containsExactly("DropColumns[a] ods.s[id int!]");
  }

  @Test
  void tableThatAppearsLaterIsTreatedByTheRules() {
    Scenario scenario = merged("");
    assertThat(names(scenario.create(Tables.table("db.s_3", "id", "int not null", "z", "date"))))
        .containsExactly("CreateTable ods.s[id int!, a int, z date]");
    assertThat(texts(scenario.insert("s_1", 1, 2))).containsExactly("INSERT ods.s -> [1, 2, null]");
    assertThatThrownBy(
            () -> scenario.create(Tables.table("db.s_4", "id", "int not null", "a", "string")))
        .isInstanceOf(UnsupportedChangeException.class)
        .hasMessageContaining("CAST");
  }

  @Test
  void tableThatWouldNeedAnotherDistributionOfKeysIsRefused() {
    Scenario scenario =
        new Scenario(
            "transform: [{source-table: 'db.x_\\d', projection: '*', primary-keys: v}]\n", T);
    assertThatThrownBy(
            () ->
                scenario.create(Tables.table("db.x_1", "id", "int not null", "v", "int not null")))
        .isInstanceOf(UnsupportedChangeException.class)
        .hasMessageContaining("restart the pipeline");
  }

  @Test
  void droppedTableCanComeBack() {
    Scenario scenario = created("");
    assertThat(names(scenario.drop("t")))
        .containsExactly("DropTable db.t[id int!, v int, s string]");
    assertThat(names(scenario.create(Tables.table("db.t", "k", "long not null"))))
        .containsExactly("CreateTable db.t[k long!]");
    assertThat(texts(scenario.insert("t", 1L))).containsExactly("INSERT db.t -> [1]");
  }
}
