package io.firn.lake.catalog;

import static io.firn.lake.kit.TestTable.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.lake.LakeSinkOptions;
import io.firn.lake.kit.Life;
import io.firn.lake.kit.Marks;
import io.firn.lake.kit.Servers;
import io.firn.lake.kit.TestTable;
import io.firn.model.error.FencedException;
import io.firn.model.sink.Committer.TableCommit;
import io.firn.testservers.HdfsServer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableOperations;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.junit.jupiter.api.Test;

/** A Hadoop catalog on a real HDFS. */
class HadoopOnHdfsTest {
  private final HdfsServer server = Servers.hdfs();

  private LakeSinkOptions options(String name, Map<String, String> tableProperties) {
    return LakeSinkOptions.of(Map.of("type", "hadoop", "warehouse", server.uri() + "/" + name))
        .withTableProperties(tableProperties);
  }

  private static void write(Path file, String text) throws Exception {
    FileSystem files = file.getFileSystem(new Configuration());
    try (FSDataOutputStream out = files.create(file, true)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
  }

  @Test
  void theOlderOfTwoWritersIsFencedAndTheTableStaysWhole() {
    LakeSinkOptions options = options("fenced", Map.of());
    TestTable table = new TestTable("t");
    try (Life zombie = Life.start(options, 1)) {
      table.announce(zombie.tables());
      table.write(1, row(1, "a"));
      zombie.checkpoint(1, table.handOver());
      table.write(2, row(2, "zombie"));
      List<TableCommit> late = zombie.prepare(2, table.handOver());
      try (Life newer = Life.start(options, 2)) {
        table.announce(newer.tables());
        table.write(2, 2, row(3, "newer"));
        newer.checkpoint(Marks.mark(2, 2), table.handOver());
        assertThatThrownBy(() -> zombie.committer().commit(Marks.mark(1, 2), late))
            .isInstanceOf(FencedException.class);
        assertThat(newer.rows(table)).containsExactlyInAnyOrder(row(1, "a"), row(3, "newer"));
        assertThat(newer.checkpoints(table)).containsExactly(1L, 2L);
      }
    }
  }

  @Test
  void aVersionThatTheTableHasPassedIsRefusedAlsoAfterTheRename() throws Exception {
    String metadata = server.uri() + "/lock/t/metadata/";
    Path hint = new Path(metadata + "version-hint.text");
    try (MetadataVersionLock lock = new MetadataVersionLock()) {
      assertThat(lock.acquire(metadata + "v1.metadata.json", "new table")).isTrue();
      assertThat(lock.release(metadata + "v1.metadata.json", "new table")).isTrue();
      write(hint, "7");
      assertThat(lock.acquire(metadata + "v7.metadata.json", "late")).isFalse();
      assertThat(lock.acquire(metadata + "v8.metadata.json", "next")).isTrue();
      write(hint, "200");
      assertThatThrownBy(() -> lock.release(metadata + "v8.metadata.json", "next"))
          .isInstanceOf(CommitFailedException.class)
          .hasMessageContaining("200");
    }
  }

  @Test
  void aZombieCannotBringBackAVersionThatWasRemoved() {
    // So few metadata files are kept that the zombie's version is gone when it wakes up.
    LakeSinkOptions options =
        options("removed", Map.of("write.metadata.previous-versions-max", "1"));
    TestTable table = new TestTable("t");
    try (Life zombie = Life.start(options, 1)) {
      table.announce(zombie.tables());
      table.write(1, row(1, "a"));
      zombie.checkpoint(1, table.handOver());
      TableOperations sleeping =
          ((HasTableOperations) zombie.reader().table(table.id())).operations();
      TableMetadata old = sleeping.current();
      try (Life newer = Life.start(options, 2)) {
        table.announce(newer.tables());
        for (int id = 2; id < 7; id++) {
          table.write(2, id, row(id, "newer"));
          newer.checkpoint(Marks.mark(2, id), table.handOver());
        }
        assertThatThrownBy(
                () ->
                    sleeping.commit(
                        old,
                        TableMetadata.buildFrom(old).setProperties(Map.of("by", "zombie")).build()))
            .isInstanceOf(CommitFailedException.class);
        assertThat(newer.checkpoints(table)).containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
      }
    }
    try (Life again = Life.start(options, 3)) {
      assertThat(again.rows(table)).hasSize(6);
    }
  }
}
