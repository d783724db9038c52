package io.firn.simulation.disk;

import io.firn.simulation.fault.Fault;
import io.firn.simulation.fault.FaultCounts;
import io.firn.simulation.fault.Trace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;

/** The directories of a run on a real file system, and what happens to them besides writing. */
public final class CheckpointDirectory implements AutoCloseable {
  private final Path root;
  private final FaultCounts counts;
  private final SimulatedDisk disk = new SimulatedDisk();

  /** New, empty directories. */
  public CheckpointDirectory(FaultCounts counts) {
    this.counts = counts;
    try {
      this.root = Files.createTempDirectory("firn-simulation-");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The disk they are on. */
  public SimulatedDisk disk() {
    return disk;
  }

  /** Where checkpoints are. */
  public Path checkpoints() {
    return root.resolve("checkpoints");
  }

  /** Where a process keeps its working files. */
  public Path stateDirectory(String process) {
    return root.resolve("state-" + process);
  }

  /** The machine goes down and comes up again. */
  public void crash(Random random) {
    disk.crash(random, counts);
  }

  /** The operator moves the checkpoints away. */
  public void moveAway() {
    delete(checkpoints());
    disk.forget();
  }

  /**
   * Perhaps something happens to the checkpoints while no process runs.
   *
   * @return whether the pipeline may refuse to go on because of it
   */
  public boolean damageSomething(Random random, Set<Fault> without, Trace trace) {
    Fault fault =
        switch (random.nextInt(8)) {
          case 0 -> Fault.CHECKPOINTS_LOST;
          case 1 -> Fault.STATE_DAMAGED;
          case 2 -> Fault.MANIFEST_DAMAGED;
          case 3 -> Fault.FILE_MISSING;
          default -> null;
        };
    if (fault == null || without.contains(fault) || !Files.isDirectory(checkpoints())) {
      return false;
    }
    trace.add(fault.name());
    switch (fault) {
      case CHECKPOINTS_LOST -> {
        moveAway();
        counts.add(fault);
      }
      case STATE_DAMAGED -> damage(newest("state"), random, fault);
      case MANIFEST_DAMAGED -> damage(newest("manifests"), random, fault);
      default -> {
        List<Path> files = files("");
        if (!files.isEmpty()) {
          remove(files.get(random.nextInt(files.size())));
          counts.add(fault);
          return true;
        }
      }
    }
    return false;
  }

  private Path newest(String part) {
    List<Path> files = files(part);
    return files.isEmpty() ? null : files.get(files.size() - 1);
  }

  private List<Path> files(String part) {
    Path start = checkpoints().resolve(part);
    if (!Files.isDirectory(start)) {
      return List.of();
    }
    try (Stream<Path> paths = Files.walk(start)) {
      return paths
          .filter(Files::isRegularFile)
          .filter(path -> !path.toString().contains(".writing"))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void damage(Path file, Random random, Fault fault) {
    if (file == null) {
      return;
    }
    try {
      byte[] content = Files.readAllBytes(file);
      if (content.length == 0) {
        return;
      }
      int at = random.nextInt(content.length);
      if (random.nextBoolean()) {
        content[at] ^= (byte) (1 << random.nextInt(8));
      } else {
        content = Arrays.copyOf(content, at);
      }
      remove(file); // it may be a link to a working file
      Files.write(file, content);
      counts.add(fault);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void remove(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path directory) {
    if (!Files.exists(directory)) {
      return;
    }
    try (Stream<Path> paths = Files.walk(directory)) {
      paths.sorted(Comparator.reverseOrder()).forEach(CheckpointDirectory::remove);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    delete(root);
  }
}
