package io.firn.it.flink;

import io.firn.it.engine.RowCollector;
import io.firn.it.engine.TableReader;
import io.firn.it.engine.TableRequest;
import java.util.List;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.table.api.TableResult;
import org.apache.flink.types.Row;
import org.apache.flink.util.CloseableIterator;

/** Reads tables of a REST catalog with Flink SQL in batch mode, on a cluster in this process. */
public final class FlinkDump implements TableReader {
  private final TableEnvironment environment;

  private FlinkDump() {
    Configuration configuration = new Configuration();
    configuration.setString("parallelism.default", "1");
    configuration.setString("table.local-time-zone", "UTC");
    configuration.setString("rest.bind-port", "0");
    configuration.setString("rest.address", "127.0.0.1");
    configuration.setString("rest.bind-address", "127.0.0.1");
    environment =
        TableEnvironment.create(
            EnvironmentSettings.newInstance()
                .inBatchMode()
                .withConfiguration(configuration)
                .build());
    environment.executeSql(
        "CREATE CATALOG lake WITH ('type' = 'iceberg', 'catalog-type' = 'rest', 'uri' = '"
            + System.getProperty(CATALOG)
            + "')");
  }

  /** Arguments as {@link TableReader#readAll} takes them. */
  public static void main(String[] arguments) throws Exception {
    try (FlinkDump reader = new FlinkDump()) {
      TableReader.readAll(reader, List.of(arguments));
    }
    // Threads of the last query's cluster may linger.
    System.exit(0);
  }

  @Override
  public void read(TableRequest table, RowCollector rows) throws Exception {
    String hint =
        table.snapshotId() == 0
            ? ""
            : " /*+ OPTIONS('snapshot-id'='" + table.snapshotId() + "') */";
    TableResult result = environment.executeSql("SELECT * FROM lake." + table.quoted("`") + hint);
    rows.columns(result.getResolvedSchema().getColumnNames().toArray(String[]::new));
    try (CloseableIterator<Row> iterator = result.collect()) {
      while (iterator.hasNext()) {
        rows.row(iterator.next()::getField);
      }
    }
  }

  @Override
  public void close() {}
}
