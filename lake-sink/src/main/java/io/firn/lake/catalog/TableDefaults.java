package io.firn.lake.catalog;

import java.util.HashMap;
import java.util.Map;
import org.apache.iceberg.TableProperties;

/** Properties of tables that the sink creates. Recorded by a test, because users rely on them. */
public final class TableDefaults {
  private TableDefaults() {}

  /**
   * Firn's defaults, overridden by the user's properties.
   *
   * <p>Format version 3, because deletion vectors need it. Metadata files are kept for 100 commits:
   * enough for readers and short of growing without end. Iceberg's own tools are told to work with
   * positions (merge-on-read), as Firn does.
   */
  public static Map<String, String> with(Map<String, String> userProperties) {
    Map<String, String> properties = new HashMap<>();
    properties.put(TableProperties.FORMAT_VERSION, "3");
    properties.put(TableProperties.PARQUET_COMPRESSION, "zstd");
    String codec = userProperties.getOrDefault(TableProperties.PARQUET_COMPRESSION, "zstd");
    if (codec.equalsIgnoreCase("zstd")) {
      // Other codecs count their levels differently: gzip takes no number at all.
      properties.put(TableProperties.PARQUET_COMPRESSION_LEVEL, "1");
    }
    properties.put(TableProperties.DELETE_MODE, "merge-on-read");
    properties.put(TableProperties.UPDATE_MODE, "merge-on-read");
    properties.put(TableProperties.MERGE_MODE, "merge-on-read");
    properties.put(TableProperties.METADATA_DELETE_AFTER_COMMIT_ENABLED, "true");
    properties.put(TableProperties.METADATA_PREVIOUS_VERSIONS_MAX, "100");
    properties.put(TableProperties.COMMIT_NUM_RETRIES, "4");
    properties.put(TableProperties.COMMIT_MIN_RETRY_WAIT_MS, "50");
    properties.put(TableProperties.COMMIT_MAX_RETRY_WAIT_MS, "2000");
    properties.putAll(userProperties);
    return properties;
  }
}
