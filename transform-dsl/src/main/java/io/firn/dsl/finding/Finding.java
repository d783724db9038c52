package io.firn.dsl.finding;

/**
 * One thing that is wrong, or worth knowing, about a pipeline file.
 *
 * @param severity whether the file can be run nevertheless
 * @param file the file as the user named it
 * @param position where in the file
 * @param path which setting, such as {@code source.port} or {@code transform[0].filter}; may be
 *     empty
 * @param message what is wrong, the value quoted
 * @param remedy what to do
 */
public record Finding(
    Severity severity, String file, Position position, String path, String message, String remedy) {

  /** Whether a finding stops the pipeline from running. */
  public enum Severity {
    /** The pipeline cannot run. */
    ERROR,
    /** The pipeline runs, but not everything in the file has an effect. */
    WARNING
  }

  /** Whether the pipeline cannot run with this. */
  public boolean isError() {
    return severity == Severity.ERROR;
  }

  /** {@code file:line:column: path: message; what to do}. */
  @Override
  public String toString() {
    return file
        + ":"
        + position
        + ": "
        + (isError() ? "" : "warning: ")
        + (path.isEmpty() ? "" : path + ": ")
        + message
        + "; "
        + remedy;
  }
}
