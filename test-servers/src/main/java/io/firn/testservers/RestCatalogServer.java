package io.firn.testservers;

import io.firn.testservers.provision.Trees;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.iceberg.jdbc.JdbcCatalog;
import org.apache.iceberg.rest.RESTCatalogAdapter;
import org.apache.iceberg.rest.RESTCatalogServlet;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** An Iceberg REST catalog in this process, with a JDBC catalog on SQLite behind it. */
public final class RestCatalogServer implements AutoCloseable {
  private final Path directory;
  private final String warehouse;
  private final JdbcCatalog catalog;
  private final Server server;
  private final URI uri;

  private RestCatalogServer(
      Path directory, String warehouse, JdbcCatalog catalog, Server server, URI uri) {
    this.directory = directory;
    this.warehouse = warehouse;
    this.catalog = catalog;
    this.server = server;
    this.uri = uri;
  }

  /** Starts an empty catalog whose warehouse is a directory of its own. */
  public static RestCatalogServer start() {
    return start(null, Map.of());
  }

  /**
   * Starts an empty catalog.
   *
   * @param warehouse root location of its tables; null for a directory of its own
   * @param storage properties of the storage, such as {@link S3Server#catalogProperties()}
   */
  public static RestCatalogServer start(String warehouse, Map<String, String> storage) {
    try {
      Path root = Path.of(System.getProperty("java.io.tmpdir"), "firn-servers").toAbsolutePath();
      Path directory = Files.createTempDirectory(Files.createDirectories(root), "rest-");
      String location = warehouse == null ? directory.resolve("warehouse").toString() : warehouse;
      Map<String, String> properties = new HashMap<>(storage);
      properties.put("uri", "jdbc:sqlite:" + directory.resolve("catalog.db"));
      properties.put("warehouse", location);
      properties.put("jdbc.schema-version", "V1");
      // SQLite has one writer; with several connections some requests would fail as busy.
      properties.put("clients", "1");
      JdbcCatalog catalog = new JdbcCatalog();
      catalog.initialize("rest", properties);

      Server server = new Server();
      ServerConnector connector = new ServerConnector(server);
      connector.setHost("127.0.0.1");
      server.addConnector(connector);
      ServletContextHandler context = new ServletContextHandler();
      context.addServlet(
          new ServletHolder(new RESTCatalogServlet(new RESTCatalogAdapter(catalog))), "/*");
      server.setHandler(context);
      server.start();
      URI uri = URI.create("http://127.0.0.1:" + connector.getLocalPort());
      return new RestCatalogServer(directory, location, catalog, server, uri);
    } catch (Exception e) {
      throw new ServerException("Cannot start the REST catalog: " + e, e);
    }
  }

  /** Where it listens. */
  public URI uri() {
    return uri;
  }

  /** Root location of its tables. */
  public String warehouse() {
    return warehouse;
  }

  /** Stops it and forgets its tables; files in a warehouse that was given stay. */
  @Override
  public void close() {
    try {
      server.stop();
      catalog.close();
    } catch (Exception e) {
      throw new ServerException("Cannot stop the REST catalog: " + e, e);
    } finally {
      deleteFiles();
    }
  }

  private void deleteFiles() {
    try {
      Trees.delete(directory);
    } catch (IOException e) {
      System.err.println("Cannot delete '" + directory + "': " + e);
    }
  }
}
