package io.firn.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.it.check.LakeCheck;
import io.firn.it.process.FirnProcess;
import io.firn.it.process.Pipeline;
import io.firn.testservers.MariaDbServer;
import io.firn.testservers.RestCatalogServer;
import io.firn.testservers.S3Server;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The same job with the other servers that are promised: MariaDB, S3, REST, Hadoop tables. */
class OtherServersTest {
  private static final int LIMIT_SECONDS = 180;

  @Test
  void mariaDbIsMirrored() throws Exception {
    try (MariaDbServer server = MariaDbServer.start()) {
      mirror(Source.shop("maria", 2_000, server), Map.of());
    }
  }

  @Test
  void tablesMayLieInAnObjectStoreBehindARestCatalog() throws Exception {
    try (S3Server storage = S3Server.start();
        RestCatalogServer rest =
            RestCatalogServer.start(
                storage.createBucket("lake") + "/warehouse", storage.catalogProperties())) {
      Map<String, String> catalog = new java.util.HashMap<>(storage.catalogProperties());
      catalog.put("type", "rest");
      catalog.put("uri", rest.uri().toString());
      catalog.put("warehouse", rest.warehouse());
      mirror(Source.shop("rest", 2_000), catalog);
    }
  }

  @Test
  void aDirectoryIsEnoughOfACatalog() throws Exception {
    Source.Shop shop = Source.shop("hadoop", 2_000);
    mirror(
        shop,
        Map.of(
            "type",
            "hadoop",
            "warehouse",
            shop.pipeline().directory().resolve("lake/tables").toUri().toString()));
  }

  private static void mirror(Source.Shop shop, Map<String, String> catalog) throws Exception {
    Pipeline pipeline = shop.pipeline();
    if (!catalog.isEmpty()) {
      pipeline = pipeline.catalogProperty("uri", null);
      for (Map.Entry<String, String> entry : catalog.entrySet()) {
        pipeline = pipeline.catalogProperty(entry.getKey(), entry.getValue());
      }
    }
    String file = pipeline.write().toString();
    FirnProcess.Options options = FirnProcess.Options.of(pipeline);
    for (int round = 0; round < 3; round++) {
      FirnProcess.start(options, "run", file, "--until-caught-up").expectExit(0, LIMIT_SECONDS);
      LakeCheck.Result lake = LakeCheck.assertMirrors(pipeline);
      assertThat(lake.histories().get("orders").checkpoints()).isNotEmpty();
      shop.workload().change(500);
      if (round == 0) {
        shop.workload().addColumn();
      }
    }
    FirnProcess.start(options, "run", file, "--until-caught-up").expectExit(0, LIMIT_SECONDS);
    FirnProcess.start(options, "verify", file).expectExit(0, LIMIT_SECONDS);
  }
}
