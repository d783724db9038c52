package io.firn.app.assembly;

import io.firn.dsl.spec.PipelineSpec;
import io.firn.lake.checkpoint.CheckpointStorages;
import io.firn.model.checkpoint.CheckpointStorage;
import io.firn.model.error.ConfigurationException;
import io.firn.runtime.checkpoint.LocalCheckpointStorage;
import java.nio.file.Path;

/** A pipeline's checkpoints, where its file says. */
final class CheckpointAssembly {
  private CheckpointAssembly() {}

  /**
   * Opens them; the caller closes them.
   *
   * @throws ConfigurationException if that is not possible
   */
  static CheckpointStorage open(PipelineSpec spec) {
    String location = spec.pipeline().checkpointDirectory();
    if (CheckpointStorages.isRemote(location)) {
      return CheckpointStorages.open(
          location,
          spec.sink().hadoopConfiguration().reveal(),
          spec.sink().catalogProperties().reveal());
    }
    Path directory =
        LocalDirectories.path(location)
            .orElseThrow(
                () ->
                    new ConfigurationException(
                        "The checkpoint.directory '"
                            + location
                            + "' is neither a path nor a known URL; choose another one."));
    return new LocalCheckpointStorage(directory);
  }
}
