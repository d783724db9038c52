package io.firn.lake.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.lake.LakeSinkOptions;
import io.firn.lake.kit.CatalogKind;
import io.firn.model.error.ConfigurationException;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.inmemory.InMemoryCatalog;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LakeCatalogTest {
  private static final String CANARY = "canary-Tr0ub4dor";

  @TempDir Path directory;

  private static void assertRefused(Map<String, String> properties, String... messageParts) {
    assertThatThrownBy(() -> LakeCatalog.open(LakeSinkOptions.of(properties)).close())
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContainingAll(messageParts)
        .satisfies(
            e -> {
              for (Throwable t = e; t != null; t = t.getCause()) {
                assertThat(t.toString()).doesNotContain(CANARY);
              }
            });
  }

  @Test
  void missingAndUnknownTypesAreNamed() {
    assertRefused(Map.of("warehouse", "/w"), "'type'", "hadoop");
    assertRefused(Map.of("type", "hadop", "warehouse", "/w"), "unknown type 'hadop'", "hadoop");
    assertRefused(Map.of("type", "hadoop"), "'warehouse'");
    assertRefused(Map.of("type", "jdbc", "warehouse", "/w"), "'uri'");
    assertRefused(Map.of("type", "rest"), "'uri'");
    assertRefused(Map.of("catalog-impl", "no.such.Catalog"), "no.such.Catalog");
    assertRefused(Map.of("type", "hive", "uri", "thrift://x"), "type 'hive'");
  }

  @Test
  void anUnwritableWarehouseIsFoundAtOnceAndWithoutTraces() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "");
    assertRefused(
        Map.of("type", "hadoop", "warehouse", file.resolve("wh").toString()),
        "Writing to the warehouse",
        file.toString());
    Path warehouse = directory.resolve("wh");
    LakeCatalog.open(
            LakeSinkOptions.of(Map.of("type", "hadoop", "warehouse", warehouse.toString())))
        .close();
    try (var left = Files.walk(warehouse)) {
      assertThat(left.filter(Files::isRegularFile)).isEmpty();
    }
  }

  @Test
  void anUnreachableRestCatalogIsAConfigurationErrorWithoutSecrets() throws IOException {
    int port;
    try (ServerSocket socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    assertRefused(
        Map.of("type", "rest", "uri", "http://127.0.0.1:" + port, "credential", "id:" + CANARY),
        "127.0.0.1:" + port);
  }

  @Test
  void aRefusedDatabaseLoginDoesNotPrintThePassword() {
    assertRefused(
        Map.of(
            "type",
            "jdbc",
            "uri",
            "jdbc:nosuch://host/db?user=u&password=" + CANARY,
            "jdbc.password",
            CANARY,
            "warehouse",
            directory.toString()),
        "jdbc:nosuch");
  }

  @Test
  void relativeWarehousesBecomeAbsolute() {
    CatalogSettings settings =
        CatalogSettings.of(LakeSinkOptions.of(Map.of("type", "hadoop", "warehouse", "lake/wh")));
    assertThat(settings.properties().get("warehouse"))
        .isEqualTo(Path.of("lake/wh").toAbsolutePath().toString());
  }

  @Test
  void s3WarehousesUseIcebergsOwnClient() {
    CatalogSettings settings =
        CatalogSettings.of(
            LakeSinkOptions.of(
                Map.of("type", "jdbc", "uri", "jdbc:x:", "warehouse", "s3://bucket/wh")));
    assertThat(settings.properties().get("io-impl")).endsWith("S3FileIO");
    assertThat(settings.properties()).doesNotContainKey("lock-impl");
  }

  @Test
  void aHadoopCatalogIsRefusedWhereRenameIsNotAtomicUnlessThereIsALock() {
    for (String warehouse : List.of("s3a://b/wh", "s3://b/wh", "gs://b/wh", "abfss://c@a/wh")) {
      assertRefused(
          Map.of("type", "hadoop", "warehouse", warehouse),
          "not safe on '" + warehouse.substring(0, warehouse.indexOf(':')) + "'",
          "jdbc, rest",
          "lock-impl");
    }
    Map<String, String> locked =
        Map.of("type", "hadoop", "warehouse", "s3a://b/wh", "lock-impl", "some.Lock");
    assertThat(CatalogSettings.of(LakeSinkOptions.of(locked)).properties())
        .containsEntry("lock-impl", "some.Lock");
    Map<String, String> hdfs = Map.of("type", "hadoop", "warehouse", "hdfs://nn/wh");
    assertThat(CatalogSettings.of(LakeSinkOptions.of(hdfs)).properties())
        .containsEntry("lock-impl", MetadataVersionLock.class.getName());
  }

  @Test
  void propertiesOfOtherCatalogsArePassedOnAsTheyAre() {
    Map<String, String> glue =
        Map.of(
            "type",
            "glue",
            "warehouse",
            "s3://bucket/wh",
            "glue.id",
            "123456789012",
            "client.region",
            "eu-west-1",
            "s3.sse.type",
            "kms");
    assertThat(CatalogSettings.of(LakeSinkOptions.of(glue)).properties())
        .containsAllEntriesOf(glue)
        .containsEntry("io-impl", "org.apache.iceberg.aws.s3.S3FileIO");
    Map<String, String> own =
        Map.of(
            "catalog-impl",
            RecordingCatalog.class.getName(),
            "warehouse",
            directory.toString(),
            "made.up",
            "kept");
    try (LakeCatalog catalog = LakeCatalog.open(LakeSinkOptions.of(own))) {
      assertThat(((RecordingCatalog) catalog.iceberg()).given).containsAllEntriesOf(own);
    }
  }

  /** A catalog that is named by its class. */
  public static final class RecordingCatalog extends InMemoryCatalog {
    private Map<String, String> given;

    @Override
    public void initialize(String name, Map<String, String> properties) {
      given = properties;
      super.initialize(name, properties);
    }
  }

  @Test
  void eachDatabaseOfAMysqlServerMayHoldACatalog() {
    for (String name : List.of("one", "two")) {
      LakeSinkOptions options = CatalogKind.MYSQL.options(directory.resolve(name), null);
      try (LakeCatalog catalog = LakeCatalog.open(options)) {
        catalog.ensureNamespace(Namespace.of("db"));
        assertThat(catalog.tables(Set.of())).isEmpty();
      }
    }
  }

  @Test
  void namespacesAreCreatedWithThoseAboveThemAndTablesFoundBelowThem() {
    LakeSinkOptions options =
        LakeSinkOptions.of(Map.of("type", "hadoop", "warehouse", directory.toString()));
    try (LakeCatalog catalog = LakeCatalog.open(options)) {
      Namespace deep = TableNames.namespace("a.b.c");
      catalog.ensureNamespace(deep);
      catalog.ensureNamespace(deep);
      catalog
          .iceberg()
          .createTable(
              org.apache.iceberg.catalog.TableIdentifier.of(deep, "t"),
              new org.apache.iceberg.Schema(
                  org.apache.iceberg.types.Types.NestedField.required(
                      1, "id", org.apache.iceberg.types.Types.IntegerType.get())));
      assertThat(catalog.tables(Set.of())).hasSize(1);
      assertThat(catalog.tables(Set.of("a.b.c", "nowhere"))).hasSize(1);
      assertThat(catalog.tables(Set.of("a"))).isEmpty();
    }
  }
}
