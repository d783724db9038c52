package io.firn.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.it.fault.Fault;
import io.firn.it.oracle.ShopTables;
import io.firn.it.process.FirnProcess;
import io.firn.it.process.Pipeline;
import io.firn.testservers.Account;
import io.firn.testservers.MySqlServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Everything that can be wrong before the first row is reported before anything is touched. */
class BadInputTest {
  private static final int LIMIT_SECONDS = 60;
  private static final int BAD_INPUT = 2;

  private static Pipeline good;

  @BeforeAll
  static void fill() throws SQLException {
    good = Source.shop("bad", 100).pipeline();
  }

  @Test
  void wrongPassword() {
    Pipeline bad = fresh().account(new Account("cdc", "wrong-password"));
    String output = refused(bad, bad.yaml());
    assertThat(output).containsIgnoringCase("access denied").doesNotContain("wrong-password");
  }

  @Test
  void missingGrants() {
    Account poor = good.server().createUser("poor_bad", "pw-for-poor", "SELECT");
    Pipeline bad = fresh().account(poor);
    assertThat(refused(bad, bad.yaml()))
        .contains("REPLICATION SLAVE")
        .contains("REPLICATION CLIENT")
        .contains("GRANT");
  }

  @Test
  void binlogFormatAndRowImage() throws Exception {
    try (MySqlServer server =
        MySqlServer.start("--binlog-format=STATEMENT", "--binlog-row-image=MINIMAL")) {
      ShopTables.create(server, "shop");
      Pipeline bad = Pipeline.of("shop", server, "shop", Source.directory("bad-format"));
      assertThat(refused(bad, bad.yaml())).contains("binlog_format").contains("binlog_row_image");
    }
  }

  @Test
  void unknownKeyWithTheClosestNameAndAllFindingsAtOnce() {
    Pipeline bad = fresh();
    String output =
        refused(
            bad,
            bad.yaml()
                .replace("hostname:", "hostnam:")
                .replace("parallelism: \"1\"", "paralelism: \"1\""));
    assertThat(output)
        .contains(".yaml:3:3")
        .contains("hostnam")
        .contains("hostname")
        .contains("paralelism")
        .contains("parallelism");
  }

  @Test
  void duplicateKey() {
    Pipeline bad = fresh();
    String output = refused(bad, bad.yaml().replace("  port:", "  hostname: other\n  port:"));
    assertThat(output).contains(".yaml:4:3").contains("hostname").contains("twice");
    Firn.reached(Fault.BAD_FILE);
  }

  @Test
  void unknownColumnInAProjection() {
    Pipeline bad = fresh();
    String output =
        refused(
            bad,
            bad.yaml()
                + """
                transform:
                  - source-table: %s.orders
                    projection: id, customer_idd, created_at
                """
                    .formatted(bad.database()));
    assertThat(output)
        .contains("customer_idd")
        .contains("customer_id")
        .containsPattern("yaml:\\d+:\\d+");
  }

  @Test
  void typeErrorInAFilter() {
    Pipeline bad = fresh();
    String output =
        refused(
            bad,
            bad.yaml()
                + """
                transform:
                  - source-table: %s.orders
                    filter: created_at + 1
                """
                    .formatted(bad.database()));
    assertThat(output).contains("filter").contains("TIMESTAMP").containsPattern("yaml:\\d+:\\d+");
  }

  @Test
  void unwritableWarehouse() throws Exception {
    Pipeline bad = fresh();
    Path occupied = bad.directory().resolve("occupied");
    Files.createDirectories(bad.directory());
    Files.writeString(occupied, "a file where a directory should be");
    Pipeline unwritable =
        bad.catalogProperty("warehouse", occupied.resolve("warehouse").toUri().toString());
    assertThat(refused(unwritable, unwritable.yaml())).contains("warehouse");
  }

  @Test
  void tablePropertiesThatCannotBeUsed() {
    Pipeline bad =
        fresh()
            .tableProperty("write.parquet.compression-codec", "zstdd")
            .tableProperty("write.target-file-size-bytes", "many");
    assertThat(refused(bad, bad.yaml()))
        .contains("'write.parquet.compression-codec' cannot be 'zstdd'")
        .contains("'write.target-file-size-bytes' cannot be 'many'");
  }

  @Test
  void catalogDatabaseWithoutADirectory() {
    Pipeline bad = fresh();
    Path missing = bad.directory().resolve("no/such/catalog.db");
    Pipeline lost = bad.catalogProperty("uri", "jdbc:sqlite:file:" + missing);
    assertThat(refused(lost, lost.yaml())).contains(missing.toString());
  }

  @Test
  void expressionThatMatchesNoTable() {
    Pipeline bad = fresh();
    String output =
        refused(
            bad,
            bad.yaml()
                .replace(
                    "tables: " + bad.database() + ".\\.*", "tables: " + bad.database() + ".x\\.*"));
    assertThat(output).contains(bad.database() + ".x\\.*").containsPattern("yaml:7:\\d+");
  }

  /** Its certificate is one that it made for itself. */
  @Test
  void aServerThatCannotProveItsIdentity() {
    Pipeline bad = fresh();
    String wanted = "sink:\n";
    String mode = "  debezium.database.ssl.mode: verify_identity\n";
    assertThat(refused(bad, bad.yaml().replace(wanted, mode + wanted)))
        .containsIgnoringCase("certificate");
  }

  @Test
  void unreachableServer() {
    Pipeline bad = fresh();
    String output = refused(bad, bad.yaml().replace("port: " + bad.server().port(), "port: 1"));
    assertThat(output).contains("127.0.0.1");
  }

  private static Pipeline fresh() {
    String name = "bad" + System.nanoTime();
    return Pipeline.of(name, good.server(), good.database(), Source.directory(name));
  }

  /** Runs the file and checks that it is refused with nothing left behind; returns the output. */
  private static String refused(Pipeline pipeline, String yaml) {
    String file = pipeline.write(yaml).toString();
    FirnProcess.Options options = FirnProcess.Options.of(pipeline);
    FirnProcess run = FirnProcess.start(options, "run", file, "--until-caught-up");
    int code = run.waitFor(LIMIT_SECONDS);
    assertThat(code).as(run.output()).isEqualTo(BAD_INPUT);
    assertThat(run.output()).doesNotContain("\tat ");
    assertThat(pipeline.directory().resolve("lake")).isEmptyDirectory();
    assertThat(pipeline.directory().resolve("checkpoints")).doesNotExist();
    assertThat(pipeline.directory().resolve("state")).doesNotExist();
    return run.output();
  }
}
