package io.firn.it.process;

/**
 * Iceberg's access to files, counting the creation, the completion and the removal of each.
 *
 * @see HaltCounter
 */
public final class HaltingFileIO extends WatchedFileIO {
  private static final long serialVersionUID = 1L;

  @Override
  void creating(String path) {
    HaltCounter.tick("create " + shortName(path));
  }

  @Override
  void completing(String path) {
    HaltCounter.tick("complete " + shortName(path));
  }

  @Override
  public void deleteFile(String path) {
    HaltCounter.tick("delete " + shortName(path));
    super.deleteFile(path);
  }

  @Override
  public void deleteFiles(Iterable<String> paths) {
    paths.forEach(this::deleteFile);
  }

  @Override
  public void deletePrefix(String prefix) {
    HaltCounter.tick("delete prefix " + shortName(prefix));
    super.deletePrefix(prefix);
  }

  private static String shortName(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }
}
