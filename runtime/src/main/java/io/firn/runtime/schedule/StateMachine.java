package io.firn.runtime.schedule;

import java.util.Map;
import java.util.Set;

/**
 * The named state of a protocol, which changes along listed transitions only.
 *
 * <p><b>Threading</b>: changed by one thread; read by any.
 *
 * @param <S> the states
 */
public final class StateMachine<S extends Enum<S>> {
  private final String subject;
  private final Map<S, Set<S>> transitions;
  private volatile S state;

  /**
   * @param subject what is in these states, for messages
   * @param initial the first state
   * @param transitions for every state the states that may follow; a state without entry is final
   */
  public StateMachine(String subject, S initial, Map<S, Set<S>> transitions) {
    this.subject = subject;
    this.transitions = transitions;
    this.state = initial;
  }

  /** The state now. */
  public S state() {
    return state;
  }

  /**
   * Goes to another state.
   *
   * @throws IllegalStateException naming both states, if there is no such transition
   */
  public void become(S next) {
    S now = state;
    if (!transitions.getOrDefault(now, Set.of()).contains(next)) {
      throw new IllegalStateException(
          "Cannot change the state of " + subject + ": no way leads from " + now + " to " + next);
    }
    state = next;
  }
}
