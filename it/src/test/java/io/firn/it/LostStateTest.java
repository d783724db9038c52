package io.firn.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.it.check.LakeCheck;
import io.firn.it.fault.Fault;
import io.firn.it.process.FirnProcess;
import io.firn.it.process.Pipeline;
import io.firn.testservers.provision.Trees;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.TableIdentifier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LostStateTest {
  private static final int LIMIT_SECONDS = 180;

  @ParameterizedTest
  @ValueSource(strings = {"3", "2"})
  void theTablesAloneAreEnoughToGoOn(String format) throws Exception {
    Source.Shop shop = Source.shop("lost-v" + format, 10_000);
    Pipeline pipeline =
        shop.pipeline().tableProperty("format-version", format).setting("parallelism", "2");
    shop.workload().change(1_000);
    run(pipeline);
    shop.workload().change(1_000);
    shop.workload().addColumn(format.equals("3") ? "INT NOT NULL DEFAULT 7" : "INT");
    run(pipeline);

    assertThat(pipeline.directory().resolve("checkpoints")).isNotEmptyDirectory();
    for (String lost : List.of("checkpoints", "state")) {
      Trees.delete(pipeline.directory().resolve(lost));
    }
    Firn.reached(Fault.LOCAL_FILES_LOST);
    shop.workload().change(2_000);
    run(pipeline);
    LakeCheck.Result lake = LakeCheck.assertMirrors(pipeline);
    shop.workload().change(500);
    run(pipeline);
    LakeCheck.assertMirrors(pipeline);
    assertThat(lake.histories().get("orders").checkpoints()).hasSizeGreaterThan(2);
  }

  @Test
  void onlyTheWorkingStateIsLost() throws Exception {
    Source.Shop shop = Source.shop("lost-state", 5_000);
    run(shop.pipeline());
    Trees.delete(shop.pipeline().directory().resolve("state"));
    shop.workload().change(1_000);
    run(shop.pipeline());
    LakeCheck.assertMirrors(shop.pipeline());
  }

  @Test
  void aDamagedStateFileIsNoticedAndReplaced() throws Exception {
    Source.Shop shop = Source.shop("damaged-state", 5_000);
    run(shop.pipeline());
    damage(shop, "state");
    Firn.reached(Fault.STATE_DAMAGED);
  }

  @Test
  void aDamagedManifestIsNoticedAndTheTablesAreEnough() throws Exception {
    Source.Shop shop = Source.shop("damaged-manifest", 500);
    run(shop.pipeline());
    shop.workload().change(200);
    run(shop.pipeline());
    damage(shop, "manifests");
    Firn.reached(Fault.MANIFEST_DAMAGED);
  }

  /** Cuts all files below a directory of the checkpoints to their half, and goes on. */
  private static void damage(Source.Shop shop, String directory) throws Exception {
    int damaged = 0;
    try (var files = Files.walk(shop.pipeline().directory().resolve("checkpoints"))) {
      for (var file : files.filter(Files::isRegularFile).toList()) {
        byte[] content = Files.readAllBytes(file);
        if (content.length > 100 && file.toString().contains("/" + directory + "/")) {
          Files.write(file, java.util.Arrays.copyOf(content, content.length / 2));
          damaged++;
        }
      }
    }
    assertThat(damaged).isPositive();
    shop.workload().change(1_000);
    run(shop.pipeline());
    LakeCheck.assertMirrors(shop.pipeline());
  }

  @ParameterizedTest
  @ValueSource(strings = {"orders", "audit_log"})
  void aTableThatWasDroppedInTheLakeIsNotCreatedAgainEmpty(String dropped) throws Exception {
    Source.Shop shop = Source.shop("dropped-" + dropped, 500);
    Pipeline pipeline = shop.pipeline();
    run(pipeline);
    shop.workload().change(100);
    run(pipeline);
    dropInTheLake(pipeline, dropped);
    Firn.reached(Fault.FOREIGN_DROP);
    // Once with the checkpoints and once from the other tables alone.
    for (int round = 0; round < 2; round++) {
      FirnProcess refused =
          FirnProcess.start(
              FirnProcess.Options.of(pipeline),
              "run",
              pipeline.write().toString(),
              "--until-caught-up");
      refused.expectExit(1, LIMIT_SECONDS);
      assertThat(refused.output())
          .contains("Table " + pipeline.database() + "." + dropped + " cannot be continued")
          .contains("it was dropped");
      for (String lost : List.of("checkpoints", "state")) {
        Trees.delete(pipeline.directory().resolve(lost));
      }
    }
  }

  private static void dropInTheLake(Pipeline pipeline, String table) throws IOException {
    Catalog catalog = pipeline.openCatalog();
    assertThat(catalog.dropTable(TableIdentifier.of(pipeline.database(), table), true)).isTrue();
    ((Closeable) catalog).close();
  }

  private static void run(Pipeline pipeline) {
    FirnProcess.start(
            FirnProcess.Options.of(pipeline),
            "run",
            pipeline.write().toString(),
            "--until-caught-up")
        .expectExit(0, LIMIT_SECONDS);
  }
}
