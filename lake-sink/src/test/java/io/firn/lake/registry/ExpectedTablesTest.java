package io.firn.lake.registry;

import static io.firn.lake.kit.TestTable.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.lake.LakeSinkOptions;
import io.firn.lake.catalog.LakeCatalog;
import io.firn.lake.catalog.TableNames;
import io.firn.lake.guard.FirnProperties;
import io.firn.lake.kit.CatalogKind;
import io.firn.lake.kit.Life;
import io.firn.lake.kit.RestServer;
import io.firn.lake.kit.TestTable;
import io.firn.model.error.InconsistentStateException;
import io.firn.model.schema.TableId;
import io.firn.model.schema.TableSchema;
import io.firn.model.sink.Sink.LakeState;
import io.firn.model.sink.TableState;
import io.firn.model.stream.SchemaChange;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tables that were dropped, replaced or changed behind Firn's back. */
class ExpectedTablesTest {
  private final TestTable a = new TestTable("a");
  private final TestTable b = new TestTable("b");
  @TempDir Path directory;

  /** Two tables with a checkpoint; afterwards what a manifest would say of them. */
  private List<TableState> twoTables(LakeSinkOptions options) {
    try (Life life = Life.start(options, 1)) {
      for (long n = 1; n <= 2; n++) {
        a.announce(life.tables()).write(n, row(n, "a"));
        b.announce(life.tables()).write(n, row(n, "b"));
        life.checkpoint(n, a.handOver(), b.handOver());
      }
      return life.committer().tables();
    }
  }

  /** What the newest marker expects. */
  private static List<TableState> inTheLake(LakeSinkOptions options) {
    try (LakeCatalog catalog = LakeCatalog.open(options)) {
      return PipelineTables.find(catalog, options, TestTable.PIPELINE, "looks")
          .state()
          .map(LakeState::expectedTables)
          .orElse(List.of());
    }
  }

  private static void require(LakeSinkOptions options, List<TableState> expected) {
    try (LakeCatalog catalog = LakeCatalog.open(options)) {
      PipelineTables.find(catalog, options, TestTable.PIPELINE, "checks").require(expected);
    }
  }

  private static void drop(LakeSinkOptions options, TestTable table) {
    try (LakeCatalog catalog = LakeCatalog.open(options)) {
      catalog.iceberg().dropTable(TableNames.identifier(table.id()), true);
    }
  }

  @ParameterizedTest
  @MethodSource("io.firn.lake.kit.CatalogKind#inThisProcess")
  void aDroppedTableIsRefusedByManifestAndByMarker(CatalogKind kind) throws IOException {
    try (RestServer rest = new RestServer(CatalogKind.sqlite(directory))) {
      LakeSinkOptions options = kind.options(directory, rest);
      List<TableState> inManifest = twoTables(options);
      assertThat(inManifest).extracting(TableState::table).containsExactly(a.id(), b.id());
      assertThat(inManifest).extracting(TableState::checkpointId).containsOnly(2L);
      require(options, inManifest);
      require(options, inTheLake(options));
      drop(options, a);
      for (List<TableState> expected : List.of(inManifest, inTheLake(options))) {
        assertThatThrownBy(() -> require(options, expected))
            .isInstanceOf(InconsistentStateException.class)
            .hasMessageContaining("Table db.a cannot be continued")
            .hasMessageContaining("it was dropped")
            .hasMessageContaining(inManifest.get(0).identity());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("io.firn.lake.kit.CatalogKind#inThisProcess")
  void aTableOfTheSameNameIsNotTheTable(CatalogKind kind) throws IOException {
    try (RestServer rest = new RestServer(CatalogKind.sqlite(directory))) {
      LakeSinkOptions options = kind.options(directory, rest);
      List<TableState> inManifest = twoTables(options);
      drop(options, a);
      try (LakeCatalog catalog = LakeCatalog.open(options)) {
        catalog
            .iceberg()
            .createTable(TableNames.identifier(a.id()), new org.apache.iceberg.Schema(idField()));
      }
      for (List<TableState> expected : List.of(inManifest, inTheLake(options))) {
        assertThatThrownBy(() -> require(options, expected))
            .isInstanceOf(InconsistentStateException.class)
            .hasMessageContaining("is another table")
            .hasMessageContaining("dropped and created again");
      }
      drop(options, a);
      try (Life other = Life.start(options, 7)) {
        other.tables().announce(a.creation());
      }
      assertThatThrownBy(() -> require(options, inManifest))
          .as("created again by Firn itself, before it looked")
          .isInstanceOf(InconsistentStateException.class)
          .hasMessageContaining("is another table");
    }
  }

  private static org.apache.iceberg.types.Types.NestedField idField() {
    return org.apache.iceberg.types.Types.NestedField.required(
        1, "id", org.apache.iceberg.types.Types.LongType.get());
  }

  @Test
  void tablesWithoutAKeyAreProtectedToo() {
    LakeSinkOptions options = CatalogKind.HADOOP.options(directory, null);
    TestTable log = new TestTable("log");
    List<TableState> expected;
    try (Life life = Life.start(options, 1)) {
      TableSchema keyless = new TableSchema(log.id(), log.schema().columns(), List.of());
      life.tables().announce(new SchemaChange.CreateTable(keyless, log.origin("v1")));
      // The checkpoint promises rows to a table that was never committed to.
      a.announce(life.tables()).write(1, row(1, "a"));
      life.checkpoint(1, a.handOver());
      expected = List.of(life.committer().tables().get(1));
    }
    assertThat(expected.get(0).table()).isEqualTo(log.id());
    require(options, expected);
    drop(options, log);
    assertThatThrownBy(() -> require(options, expected))
        .isInstanceOf(InconsistentStateException.class)
        .hasMessageContaining("db.log");
    assertThatCode(() -> require(options, inTheLake(options)))
        .as("no row was ever committed to it")
        .doesNotThrowAnyException();
  }

  @Test
  void anOlderVersionOfATableIsRefused() {
    LakeSinkOptions options = CatalogKind.HADOOP.options(directory, null);
    List<TableState> expected = twoTables(options);
    TableState further = new TableState(a.id(), expected.get(0).identity(), 3);
    assertThatThrownBy(() -> require(options, List.of(further)))
        .isInstanceOf(InconsistentStateException.class)
        .hasMessageContaining("checkpoint 2 of epoch 1")
        .hasMessageContaining("older version");
  }

  @Test
  void aTableThatLostItsPropertiesIsRefused() {
    LakeSinkOptions options = CatalogKind.SQLITE.options(directory, null);
    List<TableState> expected = twoTables(options);
    try (LakeCatalog catalog = LakeCatalog.open(options)) {
      Table table = catalog.iceberg().loadTable(TableNames.identifier(a.id()));
      var update = table.updateProperties();
      table.properties().keySet().stream()
          .filter(key -> key.startsWith("firn."))
          .forEach(update::remove);
      update.commit();
    }
    for (List<TableState> each : List.of(expected, inTheLake(options))) {
      assertThatThrownBy(() -> require(options, each))
          .isInstanceOf(InconsistentStateException.class)
          .hasMessageContaining("'" + FirnProperties.PIPELINE_ID + "' of 'db.a' is gone");
    }
    try (LakeCatalog catalog = LakeCatalog.open(options)) {
      catalog
          .iceberg()
          .loadTable(TableNames.identifier(a.id()))
          .updateProperties()
          .set(FirnProperties.PIPELINE_ID, "other")
          .commit();
    }
    assertThatThrownBy(() -> require(options, expected))
        .isInstanceOf(InconsistentStateException.class)
        .hasMessageContaining("'other'");
  }

  @Test
  void aTableIsFoundWhereThePipelineNoLongerLooks() {
    LakeSinkOptions options = CatalogKind.SQLITE.options(directory, null);
    List<TableState> expected = twoTables(options);
    LakeSinkOptions elsewhere =
        new LakeSinkOptions(
            options.catalogName(),
            options.catalogProperties(),
            Map.of(),
            Map.of(),
            List.of(),
            List.of(),
            Set.of("elsewhere"));
    require(elsewhere, expected);
  }

  @Test
  void aRenamedTableIsStillTheTable() {
    LakeSinkOptions options = CatalogKind.SQLITE.options(directory, null);
    List<TableState> expected = twoTables(options);
    try (LakeCatalog catalog = LakeCatalog.open(options)) {
      catalog
          .iceberg()
          .renameTable(TableNames.identifier(a.id()), TableIdentifier.of("db", "renamed"));
    }
    require(options, expected);
  }

  @Test
  void aTableThatIsNoLongerAnnouncedMayBeDroppedAfterTheNextCheckpoint() {
    LakeSinkOptions options = CatalogKind.SQLITE.options(directory, null);
    twoTables(options);
    List<TableState> later;
    try (Life life = Life.start(options, 2)) {
      assertThat(life.committer().tables()).extracting(TableState::table).contains(a.id());
      b.announce(life.tables()).write(2, 3, row(3, "b"));
      life.checkpoint(3, b.handOver());
      later = life.committer().tables();
    }
    drop(options, a);
    require(options, later);
    require(options, inTheLake(options));
    assertThat(later).extracting(TableState::table).containsExactly(new TableId("db", "b"));
  }

  @Test
  void tablesOfAnotherPipelineDoNotMatter() {
    LakeSinkOptions options = CatalogKind.SQLITE.options(directory, null);
    List<TableState> expected = twoTables(options);
    try (LakeCatalog catalog = LakeCatalog.open(options)) {
      assertThat(PipelineTables.find(catalog, options, "other", "looks").state()).isEmpty();
    }
    require(options, expected);
  }

  @Test
  void aTableThatIsRegisteredTwiceIsTheOneUnderItsName() {
    LakeSinkOptions options = CatalogKind.SQLITE.options(directory, null);
    List<TableState> expected = twoTables(options);
    for (String copy : List.of("0_copy", "z_copy")) {
      register(options, copy, a);
    }
    try (Life life = Life.start(options, 2)) {
      assertThat(life.tables().table(a.id()).orElseThrow().identifier())
          .isEqualTo(TableNames.identifier(a.id()));
    }
    require(options, expected);
    try (LakeCatalog catalog = LakeCatalog.open(options)) {
      catalog.iceberg().dropTable(TableNames.identifier(a.id()), false);
    }
    assertThatThrownBy(() -> require(options, expected))
        .isInstanceOf(InconsistentStateException.class)
        .hasMessageContaining("is a copy");
  }

  private static void register(LakeSinkOptions options, String name, TestTable of) {
    try (LakeCatalog catalog = LakeCatalog.open(options)) {
      Table table = catalog.iceberg().loadTable(TableNames.identifier(of.id()));
      catalog
          .iceberg()
          .registerTable(
              TableIdentifier.of("db", name),
              ((org.apache.iceberg.BaseTable) table).operations().current().metadataFileLocation());
    }
  }
}
