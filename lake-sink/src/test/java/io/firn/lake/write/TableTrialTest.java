package io.firn.lake.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.lake.LakeSinkOptions;
import io.firn.lake.PropertyRule;
import io.firn.model.schema.TableId;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TableTrialTest {
  private static final TableId ORDERS = new TableId("shop", "orders");

  private static List<String> problems(Map<String, String> properties) {
    LakeSinkOptions options = LakeSinkOptions.of(Map.of()).withTableProperties(properties);
    return TableTrial.problems(options, List.of(ORDERS));
  }

  @ParameterizedTest
  @CsvSource({
    "format-version, 9",
    "format-version, three",
    "write.parquet.compression-codec, zstdd",
    "write.parquet.compression-level, x",
    "write.parquet.row-group-size-bytes, -1",
    "write.parquet.page-size-bytes, 0",
    "write.target-file-size-bytes, many",
    "write.metadata.compression-codec, nope",
    "write.location-provider.impl, no.such.Provider",
    "commit.retry.num-retries, often"
  })
  void whatCannotBeUsedIsNamedWithItsValue(String name, String value) {
    assertThat(problems(Map.of("write.parquet.dict-size-bytes", "1048576", name, value)))
        .singleElement()
        .asString()
        .startsWith("The table property '" + name + "' cannot be '" + value + "': ")
        .endsWith("; correct it in table.properties or table-options.");
  }

  @Test
  void allProblemsAreFoundAtOnce() {
    assertThat(
            problems(
                Map.of(
                    "write.parquet.compression-codec",
                    "lzzo",
                    "format-version",
                    "three",
                    "write.target-file-size-bytes",
                    "1 GB")))
        .hasSize(3);
  }

  @Test
  void propertiesOfSingleTablesAreTriedToo() {
    LakeSinkOptions all = LakeSinkOptions.of(Map.of());
    LakeSinkOptions options =
        new LakeSinkOptions(
            all.catalogName(),
            all.catalogProperties(),
            all.hadoopConf(),
            all.tableProperties(),
            all.partitionRules(),
            List.of(new PropertyRule(ORDERS::equals, Map.of("format-version", "9"))),
            all.databases());
    assertThat(TableTrial.problems(options, List.of())).isEmpty();
    assertThat(TableTrial.problems(options, List.of(ORDERS))).hasSize(1);
  }

  @Test
  void whatIcebergTakesIsTaken() {
    assertThat(problems(Map.of())).isEmpty();
    assertThat(
            problems(
                Map.of(
                    "format-version",
                    "2",
                    "write.parquet.compression-codec",
                    "gzip",
                    "write.parquet.compression-level",
                    "BEST_SPEED",
                    "write.metadata.compression-codec",
                    "gzip",
                    "write.metadata.metrics.column.of_some_table",
                    "none",
                    "write.parquet.bloom-filter-enabled.column.of_some_table",
                    "true",
                    "write.object-storage.enabled",
                    "true",
                    "owner",
                    "somebody")))
        .isEmpty();
  }
}
