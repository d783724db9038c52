package io.firn.it.process;

import java.util.Map;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableOperations;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.encryption.EncryptionManager;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.LocationProvider;
import org.apache.iceberg.jdbc.JdbcCatalog;

/**
 * A JDBC catalog that counts what it changes: before the change and, as for a reply that is lost,
 * after it.
 *
 * @see HaltCounter
 */
public final class HaltingCatalog extends JdbcCatalog {

  @Override
  public void createNamespace(Namespace namespace, Map<String, String> metadata) {
    HaltCounter.tick("create namespace " + namespace);
    super.createNamespace(namespace, metadata);
    HaltCounter.tick("created namespace " + namespace);
  }

  @Override
  protected TableOperations newTableOps(TableIdentifier table) {
    return new HaltingTableOperations(super.newTableOps(table), table.name());
  }

  private record HaltingTableOperations(TableOperations operations, String table)
      implements TableOperations {
    @Override
    public TableMetadata current() {
      return operations.current();
    }

    @Override
    public TableMetadata refresh() {
      return operations.refresh();
    }

    @Override
    public void commit(TableMetadata base, TableMetadata metadata) {
      HaltCounter.tick("commit " + table);
      operations.commit(base, metadata);
      HaltCounter.tick("committed " + table);
    }

    @Override
    public FileIO io() {
      return operations.io();
    }

    @Override
    public EncryptionManager encryption() {
      return operations.encryption();
    }

    @Override
    public String metadataFileLocation(String fileName) {
      return operations.metadataFileLocation(fileName);
    }

    @Override
    public LocationProvider locationProvider() {
      return operations.locationProvider();
    }

    @Override
    public TableOperations temp(TableMetadata uncommitted) {
      return operations.temp(uncommitted);
    }

    @Override
    public long newSnapshotId() {
      return operations.newSnapshotId();
    }

    @Override
    public boolean requireStrictCleanup() {
      return operations.requireStrictCleanup();
    }
  }
}
