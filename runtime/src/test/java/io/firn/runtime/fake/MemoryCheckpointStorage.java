package io.firn.runtime.fake;

import io.firn.model.checkpoint.CheckpointStorage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Checkpoint storage in a map that outlives simulated processes. */
public final class MemoryCheckpointStorage implements CheckpointStorage {
  private final Map<String, byte[]> objects;
  private final Faults faults;

  public MemoryCheckpointStorage() {
    this(new ConcurrentHashMap<>(), Faults.none());
  }

  private MemoryCheckpointStorage(Map<String, byte[]> objects, Faults faults) {
    this.objects = objects;
    this.faults = faults;
  }

  /** The same objects, as another process sees them. */
  public MemoryCheckpointStorage seenBy(Faults processFaults) {
    return new MemoryCheckpointStorage(objects, processFaults);
  }

  /** The objects themselves. */
  public Map<String, byte[]> objects() {
    return objects;
  }

  @Override
  public void publish(String name, byte[] content) {
    faults.hit("before publish");
    objects.put(name, content.clone());
    faults.hit("after publish");
  }

  @Override
  public boolean publishIfAbsent(String name, byte[] content) {
    faults.hit("before claim");
    boolean absent = objects.putIfAbsent(name, content.clone()) == null;
    faults.hit("after claim");
    return absent;
  }

  @Override
  public void store(Path localFile, String name) throws IOException {
    faults.hit("before store");
    objects.put(name, Files.readAllBytes(localFile));
    faults.hit("after store");
  }

  @Override
  public void fetch(String name, Path localFile) throws IOException {
    Files.write(localFile, find(name));
  }

  @Override
  public InputStream open(String name) throws IOException {
    return new ByteArrayInputStream(find(name));
  }

  private byte[] find(String name) throws IOException {
    faults.hit("read");
    byte[] content = objects.get(name);
    if (content == null) {
      throw new NoSuchFileException(name);
    }
    return content;
  }

  @Override
  public List<String> list(String prefix) {
    faults.hit("list");
    return objects.keySet().stream().filter(name -> name.startsWith(prefix)).toList();
  }

  @Override
  public void delete(String name) {
    faults.hit("before delete");
    objects.remove(name);
  }

  @Override
  public String location() {
    return "'memory'";
  }

  @Override
  public void close() {}
}
