package io.firn.runtime.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.model.checkpoint.CheckpointStorage;
import io.firn.runtime.fake.SimulatedCrash;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LocalCheckpointStorageTest extends CheckpointStorageContractTest {
  private static final byte[] OLD = "old content".getBytes(StandardCharsets.UTF_8);
  private static final byte[] NEW = "new content, longer".getBytes(StandardCharsets.UTF_8);

  private Path root() {
    return local.resolve("checkpoints");
  }

  @Override
  protected CheckpointStorage emptyStorage() {
    return new LocalCheckpointStorage(root());
  }

  @Test
  void crashAtAnyOperationLeavesOldOrNewContentWhole() throws IOException {
    boolean completed = false;
    int halts = 0;
    for (int at = 1; !completed; at++) {
      storage.publish("manifests/1-1", OLD);
      FaultyFileOperations operations = new FaultyFileOperations().haltingAt(at);
      try {
        new LocalCheckpointStorage(root(), operations).publish("manifests/1-1", NEW);
        completed = true;
      } catch (SimulatedCrash e) {
        halts++;
      }
      try (InputStream in = storage.open("manifests/1-1")) {
        assertThat(in.readAllBytes()).as("halted at " + at).isIn(OLD, NEW);
      }
      assertThat(storage.list("")).containsExactly("manifests/1-1");
    }
    assertThat(halts).isGreaterThanOrEqualTo(7);
  }

  @Test
  void crashAtAnyOperationOfAClaimLeavesItWholeOrAbsent() throws IOException {
    boolean completed = false;
    for (int at = 1; !completed; at++) {
      String name = "epochs/epoch-" + at;
      try {
        new LocalCheckpointStorage(root(), new FaultyFileOperations().haltingAt(at))
            .publishIfAbsent(name, NEW);
        completed = true;
      } catch (SimulatedCrash e) {
        // the process is gone
      }
      try (InputStream in = storage.open(name)) {
        assertThat(in.readAllBytes()).isEqualTo(NEW);
      } catch (NoSuchFileException e) {
        assertThat(completed).isFalse();
      }
    }
  }

  @Test
  void shortWritesAreContinued() throws IOException {
    new LocalCheckpointStorage(root(), new FaultyFileOperations().writingAtMost(3))
        .publish("a/b", NEW);

    try (InputStream in = storage.open("a/b")) {
      assertThat(in.readAllBytes()).isEqualTo(NEW);
    }
  }

  @Test
  void fullDiskPublishesNothingAndLeavesNothing() throws IOException {
    FaultyFileOperations full = new FaultyFileOperations().fullAfter(5);

    assertThatThrownBy(() -> new LocalCheckpointStorage(root(), full).publish("a/b", NEW))
        .isInstanceOf(IOException.class);

    assertThat(storage.list("")).isEmpty();
    try (var left = Files.list(root().resolve(".writing"))) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void bytesLostByTheDiskAreNoticedBeforeTheRename() {
    FaultyFileOperations lossy = new FaultyFileOperations().losingBytes();

    assertThatThrownBy(() -> new LocalCheckpointStorage(root(), lossy).publish("a/b", NEW))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("read back");
  }

  @Test
  void publishForcesTheFileBeforeTheRenameAndTheDirectoryAfterIt() throws IOException {
    FaultyFileOperations operations = new FaultyFileOperations();
    new LocalCheckpointStorage(root(), operations).publish("a/b", NEW);

    assertThat(operations.log())
        .containsSubsequence("create", "write", "force", "rename", "fsyncDirectory a");
  }

  @Test
  void storeLinksWithinOneFileSystem() throws IOException {
    Path file = Files.write(local.resolve("1.sst"), NEW);
    storage.store(file, "state/1/0/1.sst");

    Path object = root().resolve("state/1/0/1.sst");
    assertThat(Files.getAttribute(object, "unix:nlink")).isEqualTo(2);
  }

  @Test
  void storeCopiesWhereLinksAreNotPossible() throws IOException {
    Path file = Files.write(local.resolve("1.sst"), NEW);
    new LocalCheckpointStorage(root(), new FaultyFileOperations().withoutLinks())
        .store(file, "state/1/0/1.sst");

    assertThat(Files.readAllBytes(root().resolve("state/1/0/1.sst"))).isEqualTo(NEW);
  }

  @Test
  void filesAndDirectoriesAreForTheOwnerOnly() throws IOException {
    storage.publish("manifests/1-1", NEW);

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(root())))
        .isEqualTo("rwx------");
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(root().resolve("manifests/1-1"))))
        .isEqualTo("rw-------");
  }

  @Test
  void namesCannotLeaveTheDirectory() {
    for (String name : new String[] {"../x", "a/../../x", "/etc/x", "", "."}) {
      assertThatThrownBy(() -> storage.publish(name, NEW))
          .as(name)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void halfWrittenFilesOfCrashedProcessesAreRemovedAfterADay() throws IOException {
    Path writing = Files.createDirectories(root().resolve(".writing"));
    Path old = Files.write(writing.resolve("old"), NEW);
    Path recent = Files.write(writing.resolve("recent"), NEW);
    Files.setLastModifiedTime(
        old, FileTime.fromMillis(System.currentTimeMillis() - TimeUnit.DAYS.toMillis(2)));

    storage.publish("a/b", NEW);

    assertThat(old).doesNotExist();
    assertThat(recent).exists();
  }
}
