package io.firn.it.soak;

import java.io.IOException;
import java.time.Duration;
import java.util.SplittableRandom;

/** Disturbs everything around a process that lives as long as the soak. */
final class SteadyDisturber extends Disturber<SteadyDisturber.Fault> {
  /** What happens. */
  enum Fault {
    SOURCE_CUT,
    SOURCE_CUT_INSIDE,
    SOURCE_SILENT,
    SOURCE_SLOW,
    SOURCE_STOPPED,
    SOURCE_KILLED,
    CATALOG_CUT,
    CATALOG_CUT_INSIDE,
    CATALOG_SILENT,
    PAUSED
  }

  SteadyDisturber(
      Subject subject,
      SplittableRandom random,
      Network network,
      FaultCounts counts,
      long pauseSeconds) {
    super(subject, random, network, counts, Fault.values(), pauseSeconds);
  }

  @Override
  void disturb(Fault fault) throws IOException, InterruptedException {
    if (fault.name().startsWith("SOURCE")) {
      network.source().lock();
      try {
        happen(fault);
      } finally {
        network.source().unlock();
      }
    } else {
      happen(fault);
    }
  }

  private void happen(Fault fault) throws IOException, InterruptedException {
    switch (fault) {
      case SOURCE_CUT -> network.toServer().cut();
      case SOURCE_CUT_INSIDE -> network.toServer().cutAfter(random.nextLong(1, 50_000));
      case SOURCE_SILENT -> network.toServer().stall();
      case SOURCE_SLOW -> network.toServer().delay(Duration.ofMillis(random.nextLong(50, 300)));
      case SOURCE_STOPPED -> network.server().restart();
      case SOURCE_KILLED -> {
        network.server().kill();
        Thread.sleep(random.nextLong(3_000));
        network.server().restart();
      }
      case CATALOG_CUT -> network.toCatalog().cut();
      case CATALOG_CUT_INSIDE -> network.toCatalog().cutAfter(random.nextLong(1, 200_000));
      case CATALOG_SILENT -> network.toCatalog().stall();
      case PAUSED -> subject.process().suspend();
    }
    try {
      if (fault == Fault.SOURCE_SILENT || fault == Fault.SOURCE_SLOW) {
        Thread.sleep(random.nextLong(2_000, 15_000));
      } else if (fault == Fault.CATALOG_SILENT || fault == Fault.PAUSED) {
        Thread.sleep(random.nextLong(1_000, 10_000));
      } else {
        Thread.sleep(2_000);
      }
    } finally {
      network.heal();
      subject.process().resume();
    }
  }
}
