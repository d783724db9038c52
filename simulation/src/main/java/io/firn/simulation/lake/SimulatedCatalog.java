package io.firn.simulation.lake;

import io.firn.simulation.fault.Fault;
import io.firn.simulation.fault.Faults;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.iceberg.BaseMetastoreCatalog;
import org.apache.iceberg.BaseMetastoreTableOperations;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableOperations;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.SupportsNamespaces;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.CommitStateUnknownException;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.apache.iceberg.exceptions.ServiceUnavailableException;
import org.apache.iceberg.io.FileIO;

/**
 * One process's connection to a {@link CatalogServer} that compares whole metadata, as JDBC, Hive
 * and Glue catalogs do.
 */
public final class SimulatedCatalog extends BaseMetastoreCatalog implements SupportsNamespaces {
  private static final int OUTAGE_OPERATIONS = 40;

  private final String who;
  private final CatalogServer server;
  private final FileIO io;
  private final Faults faults;
  private int down;

  /**
   * @param who the process
   * @param server the catalog
   * @param io the process's files
   * @param faults what goes wrong for it
   */
  public SimulatedCatalog(String who, CatalogServer server, FileIO io, Faults faults) {
    this.who = who;
    this.server = server;
    this.io = io;
    this.faults = faults;
    initialize("simulated", Map.of());
  }

  @Override
  protected TableOperations newTableOps(TableIdentifier identifier) {
    return new Operations(identifier);
  }

  @Override
  protected String defaultWarehouseLocation(TableIdentifier identifier) {
    return "sim://lake/" + identifier.namespace() + "/" + identifier.name();
  }

  private void reading(String what) {
    faults.operation("catalog " + what);
    faults.slow(Fault.CATALOG_SLOW);
    if (down > 0 && faults.armed()) {
      down--;
      throw new ServiceUnavailableException("503 from the catalog: %s", what);
    }
    if (faults.strikes(Fault.CATALOG_READ_ERROR)) {
      throw new ServiceUnavailableException("503 from the catalog: %s", what);
    }
  }

  @Override
  public List<TableIdentifier> listTables(Namespace namespace) {
    reading("list tables");
    return server.tables().stream().filter(t -> t.namespace().equals(namespace)).toList();
  }

  @Override
  public boolean dropTable(TableIdentifier identifier, boolean purge) {
    return server.drop(identifier);
  }

  @Override
  public void renameTable(TableIdentifier from, TableIdentifier to) {
    throw new UnsupportedOperationException("renameTable");
  }

  @Override
  public void createNamespace(Namespace namespace, Map<String, String> metadata) {
    reading("create namespace");
    server.namespaces().add(namespace);
  }

  @Override
  public List<Namespace> listNamespaces(Namespace namespace) {
    reading("list namespaces");
    // Not an immutable list: the server asks whether it contains null.
    return namespace.isEmpty() ? new ArrayList<>(server.namespaces()) : new ArrayList<>();
  }

  @Override
  public Map<String, String> loadNamespaceMetadata(Namespace namespace) {
    reading("load namespace");
    if (!server.namespaces().contains(namespace)) {
      throw new org.apache.iceberg.exceptions.NoSuchNamespaceException("%s", namespace);
    }
    return Map.of();
  }

  @Override
  public boolean dropNamespace(Namespace namespace) {
    return server.namespaces().remove(namespace);
  }

  @Override
  public boolean setProperties(Namespace namespace, Map<String, String> properties) {
    return false;
  }

  @Override
  public boolean removeProperties(Namespace namespace, Set<String> properties) {
    return false;
  }

  @Override
  public void close() {}

  private final class Operations extends BaseMetastoreTableOperations {
    private final TableIdentifier table;

    Operations(TableIdentifier table) {
      this.table = table;
    }

    @Override
    protected String tableName() {
      return table.toString();
    }

    @Override
    public FileIO io() {
      return io;
    }

    @Override
    protected void doRefresh() {
      reading("load " + table);
      String location =
          faults.strikes(Fault.CATALOG_STALE)
              ? server.staleLocation(table)
              : server.location(table);
      if (location == null) {
        if (currentMetadataLocation() != null) {
          throw new NoSuchTableException("Table %s is gone", table);
        }
        disableRefresh();
        return;
      }
      refreshFromMetadataLocation(location, null, 0, server::metadata);
    }

    @Override
    protected void doCommit(TableMetadata base, TableMetadata metadata) {
      String location = writeNewMetadataIfRequired(base == null, metadata);
      String what = "catalog commit " + table;
      faults.operation(what);
      faults.slow(Fault.CATALOG_SLOW);
      if (faults.strikes(Fault.CATALOG_CONFLICT, 2)) {
        throw new CommitFailedException("Simulated conflict on %s", table);
      }
      if (base != null && faults.strikes(Fault.CATALOG_UNKNOWN_LOST, 2)) {
        throw unknown();
      }
      String expected = base == null ? null : base.metadataFileLocation();
      if (!server.swap(who, table, expected, location)) {
        if (base == null) {
          throw new org.apache.iceberg.exceptions.AlreadyExistsException("%s exists", table);
        }
        throw new CommitFailedException("%s was changed by somebody else", table);
      }
      if (base != null && faults.strikes(Fault.CATALOG_UNKNOWN_LANDED, 2)) {
        throw unknown();
      }
      if (base != null && faults.strikes(Fault.CATALOG_UNKNOWN_AND_DOWN, 2)) {
        down = OUTAGE_OPERATIONS;
        throw unknown();
      }
      if (base != null && faults.strikes(Fault.CATALOG_FAILED_LANDED, 2)) {
        throw new CommitFailedException("Simulated failure of a commit to %s that landed", table);
      }
      faults.done(what);
    }

    private CommitStateUnknownException unknown() {
      return new CommitStateUnknownException(new RuntimeException("The reply was lost"));
    }
  }
}
