package io.firn.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.it.check.LakeCheck;
import io.firn.it.check.RowLines;
import io.firn.it.engine.TableReader;
import io.firn.it.engine.TableRequest;
import io.firn.it.oracle.BackgroundLoad;
import io.firn.it.oracle.ShopTables;
import io.firn.it.process.Engine;
import io.firn.it.process.Engine.Feature;
import io.firn.it.process.EngineProcess;
import io.firn.it.process.FirnProcess;
import io.firn.it.process.Pipeline;
import io.firn.testservers.DatabaseServer;
import io.firn.testservers.RestCatalogServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.io.CloseableIterable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every engine reads what Firn wrote, in both table formats: partitioned, evolved, with deletes,
 * every type, out of a REST catalog, while Firn goes on writing. Which engines: {@code
 * firn.it.engines}; the profile {@code engines} has all of them.
 */
@Tag("engines")
class EngineMatrixTest {
  /** For what hangs; a busy machine may take its time. */
  private static final int LIMIT_SECONDS = 600;

  private static final List<Lake> LAKES = new ArrayList<>();
  private static RestCatalogServer rest;
  private static Path directory;

  /**
   * A pipeline that goes on, and what its tables had at a moment of rest.
   *
   * @param format Iceberg's format version
   * @param rows the source's rows at that moment, by table
   * @param snapshots the tables' snapshots of that moment, by table
   */
  private record Lake(
      String format,
      Source.Shop shop,
      Map<String, RowLines> rows,
      Map<String, Long> snapshots,
      FirnProcess running,
      BackgroundLoad load) {

    String location(String table) {
      return shop.pipeline().database() + "." + table;
    }

    Table table(Catalog catalog, String table) {
      return catalog.loadTable(TableIdentifier.of(shop.pipeline().database(), table));
    }
  }

  static Stream<Engine> engines() {
    return Engine.configured().stream();
  }

  @BeforeAll
  static void writeLakesAndGoOnWriting() throws Exception {
    directory = Source.directory("engines");
    rest =
        RestCatalogServer.start(
            Files.createDirectories(directory.resolve("warehouse")).toUri().toString(), Map.of());
    Map<String, Source.Shop> shops = new LinkedHashMap<>();
    for (String format : List.of("3", "2")) {
      shops.put(format, create(format));
    }
    drain(shops.values());
    for (Map.Entry<String, Source.Shop> shop : shops.entrySet()) {
      evolve(shop.getValue(), shop.getKey().equals("3"));
    }
    drain(shops.values());
    for (Map.Entry<String, Source.Shop> shop : shops.entrySet()) {
      LAKES.add(goOn(shop.getKey(), shop.getValue()));
    }
  }

  private static Source.Shop create(String format) throws Exception {
    Source.Shop shop = Source.shop("engines-v" + format, 3_000);
    String database = shop.pipeline().database();
    TypeTables.create(shop.pipeline().server(), database);
    Pipeline pipeline =
        shop.pipeline()
            .catalogProperty("type", "rest")
            .catalogProperty("uri", rest.uri().toString())
            .catalogProperty("warehouse", null)
            // Few snapshots: every reader parses the table's metadata, which lists them all.
            .setting("checkpoint.interval", "5s")
            .tableProperty("format-version", format)
            .partitionedBy(
                "day(created_at);%1$s.order_lines:bucket[4](order_id);%1$s.all_types:truncate[2](name)"
                    .formatted(database));
    pipeline.write();
    return new Source.Shop(shop.workload(), pipeline);
  }

  private static FirnProcess run(Source.Shop shop, String... options) {
    Pipeline pipeline = shop.pipeline();
    List<String> arguments = new ArrayList<>(List.of("run", pipeline.write().toString()));
    arguments.addAll(List.of(options));
    return FirnProcess.start(FirnProcess.Options.of(pipeline), arguments.toArray(String[]::new));
  }

  /** All at once: most of the time they wait. */
  private static void drain(Collection<Source.Shop> shops) {
    List<FirnProcess> processes =
        shops.stream().map(shop -> run(shop, "--until-caught-up")).toList();
    processes.forEach(process -> process.expectExit(0, LIMIT_SECONDS));
  }

  private static void evolve(Source.Shop shop, boolean withDefaults) throws Exception {
    DatabaseServer server = shop.pipeline().server();
    String database = shop.pipeline().database();
    shop.workload().change(600);
    shop.workload().addColumn("INT");
    shop.workload().renameColumn();
    server.execute(
        "ALTER TABLE %s.orders MODIFY customer_id BIGINT NOT NULL, MODIFY amount DECIMAL(16,2) NOT NULL"
            .formatted(database));
    TypeTables.change(server, database, withDefaults);
    shop.workload().change(600);
  }

  private static Lake goOn(String format, Source.Shop shop) throws Exception {
    String database = shop.pipeline().database();
    Map<String, RowLines> rows = new LinkedHashMap<>();
    Map<String, Long> snapshots = new LinkedHashMap<>();
    List<String> names = new ArrayList<>(ShopTables.NAMES);
    names.addAll(
        List.of(TypeTables.ALL_TYPES, TypeTables.TIMES, TypeTables.DROPPED, TypeTables.DAYS));
    if (format.equals("3")) {
      names.add(TypeTables.DEFAULTS);
    }
    try (Catalogs catalogs = new Catalogs(shop.pipeline())) {
      for (String name : names) {
        rows.put(name, RowLines.source(shop.pipeline().server(), database, name));
        Table table = catalogs.catalog().loadTable(TableIdentifier.of(database, name));
        long snapshot = table.currentSnapshot().snapshotId();
        RowLines.lake(table, snapshot).assertSame(rows.get(name), "Iceberg, " + name);
        snapshots.put(name, snapshot);
        if (name.equals("orders")) {
          assertHasDeletes(table, format);
        }
      }
    }
    BackgroundLoad load = shop.workload().background(1, 50);
    return new Lake(format, shop, rows, snapshots, run(shop), load);
  }

  /** Otherwise the engines would show nothing about deletes. */
  private static void assertHasDeletes(Table table, String format) throws IOException {
    Set<FileFormat> formats = EnumSet.noneOf(FileFormat.class);
    try (CloseableIterable<FileScanTask> tasks = table.newScan().planFiles()) {
      tasks.forEach(task -> task.deletes().forEach(file -> formats.add(file.format())));
    }
    assertThat(formats)
        .containsExactly(format.equals("3") ? FileFormat.PUFFIN : FileFormat.PARQUET);
  }

  /** A catalog that is closed after use. */
  private record Catalogs(Catalog catalog) implements AutoCloseable {
    Catalogs(Pipeline pipeline) {
      this(pipeline.openCatalog());
    }

    @Override
    public void close() throws Exception {
      ((AutoCloseable) catalog).close();
    }
  }

  @ParameterizedTest
  @MethodSource("engines")
  void theEngineReadsWhatTheSourceHadWhileFirnGoesOn(Engine engine) throws Exception {
    Path work = Files.createDirectories(directory.resolve(engine.toString()));
    List<TableRequest> requests = new ArrayList<>();
    Map<String, RowLines> expected = new LinkedHashMap<>();
    List<String> leftOut = new ArrayList<>();
    for (Lake lake : LAKES) {
      lake.snapshots()
          .forEach(
              (table, snapshot) -> {
                String name = "v" + lake.format() + "-" + table;
                if (isReadableBy(engine, lake, table)) {
                  requests.add(new TableRequest(name, lake.location(table), snapshot));
                  expected.put(name, lake.rows().get(table));
                } else {
                  leftOut.add(name);
                }
              });
    }
    System.err.println(engine + " does not read " + leftOut + "; see docs/query.md");
    for (Moment moment : inTheMiddle()) {
      if (isReadableBy(engine, moment.lake(), "orders")) {
        String name = "v" + moment.lake().format() + "-orders-in-the-middle";
        requests.add(new TableRequest(name, moment.lake().location("orders"), moment.snapshotId()));
        expected.put(name, moment.orders());
      }
    }

    Map<String, String> properties =
        Map.of(
            TableReader.CATALOG,
            rest.uri().toString(),
            TableReader.ROWS,
            work.toString(),
            "firn.it.warehouse",
            directory.resolve("warehouse").toString(),
            "firn.it.binary",
            "payload,fixed_bytes,some_bytes,blob_bytes,bit9,place");
    Map<String, String> read = EngineProcess.read(engine, properties, requests, work);

    assertThat(read.keySet()).isEqualTo(expected.keySet());
    for (TableRequest request : requests) {
      RowLines rows = RowLines.file(work.resolve(request.name() + ".rows"));
      assertThat(rows.size()).isPositive();
      rows.assertSame(expected.get(request.name()), engine + ", " + request);
    }
    for (Lake lake : LAKES) {
      assertThat(lake.running().isAlive()).as(lake.running().output()).isTrue();
    }
  }

  /** What the source had when the load held its breath, and the snapshot that has the same. */
  private record Moment(Lake lake, RowLines orders, long snapshotId) {}

  /** One moment of each pipeline that is under way. */
  private static List<Moment> inTheMiddle() throws Exception {
    List<Moment> moments = new ArrayList<>();
    for (Lake lake : LAKES) {
      lake.load().pause();
    }
    try {
      for (Lake lake : LAKES) {
        Pipeline pipeline = lake.shop().pipeline();
        RowLines orders = RowLines.source(pipeline.server(), pipeline.database(), "orders");
        assertThat(orders).isNotEqualTo(lake.rows().get("orders"));
        try (Catalogs catalogs = new Catalogs(pipeline)) {
          assertThat(
                  lake.running().await(() -> newest(lake, catalogs).equals(orders), LIMIT_SECONDS))
              .as(lake.running().output())
              .isTrue();
          Table table = lake.table(catalogs.catalog(), "orders");
          moments.add(new Moment(lake, orders, table.currentSnapshot().snapshotId()));
        }
      }
    } finally {
      for (Lake lake : LAKES) {
        lake.load().resume();
      }
    }
    return moments;
  }

  private static RowLines newest(Lake lake, Catalogs catalogs) {
    Table table = lake.table(catalogs.catalog(), "orders");
    return RowLines.lake(table, table.currentSnapshot().snapshotId());
  }

  private static boolean isReadableBy(Engine engine, Lake lake, String table) {
    if (lake.format().equals("3") && !engine.knows(Feature.DELETION_VECTORS)) {
      return false;
    }
    return switch (table) {
      case TypeTables.TIMES -> engine.knows(Feature.TIME);
      case TypeTables.DAYS -> engine.knows(Feature.EARLY_DAYS);
      case TypeTables.DROPPED -> engine.knows(Feature.DROPPED_COLUMNS);
      case TypeTables.DEFAULTS -> engine.knows(Feature.DEFAULTS);
      default -> true;
    };
  }

  @AfterAll
  static void theLakeStillEqualsTheSource() throws Exception {
    try {
      for (Lake lake : LAKES) {
        lake.load().close();
        lake.running().terminate();
        lake.running().expectExit(0, LIMIT_SECONDS);
      }
      drain(LAKES.stream().map(Lake::shop).toList());
      for (Lake lake : LAKES) {
        LakeCheck.assertMirrors(lake.shop().pipeline());
      }
    } finally {
      for (Lake lake : LAKES) {
        lake.running().close();
      }
      rest.close();
    }
  }
}
