package io.firn.it.soak;

/**
 * What one process holds at one moment.
 *
 * @param second since the soak began
 * @param life which process of the pipeline
 * @param checkpoint the newest one
 * @param nativeMib resident memory outside the heap, which is of fixed size
 * @param heapMib live objects after a full collection; NaN where it was not measured
 * @param threads number of threads
 * @param openFiles file descriptors
 * @param stateFiles files in the state directory
 * @param checkpointFiles files in the checkpoint directory
 * @param otherFiles files beside them that are not the lake's, such as unpacked native libraries
 */
record Sample(
    long second,
    int life,
    long checkpoint,
    double nativeMib,
    double heapMib,
    int threads,
    int openFiles,
    int stateFiles,
    int checkpointFiles,
    int otherFiles) {

  static final String CSV_HEADER =
      "pipeline,second,life,checkpoint,native_mib,heap_mib,threads,open_files,state_files,"
          + "checkpoint_files,other_files";

  String csv(String pipeline) {
    return String.join(
        ",",
        pipeline,
        Long.toString(second),
        Integer.toString(life),
        Long.toString(checkpoint),
        Double.toString(nativeMib),
        Double.toString(heapMib),
        Integer.toString(threads),
        Integer.toString(openFiles),
        Integer.toString(stateFiles),
        Integer.toString(checkpointFiles),
        Integer.toString(otherFiles));
  }
}
