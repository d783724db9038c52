package io.firn.model.source;

import io.firn.model.stream.SourcePosition;
import java.util.Optional;

/** A place that changes come from. */
public interface Source extends AutoCloseable {

  /**
   * A reader that goes on from {@code state}, or that starts with the initial snapshot if there is
   * none or if its snapshot was not completed.
   */
  SourceReader createReader(Optional<SourceState> state);

  /**
   * The end of the source's change stream right now: the place that the next change will have.
   *
   * @throws io.firn.model.error.RetryableException if the source cannot be reached right now
   */
  SourcePosition currentEnd();

  @Override
  void close();
}
