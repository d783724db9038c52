package io.firn.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.firn.it.fault.Fault;
import io.firn.it.fault.FaultLog;
import io.firn.testservers.provision.Accounts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * The last class of a run: looks back at all of it. Which faults were reached counts in a full run
 * only; one that is restricted with {@code -Dtest} or by tags says so instead.
 */
@Order(Integer.MAX_VALUE)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class EveryFaultIsReachedTest {
  @Test
  @Order(2)
  void everyFaultWasReached() {
    Map<Fault, Integer> counts = FaultLog.ofThisRun().counts();
    System.err.println("faults reached: " + counts);
    for (String restriction : List.of("test", "groups", "firn.test.excludedGroups")) {
      String value = System.getProperty(restriction, "");
      assumeTrue(value.isEmpty(), "a part of the tests only: " + restriction + "=" + value);
    }
    Set<Fault> missing = EnumSet.allOf(Fault.class);
    missing.removeAll(counts.keySet());
    // Mounting a small disk takes an administrator; WAREHOUSE_FULL is reached by anybody.
    missing.remove(Fault.DISK_FULL);
    assertThat(missing).as("never reached").isEmpty();
  }

  /** Passwords reach Firn through the environment, so no file may have them. */
  @Test
  @Order(1)
  void noFileOfAnyRunHasAPassword() throws IOException {
    Path work = Source.directory("x").getParent();
    String mine = ProcessHandle.current().pid() + "-";
    int searched = 0;
    try (Stream<Path> directories = Files.list(work)) {
      for (Path directory :
          directories.filter(path -> path.getFileName().toString().startsWith(mine)).toList()) {
        try (Stream<Path> files = Files.walk(directory)) {
          for (Path file : files.filter(Files::isRegularFile).toList()) {
            assertHasNone(file);
            searched++;
          }
        }
      }
    }
    System.err.println(searched + " files searched for passwords");
    if (searched > 0) {
      Firn.reached(Fault.SECRET);
    }
  }

  private static void assertHasNone(Path file) throws IOException {
    String name = file.getFileName().toString();
    // What the test wrote for Firn to read.
    boolean input = name.endsWith(".yaml") || name.endsWith(".yaml.properties");
    if (input) {
      return;
    }
    String content = Files.readString(file, StandardCharsets.ISO_8859_1);
    for (String password :
        List.of(Accounts.CDC.password(), Accounts.ROOT.password(), "firn-s3-s3cret")) {
      assertThat(content.contains(password)).as("a password is in " + file).isFalse();
    }
  }
}
