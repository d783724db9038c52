package io.firn.simulation.disk;

import io.firn.simulation.fault.Fault;
import io.firn.simulation.fault.FaultCounts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * What of a directory tree would survive a crash of the machine. Files are real, on a real file
 * system, and are never forced to it; this keeps account of what was not, and undoes some of it
 * when the machine crashes.
 *
 * <p>Assumptions: changes of names become durable in order, for each directory by itself; bytes of
 * one file become durable from its beginning.
 */
public final class SimulatedDisk {
  private final Map<Path, Long> forcedBytes = new LinkedHashMap<>();
  private final Map<Path, List<Undo>> namesNotForced = new LinkedHashMap<>();

  /** Brings a directory back to what it was before one change of a name. */
  private interface Undo {
    void undo() throws IOException;
  }

  void created(Path file) {
    forcedBytes.put(file, 0L);
    remember(file, () -> Files.deleteIfExists(file));
  }

  void forced(Path file) throws IOException {
    forcedBytes.put(file, Files.size(file));
  }

  void renaming(Path from, Path to) throws IOException {
    byte[] replaced = Files.exists(to) ? Files.readAllBytes(to) : null;
    Long forced = forcedBytes.remove(from);
    if (forced != null) {
      forcedBytes.put(to, forced);
    }
    remember(
        to,
        () -> {
          if (Files.exists(to)) {
            Files.move(to, from);
          }
          if (replaced != null) {
            Files.write(to, replaced);
          }
        });
  }

  void linked(Path existing, Path link) {
    Long forced = forcedBytes.get(existing);
    if (forced != null) {
      forcedBytes.put(link, forced);
    }
    remember(link, () -> Files.deleteIfExists(link));
  }

  void deleting(Path file) throws IOException {
    if (Files.exists(file)) {
      byte[] content = Files.readAllBytes(file);
      remember(
          file,
          () -> {
            if (!Files.exists(file)) {
              Files.write(file, content);
            }
          });
    }
  }

  void directoryForced(Path directory) {
    namesNotForced.remove(directory);
  }

  /** Whether a file would be there, whole and under its name, after a crash of the machine. */
  boolean isDurable(Path file) throws IOException {
    Long forced = forcedBytes.get(file);
    return (forced == null || forced >= Files.size(file))
        && !namesNotForced.containsKey(file.getParent());
  }

  private void remember(Path file, Undo undo) {
    namesNotForced.computeIfAbsent(file.getParent(), d -> new ArrayList<>()).add(undo);
  }

  /** The machine goes down and comes up again. */
  public void crash(Random random, FaultCounts counts) {
    try {
      for (Path file : List.copyOf(forcedBytes.keySet())) {
        loseBytes(file, random, counts);
      }
      for (Path directory : List.copyOf(namesNotForced.keySet())) {
        List<Undo> undos = namesNotForced.get(directory);
        int durable = random.nextInt(undos.size() + 1);
        for (int i = undos.size() - 1; i >= durable; i--) {
          undos.get(i).undo();
          counts.add(Fault.DISK_LOSES_NAMES);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    forget();
  }

  /** Whatever there is, is durable. */
  void forget() {
    forcedBytes.clear();
    namesNotForced.clear();
  }

  private void loseBytes(Path file, Random random, FaultCounts counts) throws IOException {
    if (!Files.exists(file)) {
      return;
    }
    long size = Files.size(file);
    long forced = forcedBytes.get(file);
    if (forced >= size) {
      return;
    }
    byte[] content = Files.readAllBytes(file);
    int kept = (int) (forced + random.nextInt((int) (size - forced) + 1));
    if (kept < content.length) {
      counts.add(Fault.DISK_LOSES_BYTES);
      boolean zeros = random.nextBoolean();
      byte[] torn = java.util.Arrays.copyOf(content, zeros ? content.length : kept);
      if (zeros) {
        java.util.Arrays.fill(torn, kept, torn.length, (byte) 0);
      }
      Files.write(file, torn);
    }
  }
}
