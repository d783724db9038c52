package io.firn.it.soak;

import io.firn.it.process.FirnProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/** Kills a process, replaces it, starts another one beside it. */
final class MortalDisturber extends Disturber<MortalDisturber.Fault> {
  private static final int FENCED = 4;

  /** What happens. */
  enum Fault {
    KILLED,
    KILLED_IN_RECOVERY,
    SECOND_INSTANCE,
    ZOMBIE,
    STOPPED,
    LOCAL_FILES_LOST
  }

  MortalDisturber(
      Subject subject,
      SplittableRandom random,
      Network network,
      FaultCounts counts,
      long pauseSeconds) {
    super(subject, random, network, counts, Fault.values(), pauseSeconds);
  }

  @Override
  void disturb(Fault fault) throws IOException, InterruptedException {
    network.source().lock();
    try {
      happen(fault);
    } finally {
      network.source().unlock();
    }
  }

  private void happen(Fault fault) throws IOException, InterruptedException {
    FirnProcess older = subject.process();
    switch (fault) {
      case KILLED -> {
        older.kill();
        startFirn();
      }
      case KILLED_IN_RECOVERY -> {
        older.kill();
        for (int kill = 0; kill < 2; kill++) {
          FirnProcess recovering = subject.start();
          Thread.sleep(random.nextLong(500, 6_000));
          subject.requireAlive();
          recovering.kill();
        }
        startFirn();
      }
      case SECOND_INSTANCE -> {
        startFirn();
        subject.expectExit(older, FENCED, BACK_SECONDS);
      }
      case ZOMBIE -> {
        older.suspend();
        startFirn();
        subject.awaitCheckpoints(2, BACK_SECONDS);
        older.resume();
        subject.expectExit(older, FENCED, BACK_SECONDS);
      }
      case STOPPED -> {
        subject.stopAtAnyMoment(BACK_SECONDS);
        startFirn();
      }
      case LOCAL_FILES_LOST -> {
        older.kill();
        for (Path directory : subject.directories()) {
          delete(directory);
        }
        startFirn();
      }
    }
  }

  /** Starts a process and waits until it has found everything that it needs. */
  private void startFirn() {
    long before = subject.newestEpoch();
    FirnProcess starting = subject.start();
    if (!starting.await(() -> subject.newestEpoch() > before, BACK_SECONDS)) {
      subject.requireAlive();
      throw new Violation(subject.name() + " does not start");
    }
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> paths = Files.walk(directory)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
