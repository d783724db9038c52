package io.firn.simulation.disk;

import io.firn.runtime.checkpoint.FileOperations;
import io.firn.simulation.fault.Fault;
import io.firn.simulation.fault.Faults;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.function.Consumer;

/** One process's changes of a {@link SimulatedDisk}. */
public final class FaultyDisk implements FileOperations {
  private static final int FULL_OPERATIONS = 15;

  private final SimulatedDisk disk;
  private final Path root;
  private final Faults faults;
  private final Consumer<String> named;
  private int full;

  /**
   * @param root left out of the trace
   * @param named hears the new names of files, relative to {@code root}
   */
  public FaultyDisk(SimulatedDisk disk, Path root, Faults faults, Consumer<String> named) {
    this.named = named;
    this.disk = disk;
    this.root = root;
    this.faults = faults;
  }

  private String operation(String what, Path file) throws IOException {
    String text = "disk " + what + " " + (file.startsWith(root) ? root.relativize(file) : "state");
    faults.operation(text);
    if (faults.strikes(Fault.DISK_ERROR)) {
      throw new IOException("Input/output error: " + text);
    }
    return text;
  }

  @Override
  public void createDirectories(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      operation("mkdir", directory);
      Files.createDirectories(directory);
    }
  }

  @Override
  public NewFile create(Path file) throws IOException {
    String what = operation("create", file);
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    disk.created(file);
    faults.done(what);
    return new Writing(file, channel);
  }

  @Override
  public void force(Path file) throws IOException {
    operation("fsync", file);
    disk.forced(file);
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    String what = operation("rename to", to);
    disk.renaming(from, to);
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    named.accept(root.relativize(to).toString());
    faults.done(what);
  }

  @Override
  public void link(Path existing, Path link) throws IOException {
    String what = operation("link", link);
    if (Files.exists(link)) {
      throw new FileAlreadyExistsException(link.toString());
    }
    Files.createLink(link, existing);
    disk.linked(existing, link);
    named.accept(root.relativize(link).toString());
    faults.done(what);
  }

  @Override
  public void delete(Path file) throws IOException {
    String what = operation("delete", file);
    disk.deleting(file);
    Files.deleteIfExists(file);
    faults.done(what);
  }

  @Override
  public void fsyncDirectory(Path directory) throws IOException {
    operation("fsync directory", directory);
    disk.directoryForced(directory);
  }

  private final class Writing implements NewFile {
    private final Path file;
    private final FileChannel channel;

    Writing(Path file, FileChannel channel) {
      this.file = file;
      this.channel = channel;
    }

    @Override
    public int write(ByteBuffer bytes) throws IOException {
      String what = operation("write", file);
      if (faults.strikes(Fault.DISK_FULL)) {
        full = FULL_OPERATIONS;
      }
      if (full > 0 && faults.armed()) {
        full--;
        throw new IOException("No space left on device");
      }
      int wanted = bytes.remaining();
      int count = wanted;
      if (wanted > 1 && faults.strikes(Fault.DISK_SHORT_WRITE, 3)) {
        count = 1 + faults.random().nextInt(wanted - 1);
      }
      int written = count;
      if (count > 1 && faults.strikes(Fault.DISK_LIES)) {
        written = count / 2;
      }
      ByteBuffer part = bytes.slice(bytes.position(), written);
      while (part.hasRemaining()) {
        channel.write(part);
      }
      bytes.position(bytes.position() + count);
      faults.done(what);
      return count;
    }

    @Override
    public void force() throws IOException {
      operation("fsync", file);
      disk.forced(file);
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
