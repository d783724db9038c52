package io.firn.lake.registry;

import static io.firn.lake.kit.TestTable.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.lake.LakeSinkOptions;
import io.firn.lake.guard.FirnProperties;
import io.firn.lake.kit.CatalogKind;
import io.firn.lake.kit.Life;
import io.firn.lake.kit.Marks;
import io.firn.lake.kit.RestServer;
import io.firn.lake.kit.TestTable;
import io.firn.lake.table.LakeTable;
import io.firn.model.error.ConfigurationException;
import io.firn.model.error.FencedException;
import io.firn.model.error.InconsistentStateException;
import io.firn.model.error.RetryableException;
import io.firn.model.schema.TableId;
import io.firn.model.schema.TableSchema;
import io.firn.model.stream.SchemaChange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.iceberg.Table;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PipelineTablesTest {
  @TempDir Path directory;
  private LakeSinkOptions options;

  @BeforeEach
  void useHadoop() {
    options = CatalogKind.HADOOP.options(directory, null);
  }

  @ParameterizedTest
  @MethodSource("io.firn.lake.kit.CatalogKind#inThisProcess")
  void hostileTableNamesStayInsideTheWarehouseAndApart(CatalogKind kind) throws IOException {
    List<TableId> names =
        List.of(
            new TableId("db", "../../evil"),
            new TableId("db", "a\nb"),
            new TableId("db", "a\u0001b"),
            new TableId("db", "a/b"),
            new TableId("db", "a@002fb"),
            new TableId("..", "x"),
            new TableId("d/b", "sp ace?#%"));
    try (RestServer rest = new RestServer(CatalogKind.sqlite(directory))) {
      LakeSinkOptions chosen = kind.options(directory, rest);
      try (Life life = Life.start(chosen, 1)) {
        long n = 0;
        for (TableId name : names) {
          TestTable table = new TestTable(name).announce(life.tables());
          table.write(++n, row(n, name.name()));
          life.checkpoint(n, table.handOver());
        }
      }
      try (Life next = Life.start(chosen, 2)) {
        assertThat(next.tables().all().stream().map(PipelineTable::id))
            .containsExactlyInAnyOrderElementsOf(names);
        for (int i = 0; i < names.size(); i++) {
          assertThat(next.rows(new TestTable(names.get(i))))
              .containsExactly(row(i + 1, names.get(i).name()));
        }
      }
    }
    try (var files = Files.list(directory)) {
      assertThat(files.map(f -> f.getFileName().toString())).containsOnly("wh", "catalog.db");
    }
    assertThat(directory.resolveSibling("evil")).doesNotExist();
  }

  @Test
  void allTasksGetTheSameTable() throws Exception {
    try (Life life = Life.start(options, 1)) {
      ExecutorService threads = Executors.newFixedThreadPool(8);
      List<Callable<LakeTable>> calls = new ArrayList<>();
      for (int i = 0; i < 16; i++) {
        calls.add(() -> life.tables().announce(new TestTable("t").creation()));
      }
      LakeTable first = null;
      for (var future : threads.invokeAll(calls)) {
        first = first == null ? future.get() : first;
        assertThat(future.get()).isSameAs(first);
      }
      threads.shutdownNow();
    }
  }

  @Test
  void foreignTablesWithRowsAreNotTakenOver() {
    TestTable table = new TestTable("t");
    try (Life life = Life.start(options, 1)) {
      table.announce(life.tables());
      table.write(1, row(1, "a"));
      life.checkpoint(1, table.handOver());
      Table iceberg = life.reader().table(table.id());
      var update = iceberg.updateProperties();
      iceberg.properties().keySet().stream()
          .filter(key -> key.startsWith("firn."))
          .forEach(update::remove);
      update.commit();
    }
    try (Life next = Life.start(options, 2)) {
      assertThat(next.state()).isEmpty();
      assertThatThrownBy(() -> table.announce(next.tables()))
          .isInstanceOf(ConfigurationException.class)
          .hasMessageContaining("Firn did not write them");
    }
  }

  @Test
  void emptyForeignTablesAreTakenOver() {
    TestTable table = new TestTable("t");
    try (Life life = Life.start(options, 1)) {
      table.announce(life.tables());
      Table iceberg = life.reader().table(table.id());
      var update = iceberg.updateProperties();
      iceberg.properties().keySet().stream()
          .filter(key -> key.startsWith("firn."))
          .forEach(update::remove);
      update.commit();
    }
    try (Life next = Life.start(options, 2)) {
      table.announce(next.tables());
      table.write(2, 1, row(1, "a"));
      next.checkpoint(Marks.mark(2, 1), table.handOver());
      assertThat(next.rows(table)).containsExactly(row(1, "a"));
    }
  }

  @Test
  void tablesOfAnotherPipelineAreNotTouched() {
    TestTable table = new TestTable("t");
    try (Life life = Life.start(options, 1)) {
      table.announce(life.tables());
      life.reader()
          .table(table.id())
          .updateProperties()
          .set(FirnProperties.PIPELINE_ID, "other")
          .commit();
    }
    try (Life next = Life.start(options, 2)) {
      assertThatThrownBy(() -> table.announce(next.tables()))
          .isInstanceOf(ConfigurationException.class)
          .hasMessageContaining("pipeline 'other'");
    }
  }

  @Test
  void aLostMarkerStopsInsteadOfStartingAnew() {
    TestTable table = new TestTable("t");
    try (Life life = Life.start(options, 1)) {
      table.announce(life.tables());
      table.write(1, row(1, "a"));
      life.checkpoint(1, table.handOver());
      life.reader().table(table.id()).updateProperties().remove(FirnProperties.MARKER).commit();
    }
    assertThatThrownBy(() -> Life.start(options, 2))
        .isInstanceOf(InconsistentStateException.class)
        .hasMessageContaining(FirnProperties.MARKER);
  }

  @Test
  void aRollbackIsNoticed() {
    TestTable table = new TestTable("t");
    try (Life life = Life.start(options, 1)) {
      table.announce(life.tables());
      for (int n = 1; n <= 2; n++) {
        table.write(n, row(n, "a"));
        life.checkpoint(n, table.handOver());
      }
      Table iceberg = life.reader().table(table.id());
      iceberg.manageSnapshots().rollbackTo(iceberg.currentSnapshot().parentId()).commit();
      table.write(3, row(3, "a"));
      assertThatThrownBy(() -> life.checkpoint(3, table.handOver()))
          .isInstanceOf(InconsistentStateException.class)
          .hasMessageContaining("rolled back");
    }
    assertThatThrownBy(() -> Life.start(options, 2))
        .isInstanceOf(InconsistentStateException.class)
        .hasMessageContaining("rolled back");
  }

  @Test
  void aRollbackToSomebodyElsesSnapshotIsNoticedAlthoughOursBeforeItAreExpired() {
    TestTable table = new TestTable("t");
    try (Life life = Life.start(options, 1)) {
      table.announce(life.tables());
      table.write(1, row(1, "a"));
      life.checkpoint(1, table.handOver());
      Table iceberg = life.reader().table(table.id());
      iceberg.newAppend().commit();
      long foreign = iceberg.currentSnapshot().snapshotId();
      iceberg
          .expireSnapshots()
          .expireOlderThan(Long.MAX_VALUE)
          .retainLast(1)
          .cleanExpiredFiles(false)
          .commit();
      table.write(2, row(2, "a"));
      life.checkpoint(2, table.handOver());
      iceberg.refresh();
      iceberg.manageSnapshots().rollbackTo(foreign).commit();
      table.write(3, row(3, "a"));
      assertThatThrownBy(() -> life.checkpoint(3, table.handOver()))
          .isInstanceOf(InconsistentStateException.class)
          .hasMessageContaining("rolled back");
    }
    assertThatThrownBy(() -> Life.start(options, 2))
        .isInstanceOf(InconsistentStateException.class)
        .hasMessageContaining("rolled back");
  }

  @Test
  void aTableKeepsItsMode() {
    TestTable table = new TestTable("t");
    try (Life life = Life.start(options, 1)) {
      table.announce(life.tables());
    }
    try (Life next = Life.start(options, 2)) {
      TableSchema keyless = new TableSchema(table.id(), table.schema().columns(), List.of());
      assertThatThrownBy(
              () ->
                  next.tables().announce(new SchemaChange.CreateTable(keyless, table.origin("v1"))))
          .isInstanceOf(ConfigurationException.class)
          .hasMessageContaining("'upsert'")
          .hasMessageContaining("'append'");
    }
  }

  @Test
  void anOlderEpochCannotTakePossession() {
    TestTable table = new TestTable("t");
    try (Life life = Life.start(options, 5)) {
      table.announce(life.tables());
      life.tables().fence(5);
    }
    assertThatThrownBy(() -> Life.start(options, 4)).isInstanceOf(FencedException.class);
    assertThatThrownBy(() -> Life.start(options, 5))
        .as("another instance with the same epoch, which is nobody's fault: the next one will do")
        .isInstanceOf(RetryableException.class)
        .hasMessageContaining("epoch 5 was given out to another instance before");
    try (Life next = Life.start(options, 6)) {
      assertThat(next.state().orElseThrow().maxEpoch()).isEqualTo(5);
    }
  }

  @Test
  void aLostDataFileNumberIsNeverGivenAgain() {
    TestTable table = new TestTable("t");
    long last;
    try (Life life = Life.start(options, 1)) {
      table.announce(life.tables());
      last = table.write(1, row(1, "a"));
      life.checkpoint(1, table.handOver());
      table.truncate();
      life.checkpoint(2, table.handOver());
    }
    try (Life next = Life.start(options, 2)) {
      table.announce(next.tables());
      assertThat(table.lakeTable().files().newFileId()).isGreaterThan(last);
    }
  }

  @Test
  void tablePropertiesOfTheUserReachTheTable() {
    LakeSinkOptions custom =
        options.withTableProperties(
            Map.of("format-version", "2", "write.target-file-size-bytes", "7"));
    try (Life life = Life.start(custom, 1)) {
      Table table = new TestTable("t").announce(life.tables()).lakeTable().table();
      assertThat(org.apache.iceberg.TableUtil.formatVersion(table)).isEqualTo(2);
      assertThat(table.properties()).containsEntry("write.target-file-size-bytes", "7");
    }
  }
}
