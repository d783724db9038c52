package io.firn.testservers;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.rest.RESTCatalog;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.Test;

class RestCatalogServerTest {
  private static final Schema SCHEMA =
      new Schema(Types.NestedField.required(1, "id", Types.LongType.get()));

  @Test
  void startsAnswersAndStopsTwiceInARow() throws Exception {
    for (int round = 0; round < 2; round++) {
      Path warehouse;
      try (RestCatalogServer server = RestCatalogServer.start()) {
        warehouse = Path.of(server.warehouse());
        createAndCommit(server, Map.of());
        assertThat(warehouse).isNotEmptyDirectory();
      }
      assertThat(Files.exists(warehouse)).isFalse();
    }
  }

  @Test
  void tablesMayLieInTheObjectStore() throws Exception {
    try (S3Server storage = S3Server.start();
        RestCatalogServer server =
            RestCatalogServer.start(
                storage.createBucket("lake") + "/warehouse", storage.catalogProperties())) {
      createAndCommit(server, storage.catalogProperties());
      try (var client = storage.client()) {
        assertThat(client.listObjectsV2(r -> r.bucket("lake")).contents())
            .anySatisfy(object -> assertThat(object.key()).endsWith(".metadata.json"));
      }
    }
  }

  private static void createAndCommit(RestCatalogServer server, Map<String, String> storage)
      throws Exception {
    try (RESTCatalog catalog = new RESTCatalog()) {
      Map<String, String> properties = new HashMap<>(storage);
      properties.put("uri", server.uri().toString());
      catalog.initialize("test", properties);
      catalog.createNamespace(Namespace.of("shop"));
      Table table =
          catalog.createTable(
              TableIdentifier.of("shop", "orders"),
              SCHEMA,
              PartitionSpec.unpartitioned(),
              Map.of("format-version", "3"));
      table
          .newAppend()
          .appendFile(
              DataFiles.builder(PartitionSpec.unpartitioned())
                  .withPath(table.location() + "/data/a.parquet")
                  .withFileSizeInBytes(1)
                  .withRecordCount(1)
                  .build())
          .commit();
      assertThat(
              catalog.loadTable(TableIdentifier.of("shop", "orders")).currentSnapshot().summary())
          .containsEntry("total-records", "1");
    }
  }
}
