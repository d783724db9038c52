package io.firn.bench;

import io.firn.testservers.MySqlServer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Where the CPU time of snapshot and drain goes: the workload of {@link EndToEndBenchmark} once,
 * under async-profiler's timer, with every sample charged to a {@link Room}.
 *
 * <p>Arguments: the checkout's directory, snapshot rows (2000000), changes (1000000). The collapsed
 * stacks stay beside the run's other files for flame graphs.
 */
public final class EndToEndProfile {
  private static final int SAMPLE_MILLIS = 2;
  private static final int TOP_FRAMES = 12;

  private EndToEndProfile() {}

  /** See the class. */
  public static void main(String[] args) throws Exception {
    Path home = Path.of(args[0]).toAbsolutePath();
    long rows = args.length > 1 ? Long.parseLong(args[1]) : 2_000_000;
    long changes = args.length > 2 ? Long.parseLong(args[2]) : 1_000_000;
    Path directory = Files.createTempDirectory("firn-profile");
    Path agent = agent(directory);
    try (MySqlServer server = MySqlServer.start("--innodb-buffer-pool-size=1G")) {
      OrdersWorkload workload =
          new OrdersWorkload(server.jdbcUrl(), server.root().user(), server.root().password());
      workload.fill(rows);
      server.purgeBinlogs();
      FirnRun firn = FirnRun.on(server, home, directory, "1");
      firn.prepare();
      profile(firn, "snapshot", agent, directory, rows);
      long made = workload.change(rows + 1, changes, 100, OrdersWorkload.Shape.BATCH);
      profile(firn, "drain", agent, directory, made);
    }
    System.exit(0);
  }

  private static void profile(FirnRun firn, String phase, Path agent, Path directory, long rows)
      throws IOException, InterruptedException {
    Path stacks = directory.resolve(phase + ".collapsed");
    String options =
        "-agentpath:%s=start,event=itimer,interval=%dms,threads,collapsed,file=%s"
            .formatted(agent, SAMPLE_MILLIS, stacks);
    FirnRun.Result result = firn.drain(phase, Map.of("FIRN_JAVA_OPTS", options));
    System.out.printf(
        Locale.ROOT,
        "%n%s: %,d rows, %.1f CPU s in all; stacks in %s%n",
        phase,
        rows,
        result.usage().cpuSeconds(),
        stacks);
    print(Files.readAllLines(stacks), result.usage().cpuSeconds() / rows * 1e6);
  }

  /** Prints a table of rooms, and the leaf frames with the most samples. */
  private static void print(List<String> stacks, double cpuSecondsPerMillion) {
    Map<Room, Long> rooms = new EnumMap<>(Room.class);
    Map<String, Long> leaves = new HashMap<>();
    long total = 0;
    for (String line : stacks) {
      int space = line.lastIndexOf(' ');
      String stack = line.substring(0, space);
      long samples = Long.parseLong(line.substring(space + 1));
      total += samples;
      rooms.merge(Room.of(stack), samples, Long::sum);
      leaves.merge(stack.substring(stack.lastIndexOf(';') + 1), samples, Long::sum);
    }
    double all = total;
    System.out.printf("%-42s %8s %12s%n", "room", "share", "CPU s/M rows");
    for (Map.Entry<Room, Long> room : byCount(rooms)) {
      System.out.printf(
          Locale.ROOT,
          "%-42s %7.1f%% %12.2f%n",
          room.getKey().title(),
          100 * room.getValue() / all,
          room.getValue() / all * cpuSecondsPerMillion);
    }
    System.out.printf("%nhottest frames%n");
    for (Map.Entry<String, Long> leaf : byCount(leaves).stream().limit(TOP_FRAMES).toList()) {
      System.out.printf(Locale.ROOT, "%7.1f%% %s%n", 100 * leaf.getValue() / all, leaf.getKey());
    }
  }

  private static <K> List<Map.Entry<K, Long>> byCount(Map<K, Long> counts) {
    return counts.entrySet().stream()
        .sorted(Map.Entry.<K, Long>comparingByValue().reversed())
        .toList();
  }

  /** Unpacks the profiler's native library, which its jar carries as a resource. */
  private static Path agent(Path directory) throws IOException {
    String platform = System.getProperty("os.arch").equals("aarch64") ? "linux-arm64" : "linux-x64";
    String name = platform + "/libasyncProfiler.so";
    try (InputStream library = EndToEndProfile.class.getClassLoader().getResourceAsStream(name)) {
      if (library == null) {
        throw new IllegalStateException("The profiler's jar has no '" + name + "'");
      }
      Path file = directory.resolve("libasyncProfiler.so");
      Files.copy(library, file);
      return file;
    }
  }
}
