package io.firn.it.soak;

import ch.qos.logback.classic.Level;
import io.firn.it.oracle.BackgroundLoad;
import io.firn.it.oracle.ShopTables;
import io.firn.it.oracle.ShopWorkload;
import io.firn.it.process.Pipeline;
import io.firn.testservers.MySqlServer;
import io.firn.testservers.RestCatalogServer;
import io.firn.testservers.TcpProxy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs real processes against a real MySQL for a long time with all faults on, compares the lakes
 * with the source again and again, and judges what the processes hold on to.
 *
 * <p>Two pipelines mirror the same database. Around the <em>steady</em> one everything fails, its
 * network, its catalog, the server, but its process lives from the beginning to the end; what grows
 * shows there. The <em>mortal</em> one is killed, replaced and robbed of its files all the time.
 *
 * <p>Arguments: minutes (30), seed (random, printed), row changes a second (200). Prints a line
 * every ten seconds and tables in the end; exits with 1 for anything that is not as it should be.
 */
public final class Soak {
  static final String DATABASE = "soak";
  private static final int ROWS = 150_000;
  private static final int HEAP_MIB = 512;

  /** What RocksDB may take, and fills with blocks of dead files before it removes any. */
  private static final int ROCKSDB_MIB = 128;

  private static final int SAMPLE_SECONDS = 10;
  private static final int HEAP_SAMPLE_SECONDS = 60;
  private static final long LIMIT_SECONDS = 300;
  private static final long STEADY_PAUSE_SECONDS = 10;
  private static final long MORTAL_PAUSE_SECONDS = 20;

  private final long seconds;
  private final int changesPerSecond;
  private final Path directory;
  private final SplittableRandom random;
  private final FaultCounts counts = new FaultCounts();
  private final long start = System.nanoTime();

  private MySqlServer server;
  private Subject steady;
  private Subject mortal;
  private Comparison steadyLake;
  private Comparison mortalLake;
  private Sampler steadySampler;
  private Sampler mortalSampler;
  private BackgroundLoad load;
  private HeavyChanges heavy;
  private int comparisons;
  private int sentinels;

  private Soak(double minutes, long seed, int changesPerSecond, Path directory) {
    this.seconds = Math.round(minutes * 60);
    this.changesPerSecond = changesPerSecond;
    this.directory = directory;
    this.random = new SplittableRandom(seed);
  }

  /** See the class. */
  public static void main(String[] args) throws Exception {
    double minutes = args.length > 0 ? Double.parseDouble(args[0]) : 30;
    long seed = args.length > 1 ? Long.parseLong(args[1]) : System.nanoTime() % 1_000_000;
    int changesPerSecond = args.length > 2 ? Integer.parseInt(args[2]) : 200;
    quietLibraries();
    Path directory = Files.createTempDirectory("firn-soak").toAbsolutePath();
    say("seed=%d, %.1f minutes, files in %s", seed, minutes, directory);
    List<String> violations = new ArrayList<>();
    try {
      violations.addAll(new Soak(minutes, seed, changesPerSecond, directory).run());
    } catch (Violation e) {
      violations.add(e.getMessage());
    }
    violations.forEach(violation -> say("VIOLATION: %s", violation));
    say(violations.isEmpty() ? "no violation" : "seed=%d", seed);
    System.exit(violations.isEmpty() ? 0 : 1);
  }

  private List<String> run() throws Exception {
    try (MySqlServer source = MySqlServer.start();
        RestCatalogServer catalog =
            RestCatalogServer.start(
                directory.resolve("steady/lake/warehouse").toString(), java.util.Map.of());
        Network network =
            new Network(source, TcpProxy.to(source), new TcpProxy(catalog.uri().getPort()))) {
      server = source;
      ShopTables.create(server, DATABASE);
      ShopWorkload workload = new ShopWorkload(server, DATABASE, random.nextLong());
      workload.fill(ROWS);
      prepare(network, catalog);
      heavy = new HeavyChanges(server, DATABASE, 15_000, largeEvery(), random.split());
      try (Subject one = steady;
          Subject other = mortal;
          BackgroundLoad changes = workload.enduring(changesPerSecond);
          HeavyChanges large = heavy) {
        load = changes;
        one.start();
        one.awaitCheckpoints(2, LIMIT_SECONDS);
        other.start();
        other.awaitCheckpoints(2, LIMIT_SECONDS);
        large.start();
        return measure(network);
      }
    }
  }

  private void prepare(Network network, RestCatalogServer catalog) {
    Pipeline through =
        Pipeline.of("steady", server, DATABASE, directory.resolve("steady"))
            .setting("checkpoint.interval", "2s")
            .catalogProperty("type", "rest")
            .catalogProperty("warehouse", null)
            .catalogProperty("uri", "http://127.0.0.1:" + network.toCatalog().port())
            .port(network.toServer().port());
    steady = new Subject(through, HEAP_MIB + "m");
    steadyLake = new Comparison(through.catalogProperty("uri", catalog.uri().toString()));
    steadySampler = new Sampler(steady, HEAP_MIB, start);
    Pipeline killed =
        Pipeline.of("mortal", server, DATABASE, directory.resolve("mortal"))
            .setting("checkpoint.interval", "3s")
            .port(network.toServer().port());
    mortal = new Subject(killed, HEAP_MIB + "m");
    mortalLake = new Comparison(killed);
    mortalSampler = new Sampler(mortal, HEAP_MIB, start);
  }

  private int largeEvery() {
    return (int) Math.max(12, Math.min(60, seconds / 10));
  }

  private List<String> measure(Network network) throws Exception {
    SteadyDisturber around =
        new SteadyDisturber(steady, random.split(), network, counts, STEADY_PAUSE_SECONDS);
    MortalDisturber killer =
        new MortalDisturber(mortal, random.split(), network, counts, MORTAL_PAUSE_SECONDS);
    around.start();
    killer.start();
    long began = System.nanoTime();
    long compareEvery = Math.max(60, Math.min(300, seconds / 2));
    long nextComparison = compareEvery;
    long nextHeap = 0;
    for (long now = 0; now < seconds; now = (System.nanoTime() - began) / 1_000_000_000L) {
      Thread.sleep(SAMPLE_SECONDS * 1_000L);
      around.check();
      killer.check();
      boolean withHeap = now >= nextHeap && steady.lock().tryLock();
      try {
        progress(steadySampler.take(withHeap), mortalSample());
      } finally {
        if (withHeap) {
          nextHeap = now + HEAP_SAMPLE_SECONDS;
          steady.lock().unlock();
        }
      }
      if (now >= nextComparison) {
        compare();
        nextComparison = now + compareEvery;
      }
    }
    around.close();
    killer.close();
    around.check();
    killer.check();
    network.heal();
    return finish();
  }

  private Sample mortalSample() throws IOException, InterruptedException {
    return mortal.process().isAlive() ? mortalSampler.take(false) : null;
  }

  private void progress(Sample one, Sample other) {
    say(
        "%5d s | steady: checkpoint %d, native %.0f MiB, %s%d threads, %d open, %d+%d"
            + " files | mortal: life %d%s | %,d changes, %d faults",
        one.second(),
        one.checkpoint(),
        one.nativeMib(),
        Double.isNaN(one.heapMib())
            ? ""
            : String.format(Locale.ROOT, "heap %.1f MiB, ", one.heapMib()),
        one.threads(),
        one.openFiles(),
        one.stateFiles(),
        one.checkpointFiles(),
        mortal.life(),
        other == null
            ? ""
            : String.format(
                Locale.ROOT,
                ", checkpoint %d, %d open, %d+%d+%d files",
                other.checkpoint(),
                other.openFiles(),
                other.stateFiles(),
                other.checkpointFiles(),
                other.otherFiles()),
        load.changes(),
        counts.total());
  }

  /** Waits until both lakes have everything, and compares them with the source. */
  private void compare() throws IOException, InterruptedException {
    long began = System.nanoTime();
    mortal.lock().lock();
    steady.lock().lock();
    load.pause();
    heavy.pause();
    try {
      long sentinel = HeavyChanges.insertSentinel(server, DATABASE, ++sentinels);
      comparisons++;
      steadyLake.awaitSentinel(steady, sentinel, LIMIT_SECONDS);
      mortalLake.awaitSentinel(mortal, sentinel, LIMIT_SECONDS);
      say("comparison %d: steady %s", comparisons, steadyLake.compare());
      say("comparison %d: mortal %s", comparisons, mortalLake.compare());
      say("comparison %d: equal, %.1f s", comparisons, (System.nanoTime() - began) / 1e9);
    } finally {
      heavy.resume();
      load.resume();
      steady.lock().unlock();
      mortal.lock().unlock();
    }
  }

  /** What the steady process holds when it has nothing to do: no transaction, no full buffers. */
  private Sample sampleAtRest() throws IOException, InterruptedException {
    load.pause();
    heavy.pause();
    try {
      long sentinel = HeavyChanges.insertSentinel(server, DATABASE, ++sentinels);
      steadyLake.awaitSentinel(steady, sentinel, LIMIT_SECONDS);
      return steadySampler.take(true);
    } finally {
      heavy.resume();
      load.resume();
    }
  }

  private List<String> finish() throws Exception {
    long again = Math.max(20, Math.min(60, seconds / 30));
    Thread.sleep(again * 1_000);
    Sample old = sampleAtRest();
    List<Sample> longLived = List.copyOf(steadySampler.samples());
    steady.stop(LIMIT_SECONDS);
    steady.start();
    steady.awaitCheckpoints(2, LIMIT_SECONDS);
    Thread.sleep(again * 1_000);
    Sample young = sampleAtRest();
    progress(young, null);
    compare();
    load.close();
    heavy.close();
    steady.stop(LIMIT_SECONDS);
    mortal.stop(LIMIT_SECONDS);
    Sample steadyEnd = steadySampler.take(false);
    Sample mortalEnd = mortalSampler.take(false);
    steady.verify(LIMIT_SECONDS);
    mortal.verify(LIMIT_SECONDS);
    Report report = new Report(directory, counts, heavy.summary());
    Growth growth =
        new Growth(longLived)
            .withinBudget("native MiB", Sample::nativeMib, ROCKSDB_MIB, 0.1, 32)
            .thirds("native MiB", Sample::nativeMib, 0, Double.POSITIVE_INFINITY)
            .thirds("live heap MiB", Sample::heapMib, 0, Double.POSITIVE_INFINITY)
            .newborn("live heap MiB", old.heapMib(), young.heapMib(), 0.2, 8)
            .thirds("threads", Sample::threads, 0, 3)
            .thirds("open files", Sample::openFiles, 0.1, 10)
            .thirds("state files", Sample::stateFiles, 0.1, 20)
            .thirds("checkpoint files", Sample::checkpointFiles, 0.1, 20)
            .thirds("unpacked libraries", Sample::otherFiles, 0, 0)
            .limit("state files, stopped", steadyEnd.stateFiles(), 0)
            .limit("mortal: state, stopped", mortalEnd.stateFiles(), 0)
            .limit("mortal: checkpoints", mortalEnd.checkpointFiles(), 150)
            .limit("mortal: libraries", mortalEnd.otherFiles(), Double.POSITIVE_INFINITY);
    report.print(growth);
    report.write(steadySampler.samples(), mortalSampler.samples());
    List<String> violations = new ArrayList<>(growth.violations());
    violations.addAll(report.notReached(seconds, heavy.didEverything()));
    return violations;
  }

  /** The REST catalog reports every table that is not there. */
  private static void quietLibraries() {
    setLevel(Logger.ROOT_LOGGER_NAME, Level.ERROR);
    setLevel("org.apache.iceberg.rest.RESTCatalogServlet", Level.OFF);
  }

  private static void setLevel(String name, Level level) {
    if (LoggerFactory.getLogger(name) instanceof ch.qos.logback.classic.Logger logger) {
      logger.setLevel(level);
    }
  }

  static void say(String format, Object... arguments) {
    System.out.printf(Locale.ROOT, format + "%n", arguments);
  }
}
