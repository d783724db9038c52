package io.firn.app.verify;

import io.firn.model.stream.SourcePosition;

/** How far the lake is, and how far the source. */
interface CommittedPosition {

  /** The end of the source's change stream right now. */
  SourcePosition sourceEnd();

  /**
   * Waits until everything before a source position is committed to the lake.
   *
   * @return false if that did not happen within the time limit
   */
  boolean awaitCommitted(SourcePosition position) throws InterruptedException;
}
