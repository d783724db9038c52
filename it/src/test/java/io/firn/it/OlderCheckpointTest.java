package io.firn.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.it.check.LakeCheck;
import io.firn.it.fault.Fault;
import io.firn.it.process.Pipeline;
import io.firn.testservers.provision.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The checkpoint directory comes from a backup, or the pipeline file is another one. */
class OlderCheckpointTest {
  @Test
  void checkpointsFromABackupAreRefusedAndTheTablesAloneAreEnough() throws Exception {
    Source.Shop shop = Source.shop("backup", 1_000);
    Pipeline pipeline = shop.pipeline();
    Path checkpoints = pipeline.directory().resolve("checkpoints");
    Path backup = pipeline.directory().resolve("backup");
    Firn.catchUp(pipeline);
    copy(checkpoints, backup);
    shop.workload().change(500);
    Firn.catchUp(pipeline);
    shop.workload().change(500);
    Trees.delete(checkpoints);
    copy(backup, checkpoints);
    Firn.reached(Fault.OLDER_CHECKPOINT);
    assertThat(Firn.fail(pipeline, 1))
        .contains("its tables are at checkpoint")
        .contains("is 1 (epoch 1", "restored backup")
        .contains("move the checkpoint directory away");
    Trees.delete(checkpoints);
    Firn.catchUp(pipeline);
    LakeCheck.assertMirrors(pipeline);
  }

  @Test
  void intervalAndTablePropertiesMayChangeBetweenRuns() throws Exception {
    Source.Shop shop = Source.shop("changed", 1_000);
    Firn.catchUp(shop.pipeline());
    shop.workload().change(300);
    Firn.catchUp(
        shop.pipeline()
            .setting("checkpoint.interval", "300ms")
            .tableProperty("write.parquet.compression-codec", "snappy"));
    Firn.reached(Fault.PIPELINE_CHANGED);
    LakeCheck.assertMirrors(shop.pipeline());
  }

  private static void copy(Path from, Path to) throws IOException {
    try (var paths = Files.walk(from)) {
      for (Path path : paths.toList()) {
        Path target = to.resolve(from.relativize(path).toString());
        if (Files.isDirectory(path)) {
          Files.createDirectories(target);
        } else {
          Files.copy(path, target);
        }
      }
    }
  }
}
