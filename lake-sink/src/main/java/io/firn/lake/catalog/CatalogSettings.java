package io.firn.lake.catalog;

import io.firn.lake.LakeSinkOptions;
import io.firn.model.error.ConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.CatalogProperties;
import org.apache.iceberg.CatalogUtil;

/**
 * Catalog properties as Iceberg gets them: checked as far as possible without a connection, and
 * completed.
 *
 * @param properties Iceberg's catalog properties
 * @param hadoopConf the Hadoop configuration
 */
record CatalogSettings(Map<String, String> properties, Configuration hadoopConf) {
  private static final List<String> TYPES =
      List.of("hadoop", "jdbc", "rest", "hive", "glue", "nessie", "bigquery");
  private static final String S3_IO = "org.apache.iceberg.aws.s3.S3FileIO";
  private static final String SQLITE = "jdbc:sqlite:";

  /** Hadoop file systems whose rename is atomic and refuses an existing target. */
  private static final Set<String> ATOMIC_RENAME =
      Set.of("hdfs", "viewfs", "webhdfs", "swebhdfs", "ofs", "o3fs");

  /**
   * Checks and completes the options.
   *
   * @throws ConfigurationException if they cannot work
   */
  static CatalogSettings of(LakeSinkOptions options) {
    Map<String, String> properties = new HashMap<>(options.catalogProperties());
    String type = properties.get(CatalogUtil.ICEBERG_CATALOG_TYPE);
    String impl = properties.get(CatalogProperties.CATALOG_IMPL);
    if (type == null && impl == null) {
      throw missing("type", "one of " + TYPES);
    }
    if (type != null && impl != null) {
      // Iceberg takes the class and warns; Flink's files often have both.
      properties.remove(CatalogUtil.ICEBERG_CATALOG_TYPE);
      type = null;
    }
    if (type != null) {
      type = type.toLowerCase(Locale.ROOT);
      if (!TYPES.contains(type)) {
        throw new ConfigurationException(
            "Opening the catalog failed: unknown type '"
                + options.secrets().value(type)
                + "'; use one of "
                + TYPES
                + " or give a catalog-impl");
      }
      properties.put(CatalogUtil.ICEBERG_CATALOG_TYPE, type);
      check(type, properties);
    }
    Configuration hadoopConf = new Configuration();
    options.hadoopConf().forEach(hadoopConf::set);
    boolean localByDefault = hadoopConf.get("fs.defaultFS", "file:///").startsWith("file:");
    String warehouse = properties.get(CatalogProperties.WAREHOUSE_LOCATION);
    boolean isPath = warehouse != null && !warehouse.contains(":") && !"rest".equals(type);
    if (isPath && localByDefault && type != null) {
      // Locations in metadata must mean the same to every reader, wherever it runs.
      warehouse = Path.of(warehouse).toAbsolutePath().normalize().toString();
      properties.put(CatalogProperties.WAREHOUSE_LOCATION, warehouse);
    }
    if (warehouse != null
        && warehouse.startsWith("s3")
        && warehouse.contains("://")
        && !"hadoop".equals(type)) {
      properties.putIfAbsent(CatalogProperties.FILE_IO_IMPL, S3_IO);
    }
    boolean local = warehouse != null && (isPath ? localByDefault : warehouse.startsWith("file:"));
    if ("hadoop".equals(type)) {
      if (!local) {
        requireAtomicRename(warehouse, hadoopConf, properties);
      }
      properties.putIfAbsent(CatalogProperties.LOCK_IMPL, MetadataVersionLock.class.getName());
    }
    return new CatalogSettings(Map.copyOf(properties), hadoopConf);
  }

  /**
   * A Hadoop catalog commits by renaming a file, which must fail if the target exists. Where it
   * does not, the later of two commits replaces the earlier one, and neither notices.
   */
  private static void requireAtomicRename(
      String warehouse, Configuration hadoopConf, Map<String, String> properties) {
    int colon = warehouse.indexOf(':');
    String scheme =
        colon > 0
            ? warehouse.substring(0, colon)
            : hadoopConf.get("fs.defaultFS", "file:///").replaceFirst(":.*", "");
    if (!ATOMIC_RENAME.contains(scheme.toLowerCase(Locale.ROOT))
        && isBlank(properties.get(CatalogProperties.LOCK_IMPL))) {
      throw new ConfigurationException(
          "Opening the catalog failed: a catalog of type hadoop commits by renaming a file, which is"
              + " not safe on '"
              + scheme
              + "'; use type jdbc, rest, hive or glue for tables in an object store, or give a"
              + " lock-impl that every writer uses");
    }
  }

  private static void check(String type, Map<String, String> properties) {
    boolean needsUri = type.equals("jdbc") || type.equals("rest");
    if (needsUri && isBlank(properties.get(CatalogProperties.URI))) {
      throw missing("uri", "the address of the " + type + " catalog");
    }
    boolean needsWarehouse = type.equals("jdbc") || type.equals("hadoop");
    if (needsWarehouse && isBlank(properties.get(CatalogProperties.WAREHOUSE_LOCATION))) {
      throw missing("warehouse", "the directory or URL for the tables");
    }
    if (type.equals("jdbc")) {
      String uri = properties.get(CatalogProperties.URI);
      if (uri.startsWith(SQLITE)) {
        prepareSqlite(properties);
      } else if (uri.startsWith("jdbc:mysql:") || uri.startsWith("jdbc:mariadb:")) {
        // Iceberg asks the driver whether its tables are there without naming the database, and
        // would find those of another catalog on the same server and not create its own.
        properties.putIfAbsent("jdbc.nullDatabaseMeansCurrent", "true");
      }
    }
  }

  /** One connection, because SQLite has one writer; and its directory must be there. */
  private static void prepareSqlite(Map<String, String> properties) {
    properties.putIfAbsent(CatalogProperties.CLIENT_POOL_SIZE, "1");
    properties.putIfAbsent("jdbc.busy_timeout", "30000");
    String file = properties.get(CatalogProperties.URI).substring(SQLITE.length());
    int query = file.indexOf('?');
    String path = query < 0 ? file : file.substring(0, query);
    if (path.isEmpty() || path.startsWith(":") || path.startsWith("file:")) {
      return;
    }
    try {
      Path parent = Path.of(path).toAbsolutePath().getParent();
      if (parent != null) {
        Files.createDirectories(parent);
      }
    } catch (IOException | RuntimeException e) {
      throw new ConfigurationException(
          "Creating the directory of the catalog's database '"
              + path
              + "' failed: "
              + e
              + "; choose another uri or create the directory",
          e);
    }
  }

  private static boolean isBlank(String text) {
    return text == null || text.isBlank();
  }

  private static ConfigurationException missing(String property, String what) {
    return new ConfigurationException(
        "Opening the catalog failed: the catalog property '"
            + property
            + "' is missing; set it to "
            + what);
  }

  /** Type, uri and warehouse, for messages. */
  String describe(Secrets secrets) {
    StringBuilder text = new StringBuilder();
    for (String key :
        List.of(
            CatalogUtil.ICEBERG_CATALOG_TYPE,
            CatalogProperties.CATALOG_IMPL,
            CatalogProperties.URI,
            CatalogProperties.WAREHOUSE_LOCATION)) {
      String value = properties.get(key);
      if (value != null) {
        text.append(text.isEmpty() ? "" : ", ");
        text.append(key).append(" '").append(secrets.value(value)).append("'");
      }
    }
    return text.toString();
  }
}
