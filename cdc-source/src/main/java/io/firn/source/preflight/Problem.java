package io.firn.source.preflight;

/**
 * Something about a source that stops a pipeline from starting, or that its owner should know.
 *
 * @param severity whether the pipeline can start all the same
 * @param code stable name, for documentation and tests
 * @param message one sentence: what failed, the cause, what to do
 */
public record Problem(Severity severity, String code, String message) {

  /** How bad a problem is. */
  public enum Severity {
    /** The pipeline must not start. */
    ERROR,
    /** The pipeline may start. */
    WARNING
  }

  static Problem error(String code, String message) {
    return new Problem(Severity.ERROR, code, message);
  }

  static Problem warning(String code, String message) {
    return new Problem(Severity.WARNING, code, message);
  }

  /** Whether the pipeline must not start. */
  public boolean isError() {
    return severity == Severity.ERROR;
  }
}
