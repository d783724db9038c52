package io.firn.it.spark;

import io.firn.it.engine.TableRequest;
import io.firn.it.process.Engine;
import io.firn.it.process.EngineProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Reads tables with Spark without a catalog. */
public final class SparkReader {
  private SparkReader() {}

  /**
   * Count and hash of tables.
   *
   * @param metadataLocations location of the metadata file by any name
   * @param work directory for Spark's temporary files and its log
   * @return {@code rows:hash} as {@link io.firn.it.engine.ContentHash} writes it, by name
   */
  public static Map<String, String> read(Map<String, String> metadataLocations, Path work)
      throws IOException, InterruptedException {
    List<TableRequest> tables =
        metadataLocations.entrySet().stream()
            .map(entry -> new TableRequest(entry.getKey(), entry.getValue(), 0))
            .toList();
    return EngineProcess.read(Engine.SPARK, Map.of(), tables, work);
  }
}
