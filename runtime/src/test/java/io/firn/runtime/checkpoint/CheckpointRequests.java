package io.firn.runtime.checkpoint;

/** Lets tests of other packages play the coordinator. */
public final class CheckpointRequests {
  private CheckpointRequests() {}

  public static void request(CheckpointTrigger trigger, CheckpointRequest request) {
    trigger.request(request);
  }
}
