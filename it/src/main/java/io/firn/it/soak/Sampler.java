package io.firn.it.soak;

import io.firn.it.process.FirnProcess;
import io.firn.testservers.ServerException;
import io.firn.testservers.process.Commands;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Measures the processes of one pipeline from outside, on Linux. */
final class Sampler {
  private static final long MIB = 1 << 20;
  private static final long COMMAND_SECONDS = 30;
  private static final int HISTOGRAM_LINES = 60;
  private static final Pattern TOTAL = Pattern.compile("(?m)^Total\\s+\\d+\\s+(\\d+)");

  private final Subject subject;
  private final double heapSizeMib;
  private final long startNanos;
  private final List<Sample> samples = new ArrayList<>();

  Sampler(Subject subject, double heapSizeMib, long startNanos) {
    this.subject = subject;
    this.heapSizeMib = heapSizeMib;
    this.startNanos = startNanos;
  }

  List<Sample> samples() {
    return samples;
  }

  /**
   * Takes a sample.
   *
   * @param withHeap whether to collect all garbage and count what is left; the caller holds the
   *     subject's lock then, because a paused process does not answer
   */
  Sample take(boolean withHeap) throws IOException, InterruptedException {
    FirnProcess process = subject.process();
    double heap = withHeap ? heapMib(process.pid()) : Double.NaN;
    Path directory = subject.pipeline().directory();
    Path lake = directory.resolve("lake");
    int state = files(subject.state(), path -> true);
    int checkpoints = files(subject.checkpoints(), path -> true);
    Sample sample =
        new Sample(
            secondsSinceStart(),
            subject.life(),
            subject.newestCheckpoint(),
            residentMib(process.pid()) - heapSizeMib,
            heap,
            process.threadCount(),
            process.openFiles(),
            state,
            checkpoints,
            files(directory, path -> !path.startsWith(lake) && isLibrary(path)));
    samples.add(sample);
    return sample;
  }

  private long secondsSinceStart() {
    return (System.nanoTime() - startNanos) / 1_000_000_000L;
  }

  /** Names of native libraries, whichever library of ours unpacks them. */
  private static boolean isLibrary(Path path) {
    return path.getFileName().toString().contains(".so");
  }

  /** Bytes of unpacked native libraries. */
  long libraryBytes() throws IOException {
    long bytes = 0;
    try (Stream<Path> entries = Files.list(subject.pipeline().directory())) {
      for (Path path : entries.filter(Sampler::isLibrary).toList()) {
        bytes += Files.size(path);
      }
    }
    return bytes;
  }

  /** What is left after collecting all garbage; what it is stays beside the samples. */
  private double heapMib(long pid) throws IOException, InterruptedException {
    try {
      String histogram =
          Commands.run(
              List.of(
                  Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                  Long.toString(pid),
                  "GC.class_histogram"),
              null,
              COMMAND_SECONDS);
      Path kept = subject.pipeline().directory().resolveSibling("heap");
      Files.createDirectories(kept);
      Files.writeString(
          kept.resolve(subject.name() + "-" + secondsSinceStart() + ".txt"),
          histogram.lines().limit(HISTOGRAM_LINES).collect(Collectors.joining("\n")));
      Matcher matcher = TOTAL.matcher(histogram);
      return matcher.find() ? Long.parseLong(matcher.group(1)) / (double) MIB : Double.NaN;
    } catch (ServerException e) {
      // Just starting, or just ending.
      return Double.NaN;
    }
  }

  private static double residentMib(long pid) throws IOException {
    Path status = Path.of("/proc", Long.toString(pid), "status");
    try {
      return Files.readAllLines(status).stream()
              .filter(line -> line.startsWith("VmRSS:"))
              .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
              .findFirst()
              .orElse(0)
          / 1024.0;
    } catch (NoSuchFileException e) {
      return 0;
    }
  }

  private static int files(Path directory, Predicate<Path> wanted) {
    try (Stream<Path> paths = Files.walk(directory)) {
      return (int) paths.filter(Files::isRegularFile).filter(wanted).count();
    } catch (NoSuchFileException e) {
      return 0;
    } catch (UncheckedIOException e) {
      // Removed while it was walked; the next sample counts again.
      return 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
