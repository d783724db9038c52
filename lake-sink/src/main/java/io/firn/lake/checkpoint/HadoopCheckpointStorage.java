package io.firn.lake.checkpoint;

import io.firn.model.checkpoint.CheckpointStorage;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.CreateFlag;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Options.CreateOpts;
import org.apache.hadoop.fs.Options.Rename;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;

/**
 * Checkpoints on a Hadoop file system: written under a temporary name, flushed to the disks of the
 * data nodes ({@code hsync}), and renamed.
 *
 * <p><b>Assumptions</b>: the file system renames atomically and refuses an existing target, as HDFS
 * does. (On Hadoop's local file system the refusal is a look before the rename; Firn has its own
 * storage for local directories.)
 *
 * <p><b>Threading</b>: thread-safe.
 */
final class HadoopCheckpointStorage implements CheckpointStorage {
  private static final String TEMPORARY = ".tmp-";

  private final FileContext files;
  private final Path root;

  private HadoopCheckpointStorage(FileContext files, Path root) {
    this.files = files;
    this.root = root;
  }

  static HadoopCheckpointStorage open(String url, Configuration configuration) throws IOException {
    FileContext files = FileContext.getFileContext(URI.create(url), configuration);
    Path root = files.makeQualified(new Path(url));
    files.mkdir(root, null, true);
    return new HadoopCheckpointStorage(files, root);
  }

  private Path path(String name) {
    return new Path(root, name);
  }

  @Override
  public void publish(String name, byte[] content) throws IOException {
    Path temporary = write(name, out -> out.write(content));
    try {
      files.rename(temporary, path(name), Rename.OVERWRITE);
    } catch (IOException e) {
      throw deleting(temporary, e);
    }
  }

  @Override
  public boolean publishIfAbsent(String name, byte[] content) throws IOException {
    Path temporary = write(name, out -> out.write(content));
    try {
      files.rename(temporary, path(name), Rename.NONE);
      return true;
    } catch (FileAlreadyExistsException e) {
      files.delete(temporary, false);
      return false;
    } catch (IOException e) {
      throw deleting(temporary, e);
    }
  }

  @Override
  public void store(java.nio.file.Path localFile, String name) throws IOException {
    Path temporary = write(name, out -> Files.copy(localFile, out));
    long written = files.getFileStatus(temporary).getLen();
    if (written != Files.size(localFile)) {
      throw deleting(
          temporary,
          new IOException("Only " + written + " bytes of '" + localFile + "' were written"));
    }
    try {
      files.rename(temporary, path(name), Rename.OVERWRITE);
    } catch (IOException e) {
      throw deleting(temporary, e);
    }
  }

  @FunctionalInterface
  private interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  private Path write(String name, Content content) throws IOException {
    Path target = path(name);
    Path temporary =
        new Path(target.getParent(), TEMPORARY + UUID.randomUUID() + "-" + target.getName());
    try (FSDataOutputStream out =
        files.create(temporary, EnumSet.of(CreateFlag.CREATE), CreateOpts.createParent())) {
      content.writeTo(out);
      out.hsync();
    } catch (IOException e) {
      throw deleting(temporary, e);
    }
    return temporary;
  }

  private IOException deleting(Path temporary, IOException failure) {
    try {
      files.delete(temporary, false);
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
    return failure;
  }

  @Override
  public void fetch(String name, java.nio.file.Path localFile) throws IOException {
    try (InputStream in = open(name)) {
      Files.copy(in, localFile);
    }
  }

  @Override
  public InputStream open(String name) throws IOException {
    try {
      return files.open(path(name));
    } catch (FileNotFoundException e) {
      NoSuchFileException missing = new NoSuchFileException(path(name).toString());
      missing.initCause(e);
      throw missing;
    }
  }

  @Override
  public List<String> list(String prefix) throws IOException {
    // A prefix need not end at a directory; only the directory above it can be listed.
    int slash = prefix.lastIndexOf('/');
    Path directory = slash < 0 ? root : path(prefix.substring(0, slash));
    List<String> names = new ArrayList<>();
    String rootPath = root.toUri().getPath();
    try {
      RemoteIterator<LocatedFileStatus> found = files.util().listFiles(directory, true);
      while (found.hasNext()) {
        Path file = found.next().getPath();
        String name = file.toUri().getPath().substring(rootPath.length()).replaceFirst("^/", "");
        if (name.startsWith(prefix) && !file.getName().startsWith(TEMPORARY)) {
          names.add(name);
        }
      }
    } catch (FileNotFoundException e) {
      return names; // no directory, or one that is being removed
    }
    return names;
  }

  @Override
  public void delete(String name) throws IOException {
    try {
      files.delete(path(name), false);
    } catch (FileNotFoundException e) {
      return; // as wanted
    }
  }

  @Override
  public String location() {
    return root.toString();
  }

  @Override
  public void close() {
    // The file system is Hadoop's, shared with the tables.
  }
}
