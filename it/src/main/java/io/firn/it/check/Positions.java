package io.firn.it.check;

import io.firn.model.stream.SourcePosition;

/** Order of the positions in snapshot summaries. */
final class Positions {
  private Positions() {}

  static int compare(String one, String other) {
    return SourcePosition.parse(one).compareTo(SourcePosition.parse(other));
  }
}
