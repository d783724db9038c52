package io.firn.runtime.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.model.error.FencedException;
import io.firn.model.error.InconsistentStateException;
import io.firn.runtime.checkpoint.CheckpointStore.Loaded;
import io.firn.runtime.fake.MemoryCheckpointStorage;
import org.junit.jupiter.api.Test;

class CheckpointStoreTest {
  private final MemoryCheckpointStorage storage = new MemoryCheckpointStorage();
  private final CheckpointStore store = new CheckpointStore("p", storage);

  private void complete(CheckpointManifest manifest) {
    manifest.taskStates().get(0).files().forEach(f -> storage.publish(f.objectName(), new byte[1]));
    store.publish(manifest);
    store.confirm(manifest);
  }

  private void damage(String name) {
    byte[] content = storage.objects().get(name).clone();
    content[content.length / 2] ^= 1;
    storage.objects().put(name, content);
  }

  @Test
  void emptyStorageHasNoManifest() {
    Loaded loaded = store.load();

    assertThat(loaded.manifest()).isEmpty();
    assertThat(loaded.damaged()).isEmpty();
    assertThat(loaded.newest()).isEmpty();
  }

  @Test
  void newestManifestIsFound() {
    store.publish(Manifests.manifest(1, 9));
    store.publish(Manifests.manifest(1, 10));

    assertThat(store.load().manifest().orElseThrow().checkpointId()).isEqualTo(10);
  }

  @Test
  void laterEpochBeatsHigherNumber() {
    store.publish(Manifests.manifest(1, 12));
    store.publish(Manifests.manifest(2, 11));

    assertThat(store.load().manifest().orElseThrow().epoch()).isEqualTo(2);
  }

  @Test
  void damagedManifestIsReportedAndTheOneBeforeItReturned() {
    store.publish(Manifests.manifest(1, 9));
    store.publish(Manifests.manifest(1, 10));
    damage(store.load().newest());

    Loaded loaded = store.load();

    assertThat(loaded.manifest().orElseThrow().checkpointId()).isEqualTo(9);
    assertThat(loaded.damaged()).hasSize(1);
    assertThat(loaded.damaged().get(0).checkpointId()).isEqualTo(10);
    assertThat(loaded.newestEpoch()).isEqualTo(1);
  }

  @Test
  void manifestUnderAnothersNameIsDamaged() {
    store.publish(Manifests.manifest(1, 9));
    storage
        .objects()
        .put("manifests/00000001-000000000010", storage.objects().get(store.load().newest()));

    assertThat(store.load().damaged()).hasSize(1);
  }

  @Test
  void checkpointsOfAnotherPipelineAreRefused() {
    store.publish(Manifests.manifest(1, 9));

    assertThatThrownBy(() -> new CheckpointStore("other", storage).load())
        .isInstanceOf(InconsistentStateException.class)
        .hasMessageContaining("'p'");
  }

  @Test
  void lastThreeCheckpointsAndTheirFilesAreKept() {
    for (int id = 1; id <= 6; id++) {
      complete(Manifests.manifest(1, id, "state/1/0/shared.sst", "state/1/0/" + id + ".sst"));
    }

    assertThat(storage.list("manifests/")).hasSize(3);
    assertThat(storage.list("state/"))
        .containsExactlyInAnyOrder(
            "state/1/0/shared.sst", "state/1/0/4.sst", "state/1/0/5.sst", "state/1/0/6.sst");
  }

  @Test
  void nothingIsRemovedBeforeTheCommitIsConfirmed() {
    for (int id = 1; id <= 3; id++) {
      complete(Manifests.manifest(1, id, "state/1/0/" + id + ".sst"));
    }
    store.publish(Manifests.manifest(1, 4, "state/1/0/4.sst"));

    assertThat(storage.list("manifests/")).hasSize(4);
    assertThat(storage.list("state/")).contains("state/1/0/1.sst");
  }

  @Test
  void firstConfirmationAfterAStartRemovesLeftovers() {
    complete(Manifests.manifest(1, 1, "state/1/0/1.sst"));
    storage.publish("state/1/0/half-stored.sst", new byte[1]);
    CheckpointManifest next = Manifests.manifest(2, 2, "state/1/0/1.sst");

    store.publish(next);
    new CheckpointStore("p", storage).confirm(next);

    assertThat(storage.list("state/")).containsExactly("state/1/0/1.sst");
  }

  @Test
  void filesOfANewerEpochAreNotTouched() {
    storage.publish("state/3/0/1.sst", new byte[1]);
    complete(Manifests.manifest(2, 1));

    assertThat(storage.list("state/")).containsExactly("state/3/0/1.sst");
  }

  @Test
  void zombieRemovesNothingOnceANewerManifestIsThere() {
    complete(Manifests.manifest(1, 1, "state/1/0/1.sst"));
    store.publish(Manifests.manifest(2, 2, "state/1/0/1.sst"));
    CheckpointManifest late = Manifests.manifest(1, 2, "state/1/0/2.sst");
    new CheckpointStore("p", storage).publish(late);

    new CheckpointStore("p", storage).confirm(late);

    assertThat(storage.list("manifests/")).hasSize(3);
    assertThat(storage.list("state/")).containsExactly("state/1/0/1.sst");
  }

  @Test
  void epochsGrow() {
    assertThat(store.nextEpoch(0)).isEqualTo(1);
    assertThat(store.nextEpoch(0)).isEqualTo(2);
    assertThat(store.nextEpoch(41)).isEqualTo(42);
    assertThat(store.currentEpoch()).isEqualTo(42);
  }

  @Test
  void olderEpochIsFenced() {
    long old = store.nextEpoch(0);
    store.checkNotFenced(old);
    store.nextEpoch(0);

    assertThatThrownBy(() -> store.checkNotFenced(old)).isInstanceOf(FencedException.class);
  }

  @Test
  void vanishedClaimIsAnError() {
    long epoch = store.nextEpoch(0);
    storage.objects().clear();

    assertThatThrownBy(() -> store.checkNotFenced(epoch))
        .isInstanceOf(InconsistentStateException.class)
        .hasMessageContaining("removed or replaced");
  }

  @Test
  void anInstanceThatStartsAgainDoesNotTakeOverFromItsSuccessor() {
    long first = store.nextEpoch(0);
    assertThat(store.nextEpoch(0)).isEqualTo(first + 1);
    CheckpointStore successor = new CheckpointStore("p", storage);
    long newer = successor.nextEpoch(0);
    assertThatThrownBy(() -> store.nextEpoch(0))
        .isInstanceOf(FencedException.class)
        .hasMessageContaining("epoch " + newer);
    assertThat(successor.nextEpoch(0)).isEqualTo(newer + 1);
  }
}
