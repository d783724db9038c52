package io.firn.lake.registry;

import io.firn.lake.LakeSinkOptions;
import io.firn.lake.catalog.LakeCatalog;
import io.firn.lake.catalog.PartitionExpressions;
import io.firn.lake.catalog.TableDefaults;
import io.firn.lake.guard.FirnProperties;
import io.firn.lake.guard.Possession;
import io.firn.lake.guard.TableIds;
import io.firn.lake.layout.InitialSchema;
import io.firn.lake.table.WriteMode;
import io.firn.model.schema.TableId;
import io.firn.model.schema.TableSchema;
import java.util.HashMap;
import java.util.Map;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.AlreadyExistsException;

/** Creates tables. Thread-safe. */
final class TableCreation {
  private final LakeCatalog catalog;
  private final LakeSinkOptions options;

  TableCreation(LakeCatalog catalog, LakeSinkOptions options) {
    this.catalog = catalog;
    this.options = options;
  }

  /** Creates a table, or loads what somebody else created at the same moment. */
  Table create(
      TableSchema announced, WriteMode mode, TableIdentifier identifier, Possession possession) {
    TableId id = announced.table();
    Schema schema = InitialSchema.of(announced, mode);
    PartitionSpec spec = PartitionExpressions.parse(options.partitionExpressions(id), schema, id);
    Map<String, String> properties = TableDefaults.with(options.tableProperties(id));
    properties.put(FirnProperties.PIPELINE_ID, possession.pipelineId());
    properties.put(FirnProperties.EPOCH, Long.toString(possession.epoch()));
    properties.put(FirnProperties.OWNER, possession.owner());
    properties.putAll(identity(id, mode));
    catalog.ensureNamespace(identifier.namespace());
    return catalog.calling(
        "Creating table " + id,
        () -> {
          try {
            return catalog
                .iceberg()
                .buildTable(identifier, schema)
                .withPartitionSpec(spec)
                .withProperties(properties)
                .create();
          } catch (AlreadyExistsException e) {
            return catalog.iceberg().loadTable(identifier);
          }
        });
  }

  /** Properties by which a table is recognised later. */
  static Map<String, String> identity(TableId id, WriteMode mode) {
    Map<String, String> properties = new HashMap<>();
    properties.put(FirnProperties.TABLE, TableIds.toJson(id));
    properties.put(FirnProperties.WRITE_MODE, mode.text());
    return properties;
  }
}
