package io.firn.lake.checkpoint;

import io.firn.lake.catalog.Secrets;
import io.firn.model.checkpoint.CheckpointStorage;
import io.firn.model.error.ConfigurationException;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;

/**
 * Opens checkpoint directories that are not local: {@code s3://bucket/prefix} (also {@code s3a} and
 * {@code s3n}) and whatever Hadoop has a file system for, such as {@code hdfs://name/path}.
 */
public final class CheckpointStorages {
  private CheckpointStorages() {}

  /** Whether a checkpoint directory is a URL for {@link #open}, and not a local path. */
  public static boolean isRemote(String url) {
    int colon = url.indexOf("://");
    return colon > 0 && !url.startsWith("file:");
  }

  /**
   * Opens a directory and makes sure that it can be written to.
   *
   * @param url where the directory is
   * @param hadoopConf Hadoop configuration entries, for Hadoop's file systems
   * @param properties Iceberg's {@code s3.*} and {@code client.*} properties, for S3: usually those
   *     of the sink's catalog
   * @throws ConfigurationException if it cannot be reached or written to
   */
  public static CheckpointStorage open(
      String url, Map<String, String> hadoopConf, Map<String, String> properties) {
    Secrets secrets = Secrets.in(hadoopConf, properties);
    try {
      CheckpointStorage storage = connect(url, hadoopConf, properties);
      probe(storage);
      return storage;
    } catch (IOException | RuntimeException | LinkageError e) {
      throw new ConfigurationException(
          "Opening the checkpoint directory '"
              + secrets.value(url)
              + "' failed: "
              + secrets.explain(e)
              + "; give the pipeline a checkpoint.directory that it may write to",
          secrets.asCause(e));
    }
  }

  private static CheckpointStorage connect(
      String url, Map<String, String> hadoopConf, Map<String, String> properties)
      throws IOException {
    String scheme = URI.create(url).getScheme();
    if (scheme == null) {
      throw new IllegalArgumentException("it is not a URL");
    }
    return switch (scheme) {
      case "s3", "s3a", "s3n" -> S3CheckpointStorage.open(url, properties);
      default -> {
        Configuration configuration = new Configuration();
        hadoopConf.forEach(configuration::set);
        yield HadoopCheckpointStorage.open(url, configuration);
      }
    };
  }

  private static void probe(CheckpointStorage storage) throws IOException {
    String name = ".probe-" + java.util.UUID.randomUUID();
    storage.publish(name, new byte[] {1});
    storage.delete(name);
  }
}
