package io.firn.it;

import static org.assertj.core.api.Assertions.assertThat;

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
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * The last class of a run: looks back at all of it. A run of certain classes does not select this
 * one, and a run without certain tags does not select what looks for their faults.
 */
@Order(Integer.MAX_VALUE)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class EveryFaultIsReachedTest {
  /** Has the tags of all tests that reach faults: who leaves those out leaves this out too. */
  @Test
  @Order(2)
  @Tag("slow")
  @Tag("mount")
  void everyFaultWasReached() {
    Map<Fault, Integer> counts = FaultLog.ofThisRun().counts();
    System.err.println("faults reached: " + counts);
    Set<Fault> missing = EnumSet.allOf(Fault.class);
    missing.removeAll(counts.keySet());
    assertThat(missing)
        .as("never reached in this run; when it is meant to be a part only, leave this test out")
        .isEmpty();
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
