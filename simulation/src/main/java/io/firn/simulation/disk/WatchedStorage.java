package io.firn.simulation.disk;

import io.firn.model.checkpoint.CheckpointStorage;
import io.firn.simulation.check.Violation;
import io.firn.simulation.fault.Fault;
import io.firn.simulation.fault.Faults;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;

/**
 * One process's checkpoint storage, whose reads fail too. What it says to be published must survive
 * a crash of the machine.
 */
public final class WatchedStorage implements CheckpointStorage {
  private final CheckpointStorage target;
  private final Faults faults;
  private final CheckpointDirectory directory;

  /** Passes everything on to {@code target}, which keeps its files in {@code directory}. */
  public WatchedStorage(CheckpointStorage target, Faults faults, CheckpointDirectory directory) {
    this.target = target;
    this.faults = faults;
    this.directory = directory;
  }

  private void requireDurable(String name) throws IOException {
    if (!directory.disk().isDurable(directory.checkpoints().resolve(name))) {
      throw new Violation("PublishedIsDurable", name + " would not survive a crash of the machine");
    }
  }

  private void reading(String what) throws IOException {
    faults.operation("checkpoints " + what);
    if (faults.strikes(Fault.DISK_ERROR)) {
      throw new IOException("Input/output error: " + what);
    }
  }

  @Override
  public void publish(String name, byte[] content) throws IOException {
    target.publish(name, content);
    requireDurable(name);
  }

  @Override
  public boolean publishIfAbsent(String name, byte[] content) throws IOException {
    boolean published = target.publishIfAbsent(name, content);
    if (published) {
      requireDurable(name);
    }
    return published;
  }

  @Override
  public void store(Path localFile, String name) throws IOException {
    target.store(localFile, name);
    requireDurable(name);
  }

  @Override
  public void fetch(String name, Path localFile) throws IOException {
    reading("fetch " + name);
    target.fetch(name, localFile);
  }

  @Override
  public InputStream open(String name) throws IOException {
    reading("open " + name);
    return target.open(name);
  }

  @Override
  public List<String> list(String prefix) throws IOException {
    reading("list " + prefix);
    return target.list(prefix).stream().sorted().toList();
  }

  @Override
  public void delete(String name) throws IOException {
    target.delete(name);
  }

  @Override
  public String location() {
    return "'checkpoints'";
  }

  @Override
  public void close() throws IOException {
    target.close();
  }
}
