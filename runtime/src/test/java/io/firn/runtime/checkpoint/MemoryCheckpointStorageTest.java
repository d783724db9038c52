package io.firn.runtime.checkpoint;

import io.firn.model.checkpoint.CheckpointStorage;
import io.firn.runtime.fake.MemoryCheckpointStorage;

/** The simulation's storage keeps the contract too. */
class MemoryCheckpointStorageTest extends CheckpointStorageContractTest {
  @Override
  protected CheckpointStorage emptyStorage() {
    return new MemoryCheckpointStorage();
  }
}
