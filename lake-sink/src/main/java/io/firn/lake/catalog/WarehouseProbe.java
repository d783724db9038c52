package io.firn.lake.catalog;

import io.firn.model.error.ConfigurationException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.apache.iceberg.CatalogProperties;
import org.apache.iceberg.CatalogUtil;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.PositionOutputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out before anything else whether files can be written to and removed from the warehouse.
 * Skipped where the warehouse is a name that only the catalog's server understands.
 */
final class WarehouseProbe {
  private static final Logger LOG = LoggerFactory.getLogger(WarehouseProbe.class);
  private static final String HADOOP_IO = "org.apache.iceberg.hadoop.HadoopFileIO";

  private WarehouseProbe() {}

  static void check(CatalogSettings settings, Secrets secrets) {
    String warehouse = settings.properties().get(CatalogProperties.WAREHOUSE_LOCATION);
    String type = settings.properties().getOrDefault(CatalogUtil.ICEBERG_CATALOG_TYPE, "");
    if (warehouse == null
        || type.equals("rest")
        || !(warehouse.contains(":/")
            || warehouse.startsWith("/")
            || type.equals("hadoop")
            || type.equals("jdbc"))) {
      return;
    }
    String ioImpl = settings.properties().getOrDefault(CatalogProperties.FILE_IO_IMPL, HADOOP_IO);
    String location =
        (warehouse.endsWith("/") ? warehouse : warehouse + "/")
            + ".firn-probe-"
            + UUID.randomUUID();
    try (FileIO io = CatalogUtil.loadFileIO(ioImpl, settings.properties(), settings.hadoopConf())) {
      try (PositionOutputStream out = io.newOutputFile(location).create()) {
        out.write("Firn was here\n".getBytes(StandardCharsets.UTF_8));
      }
      io.deleteFile(location);
    } catch (IOException | RuntimeException | LinkageError e) {
      LOG.debug("Probe failed", secrets.asCause(e));
      throw new ConfigurationException(
          "Writing to the warehouse '"
              + secrets.value(warehouse)
              + "' failed: "
              + secrets.explain(e)
              + "; give the sink a warehouse that it may write to",
          secrets.asCause(e));
    }
  }
}
