package io.firn.testservers;

import io.firn.testservers.provision.Trees;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.CommonConfigurationKeys;
import org.apache.hadoop.hdfs.MiniDFSCluster;

/**
 * HDFS in this process: one name node, one data node. Who starts one needs {@code
 * hadoop-client-minicluster} on the class path.
 */
public final class HdfsServer implements AutoCloseable {
  private final Path directory;
  private final MiniDFSCluster cluster;

  private HdfsServer(Path directory, MiniDFSCluster cluster) {
    this.directory = directory;
    this.cluster = cluster;
  }

  /** Starts an empty file system. */
  public static HdfsServer start() {
    try {
      Path root = Path.of(System.getProperty("java.io.tmpdir"), "firn-servers").toAbsolutePath();
      Path directory = Files.createTempDirectory(Files.createDirectories(root), "hdfs-");
      Configuration configuration = new Configuration();
      configuration.set(MiniDFSCluster.HDFS_MINIDFS_BASEDIR, directory.toString());
      configuration.set(CommonConfigurationKeys.FS_PERMISSIONS_UMASK_KEY, "022");
      configuration.setInt("dfs.replication", 1);
      configuration.setBoolean("dfs.permissions.enabled", false);
      MiniDFSCluster cluster = new MiniDFSCluster.Builder(configuration).numDataNodes(1).build();
      cluster.waitActive();
      return new HdfsServer(directory, cluster);
    } catch (IOException e) {
      throw new ServerException("Cannot start HDFS: " + e, e);
    }
  }

  /** Root of the file system: {@code hdfs://127.0.0.1:port}. */
  public URI uri() {
    return cluster.getURI();
  }

  /** Stops it and deletes everything in it. */
  @Override
  public void close() {
    cluster.shutdown();
    try {
      Trees.delete(directory);
    } catch (IOException e) {
      System.err.println("Cannot delete '" + directory + "': " + e);
    }
  }
}
