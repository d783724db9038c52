package io.firn.lake.checkpoint;

import io.firn.model.checkpoint.CheckpointStorage;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;

class HadoopCheckpointStorageTest extends CheckpointStorageContract {
  @Override
  CheckpointStorage open() throws IOException {
    return HadoopCheckpointStorage.open(
        local.resolve("checkpoints").toUri().toString(), new Configuration());
  }

  /** Hadoop's local file system looks before it renames, so racers take turns here. */
  @Override
  synchronized boolean racePublish(String name, byte[] content) throws IOException {
    return super.racePublish(name, content);
  }
}
