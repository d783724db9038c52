package io.firn.it.process;

import io.firn.runtime.checkpoint.FileOperations;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * The checkpoint storage's changes to the file system, each of them counted.
 *
 * @see HaltCounter
 */
public final class HaltingFileOperations implements FileOperations {
  private final FileOperations files = FileOperations.SYSTEM;

  @Override
  public void createDirectories(Path directory) throws IOException {
    HaltCounter.tick("checkpoint mkdir");
    files.createDirectories(directory);
  }

  @Override
  public NewFile create(Path file) throws IOException {
    HaltCounter.tick("checkpoint create");
    NewFile created = files.create(file);
    return new NewFile() {
      @Override
      public int write(ByteBuffer bytes) throws IOException {
        HaltCounter.tick("checkpoint write");
        return created.write(bytes);
      }

      @Override
      public void force() throws IOException {
        HaltCounter.tick("checkpoint force");
        created.force();
      }

      @Override
      public void close() throws IOException {
        created.close();
      }
    };
  }

  @Override
  public void force(Path file) throws IOException {
    HaltCounter.tick("checkpoint force");
    files.force(file);
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    HaltCounter.tick("checkpoint rename " + to.getFileName());
    files.rename(from, to);
  }

  @Override
  public void link(Path existing, Path link) throws IOException {
    HaltCounter.tick("checkpoint link " + link.getFileName());
    files.link(existing, link);
  }

  @Override
  public void delete(Path file) throws IOException {
    HaltCounter.tick("checkpoint delete");
    files.delete(file);
  }

  @Override
  public void fsyncDirectory(Path directory) throws IOException {
    HaltCounter.tick("checkpoint fsync directory");
    files.fsyncDirectory(directory);
  }
}
