package io.firn.runtime.checkpoint;

import io.firn.runtime.fake.SimulatedCrash;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The real file system, with a fault at a chosen operation. */
public final class FaultyFileOperations implements FileOperations {
  private final List<String> log = new ArrayList<>();
  private int haltAt = Integer.MAX_VALUE;
  private int maxWriteBytes = Integer.MAX_VALUE;
  private int bytesUntilFull = Integer.MAX_VALUE;
  private boolean losing;
  private boolean linkless;

  /** Ends the "process" right before the operation with this number, counted from 1. */
  public FaultyFileOperations haltingAt(int operation) {
    haltAt = operation;
    return this;
  }

  public FaultyFileOperations writingAtMost(int bytes) {
    maxWriteBytes = bytes;
    return this;
  }

  public FaultyFileOperations fullAfter(int bytes) {
    bytesUntilFull = bytes;
    return this;
  }

  public FaultyFileOperations losingBytes() {
    losing = true;
    return this;
  }

  public FaultyFileOperations withoutLinks() {
    linkless = true;
    return this;
  }

  /** The operations so far, in order. */
  public List<String> log() {
    return log;
  }

  private void before(String operation) {
    if (log.size() + 1 >= haltAt) {
      throw new SimulatedCrash(operation);
    }
    log.add(operation);
  }

  @Override
  public void createDirectories(Path directory) throws IOException {
    before("createDirectories");
    SYSTEM.createDirectories(directory);
  }

  @Override
  public NewFile create(Path file) throws IOException {
    before("create");
    NewFile real = SYSTEM.create(file);
    return new NewFile() {
      @Override
      public int write(ByteBuffer bytes) throws IOException {
        before("write");
        int count = Math.min(Math.min(bytes.remaining(), maxWriteBytes), bytesUntilFull);
        bytesUntilFull -= count;
        ByteBuffer part = bytes.slice(bytes.position(), losing ? count / 2 : count);
        real.write(part);
        bytes.position(bytes.position() + count);
        return count;
      }

      @Override
      public void force() throws IOException {
        before("force");
        real.force();
      }

      @Override
      public void close() throws IOException {
        real.close();
      }
    };
  }

  @Override
  public void force(Path file) throws IOException {
    before("force");
    SYSTEM.force(file);
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    before("rename");
    SYSTEM.rename(from, to);
  }

  @Override
  public void link(Path existing, Path link) throws IOException {
    before("link");
    if (linkless) {
      throw new UnsupportedOperationException("no links");
    }
    SYSTEM.link(existing, link);
  }

  @Override
  public void delete(Path file) throws IOException {
    before("delete");
    SYSTEM.delete(file);
  }

  @Override
  public void fsyncDirectory(Path directory) throws IOException {
    before("fsyncDirectory " + directory.getFileName());
    SYSTEM.fsyncDirectory(directory);
  }
}
