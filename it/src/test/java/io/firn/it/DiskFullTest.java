package io.firn.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.it.check.LakeCheck;
import io.firn.it.fault.Fault;
import io.firn.it.oracle.BackgroundLoad;
import io.firn.it.process.FirnProcess;
import io.firn.it.process.FullDiskFileIO;
import io.firn.it.process.Pipeline;
import io.firn.it.process.SmallDisk;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The disk is full for a while; the process waits and goes on by itself. */
@Tag("slow")
class DiskFullTest {
  @Test
  void aWarehouseThatIsFullForAWhileLosesNothing() throws Exception {
    Source.Shop shop = Source.shop("full", 1_000);
    Pipeline pipeline = shop.pipeline().setting("checkpoint.interval", "300ms");
    Pipeline filling = pipeline.catalogProperty("io-impl", FullDiskFileIO.class.getName());
    Path mark = pipeline.directory().resolve("full");
    FirnProcess.Options options =
        FirnProcess.Options.of(filling).property(FullDiskFileIO.MARK, mark.toString());
    try (FirnProcess process = FirnProcess.start(options, "run", filling.write().toString())) {
      try (BackgroundLoad load = shop.workload().background(1, 300)) {
        Firn.awaitCheckpoints(process, pipeline, 2);
        Files.createFile(mark);
        assertThat(process.await(() -> mark.toFile().length() > 0, Firn.LIMIT_SECONDS))
            .as(process.output())
            .isTrue();
        Thread.sleep(3_000);
        Firn.reached(Fault.WAREHOUSE_FULL);
        Files.delete(mark);
        Firn.awaitCheckpoints(process, pipeline, 2);
        assertThat(load.changes()).isPositive();
      }
      Firn.stop(process);
    }
    Firn.catchUp(pipeline);
    LakeCheck.assertMirrors(pipeline);
  }

  /** A real one, which a machine must allow; the row above is reached on any. */
  @Test
  @Tag("mount")
  void checkpointsAndStateOnAFullDiskAreMadeWhenThereIsSpaceAgain() throws Exception {
    Source.Shop shop = Source.shop("full-state", 1_000);
    try (SmallDisk disk = SmallDisk.mount(shop.pipeline().directory().resolve("disk"), 48)) {
      Pipeline pipeline =
          shop.pipeline()
              .setting("checkpoint.interval", "300ms")
              .setting("checkpoint.directory", disk.directory().resolve("checkpoints").toString())
              .setting("state.directory", disk.directory().resolve("state").toString());
      try (FirnProcess process = Firn.start(pipeline)) {
        try (BackgroundLoad load = shop.workload().background(1, 300)) {
          Firn.awaitCheckpoints(process, pipeline, 2);
          Path ballast = disk.directory().resolve("ballast");
          fillUntilNoCheckpointIsMade(ballast, pipeline);
          Files.delete(ballast);
          Firn.awaitCheckpoints(process, pipeline, 2);
          assertThat(load.changes()).isPositive();
        }
        Firn.stop(process);
      }
      Firn.catchUp(pipeline);
      LakeCheck.assertMirrors(pipeline);
    }
  }

  /**
   * Takes what is free, and what older checkpoints leave when they are removed, until all stands.
   */
  private static void fillUntilNoCheckpointIsMade(Path file, Pipeline pipeline) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(Firn.LIMIT_SECONDS);
    int before;
    do {
      assertThat(System.nanoTime()).as("checkpoints go on on a full disk").isLessThan(deadline);
      before = LakeCheck.checkpoints(pipeline, "orders");
      for (int i = 0; i < 30; i++) {
        fill(file);
        Thread.sleep(100);
      }
    } while (LakeCheck.checkpoints(pipeline, "orders") > before);
    Firn.reached(Fault.DISK_FULL);
  }

  /** Writes until nothing more fits. */
  private static void fill(Path file) throws IOException {
    boolean full = false;
    try (OutputStream out =
        Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      while (!full) {
        try {
          out.write(new byte[4_096]);
        } catch (IOException e) {
          full = true;
        }
      }
    }
  }
}
