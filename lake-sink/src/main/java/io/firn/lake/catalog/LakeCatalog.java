package io.firn.lake.catalog;

import io.firn.lake.LakeSinkOptions;
import io.firn.model.error.ConfigurationException;
import io.firn.model.error.FirnException;
import io.firn.model.error.RetryableException;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.iceberg.CatalogUtil;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.SupportsNamespaces;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.AlreadyExistsException;
import org.apache.iceberg.exceptions.BadRequestException;
import org.apache.iceberg.exceptions.ForbiddenException;
import org.apache.iceberg.exceptions.NoSuchNamespaceException;
import org.apache.iceberg.exceptions.NotAuthorizedException;
import org.apache.iceberg.exceptions.ValidationException;
import org.apache.iceberg.rest.RESTCatalog;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An opened Iceberg catalog, with errors in Firn's words.
 *
 * <p><b>Threading</b>: thread-safe, as Iceberg's catalogs are.
 */
public final class LakeCatalog implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LakeCatalog.class);
  private static final int MAX_NAMESPACE_DEPTH = 8;

  private final Catalog catalog;
  private final Secrets secrets;

  private LakeCatalog(Catalog catalog, Secrets secrets) {
    this.catalog = catalog;
    this.secrets = secrets;
  }

  /**
   * Opens a catalog and makes sure that its warehouse can be written to.
   *
   * @throws ConfigurationException if the catalog cannot be opened as configured
   */
  public static LakeCatalog open(LakeSinkOptions options) {
    Secrets secrets = options.secrets();
    CatalogSettings settings = CatalogSettings.of(options);
    Catalog catalog;
    try {
      catalog =
          CatalogUtil.buildIcebergCatalog(
              options.catalogName(), settings.properties(), settings.hadoopConf());
    } catch (RuntimeException | LinkageError e) {
      throw new ConfigurationException(
          "Opening the catalog ("
              + settings.describe(secrets)
              + ") failed: "
              + secrets.explain(e)
              + "; check type, uri, warehouse and credentials of the sink's catalog properties",
          secrets.asCause(e));
    }
    LakeCatalog opened = new LakeCatalog(catalog, secrets);
    try {
      WarehouseProbe.check(settings, secrets);
      // The first request shows whether the catalog can be reached and lets us in.
      opened.namespacesBelow(Namespace.empty());
      return opened;
    } catch (ConfigurationException e) {
      opened.close();
      throw e;
    } catch (RuntimeException e) {
      opened.close();
      throw new ConfigurationException(
          "Asking the catalog ("
              + settings.describe(secrets)
              + ") for its namespaces failed: "
              + secrets.explain(e)
              + "; check uri, warehouse and credentials of the sink's catalog properties",
          secrets.asCause(e));
    }
  }

  /** Wraps a catalog that was made otherwise, such as a test's. */
  public static LakeCatalog of(Catalog catalog) {
    return new LakeCatalog(catalog, Secrets.in(Map.of()));
  }

  /** Iceberg's catalog. */
  public Catalog iceberg() {
    return catalog;
  }

  /** The secrets to keep out of messages. */
  public Secrets secrets() {
    return secrets;
  }

  /** Iceberg's REST catalog, if it is one: those can commit several tables at once. */
  public java.util.Optional<RESTCatalog> rest() {
    return catalog instanceof RESTCatalog rest
        ? java.util.Optional.of(rest)
        : java.util.Optional.empty();
  }

  /**
   * All tables in these databases, or in the whole catalog if none are given. Databases that do not
   * exist are passed over.
   */
  public List<TableIdentifier> tables(Set<String> databases) {
    return calling(
        "Listing the tables of the catalog",
        () -> {
          List<Namespace> namespaces = new ArrayList<>();
          if (databases.isEmpty()) {
            collect(Namespace.empty(), namespaces);
          } else {
            databases.forEach(database -> namespaces.add(TableNames.namespace(database)));
          }
          List<TableIdentifier> tables = new ArrayList<>();
          for (Namespace namespace : namespaces) {
            try {
              tables.addAll(catalog.listTables(namespace));
            } catch (NoSuchNamespaceException e) {
              LOG.debug("There is no namespace {} yet", namespace);
            }
          }
          return tables;
        });
  }

  private void collect(Namespace parent, List<Namespace> into) {
    if (parent.length() >= MAX_NAMESPACE_DEPTH) {
      return;
    }
    for (Namespace namespace : namespacesBelow(parent)) {
      into.add(namespace);
      collect(namespace, into);
    }
  }

  private List<Namespace> namespacesBelow(Namespace parent) {
    if (!(catalog instanceof SupportsNamespaces namespaces)) {
      return List.of();
    }
    try {
      return parent.isEmpty() ? namespaces.listNamespaces() : namespaces.listNamespaces(parent);
    } catch (NoSuchNamespaceException | UnsupportedOperationException e) {
      return List.of();
    }
  }

  /** Creates a namespace and those above it where they are missing. */
  public void ensureNamespace(Namespace namespace) {
    if (!(catalog instanceof SupportsNamespaces namespaces)) {
      return;
    }
    calling(
        "Creating the namespace '" + namespace + "'",
        () -> {
          for (int length = 1; length <= namespace.length(); length++) {
            Namespace level = Namespace.of(java.util.Arrays.copyOf(namespace.levels(), length));
            if (!namespaces.namespaceExists(level)) {
              try {
                namespaces.createNamespace(level);
              } catch (AlreadyExistsException e) {
                LOG.debug("Somebody else created the namespace {}", level);
              }
            }
          }
          return null;
        });
  }

  /**
   * Calls the catalog; its errors become Firn's.
   *
   * @param what what is attempted, as the beginning of a message
   * @throws ConfigurationException if the catalog refuses for good
   * @throws RetryableException for every other failure
   */
  public <T> T calling(String what, Supplier<T> call) {
    try {
      return call.get();
    } catch (FirnException e) {
      throw e;
    } catch (ForbiddenException
        | NotAuthorizedException
        | BadRequestException
        | ValidationException
        | UnsupportedOperationException
        | IllegalArgumentException e) {
      throw new ConfigurationException(
          secrets.clean(what)
              + " failed: "
              + secrets.explain(e)
              + "; check the sink's catalog and table properties and the rights of its user",
          secrets.asCause(e));
    } catch (RuntimeException e) {
      if (StorageFailures.isPermanent(e)) {
        throw StorageFailures.of(what, "", e, secrets);
      }
      if (e instanceof NullPointerException
          || e instanceof ClassCastException
          || e instanceof IndexOutOfBoundsException) {
        throw e; // a mistake of ours or of the catalog's; trying again would hide it
      }
      throw new RetryableException(
          secrets.clean(what)
              + " failed: "
              + secrets.explain(e)
              + "; it is tried again from the last checkpoint",
          secrets.asCause(e));
    }
  }

  @Override
  public void close() {
    if (catalog instanceof Closeable closeable) {
      try {
        closeable.close();
      } catch (IOException | RuntimeException e) {
        LOG.warn("Closing the catalog failed: {}", secrets.explain(e));
      }
    }
  }
}
