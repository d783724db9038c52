package io.firn.simulation.source;

import java.util.List;

/**
 * A committed transaction of the source.
 *
 * @param events its events in order, not empty
 */
public record SourceTransaction(List<SourceEvent> events) {
  /** Copies the list. */
  public SourceTransaction {
    events = List.copyOf(events);
  }
}
