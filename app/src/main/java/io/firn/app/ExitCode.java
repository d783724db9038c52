package io.firn.app;

import io.firn.model.error.ConfigurationException;
import io.firn.model.error.FencedException;

/** What the process tells its caller when it ends. */
public final class ExitCode {
  /** Everything asked for was done. */
  public static final int DONE = 0;

  /** Something failed, or the comparison found a difference. */
  public static final int FAILED = 1;

  /** The pipeline file, the arguments or the environment must be corrected first. */
  public static final int BAD_CONFIGURATION = 2;

  /** Memory ran out. The number is the one that {@code -XX:+ExitOnOutOfMemoryError} uses too. */
  public static final int OUT_OF_MEMORY = 3;

  /** A newer instance of the same pipeline has taken over. */
  public static final int FENCED = 4;

  private ExitCode() {}

  /** The exit code for a failure, found by the first telling exception in its chain of causes. */
  public static int of(Throwable failure) {
    int depth = 0;
    for (Throwable cause = failure; cause != null && depth < 50; cause = cause.getCause()) {
      if (cause instanceof OutOfMemoryError) {
        return OUT_OF_MEMORY;
      }
      if (cause instanceof FencedException) {
        return FENCED;
      }
      if (cause instanceof ConfigurationException) {
        return BAD_CONFIGURATION;
      }
      depth++;
    }
    return FAILED;
  }
}
