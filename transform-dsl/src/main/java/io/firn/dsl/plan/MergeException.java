package io.firn.dsl.plan;

/** Several source tables cannot share a target; becomes a finding or stops the pipeline. */
public final class MergeException extends Exception {
  private static final long serialVersionUID = 1L;
  private final String remedy;

  /** What does not go together, and what to do. */
  public MergeException(String message, String remedy) {
    super(message);
    this.remedy = remedy;
  }

  /** What to do. */
  public String remedy() {
    return remedy;
  }
}
