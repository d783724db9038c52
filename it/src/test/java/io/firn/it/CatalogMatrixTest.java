package io.firn.it;

import io.firn.it.process.Pipeline;
import io.firn.testservers.Account;
import io.firn.testservers.HdfsServer;
import io.firn.testservers.PostgresServer;
import io.firn.testservers.S3Server;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The same small job with each catalog and storage: snapshot, changes, a kill under load, a second
 * instance that takes over, and the lake equals the source.
 */
@Tag("engines")
class CatalogMatrixTest {
  @Test
  void theCatalogMayBeAPostgresThatCrashes() throws Exception {
    try (PostgresServer server = PostgresServer.start()) {
      server.createDatabase("lake");
      Source.Shop shop = Source.shop("postgres", 2_000);
      Pipeline pipeline =
          CatalogLife.with(shop.pipeline(), jdbc(server.jdbcUrl("lake"), server.root()));
      CatalogLife.liveThrough(shop, pipeline, server::crash);
    }
  }

  @Test
  void theCatalogMayBeAMysql() throws Exception {
    Source.Shop shop = Source.shop("mysql-catalog", 2_000);
    String catalog = shop.pipeline().database() + "_catalog";
    Source.server().execute("CREATE DATABASE " + catalog + " COLLATE utf8mb4_bin");
    CatalogLife.liveThrough(
        shop,
        CatalogLife.with(
            shop.pipeline(), jdbc(Source.server().jdbcUrl(catalog), Source.server().root())),
        () -> {});
  }

  @Test
  void tablesAndCheckpointsMayLieInHdfsWithoutACatalog() throws Exception {
    try (HdfsServer server = HdfsServer.start()) {
      Source.Shop shop = Source.shop("hdfs", 2_000);
      Map<String, String> catalog = new HashMap<>();
      catalog.put("type", "hadoop");
      catalog.put("uri", null);
      catalog.put("warehouse", server.uri() + "/warehouse");
      CatalogLife.liveThrough(
          shop,
          CatalogLife.with(shop.pipeline(), catalog)
              .setting("checkpoint.directory", server.uri() + "/checkpoints"),
          () -> {});
    }
  }

  @Test
  void tablesMayLieInAnObjectStoreThroughHadoopsClient() throws Exception {
    try (S3Server storage = S3Server.start()) {
      Source.Shop shop = Source.shop("s3a", 2_000);
      Map<String, String> catalog = new HashMap<>();
      catalog.put("io-impl", "org.apache.iceberg.hadoop.HadoopFileIO");
      catalog.put("warehouse", storage.createBucket("lake").replace("s3:", "s3a:") + "/warehouse");
      Pipeline pipeline = CatalogLife.with(shop.pipeline(), catalog);
      Map<String, String> conf =
          Map.of(
              "fs.s3a.endpoint",
              storage.endpoint().toString(),
              "fs.s3a.endpoint.region",
              storage.region(),
              "fs.s3a.path.style.access",
              "true",
              "fs.s3a.access.key",
              storage.account().user(),
              "fs.s3a.secret.key",
              storage.account().password());
      for (Map.Entry<String, String> entry : conf.entrySet()) {
        pipeline = pipeline.hadoop(entry.getKey(), entry.getValue());
      }
      CatalogLife.liveThrough(shop, pipeline, () -> {});
    }
  }

  private static Map<String, String> jdbc(String url, Account account) {
    return Map.of("uri", url, "jdbc.user", account.user(), "jdbc.password", account.password());
  }
}
