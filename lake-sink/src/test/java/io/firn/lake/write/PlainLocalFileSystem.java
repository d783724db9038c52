package io.firn.lake.write;

import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;

/**
 * Local files without checksum files and without permissions: for the latter, Hadoop starts a
 * {@code chmod} process per file, which took half of the tests' time.
 */
public final class PlainLocalFileSystem extends RawLocalFileSystem {

  /** A configuration in which {@code file:} means this file system. */
  public static Configuration configuration() {
    Configuration configuration = new Configuration();
    configuration.set("fs.file.impl", PlainLocalFileSystem.class.getName());
    return configuration;
  }

  @Override
  public void setPermission(Path path, FsPermission permission) {}
}
