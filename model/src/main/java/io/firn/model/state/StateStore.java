package io.firn.model.state;

/** The keyed state of one task: named, ordered tables of bytes. Used by the task's thread only. */
public interface StateStore {

  /** The table with this name, created empty if there is none. Names: {@code [a-z0-9-]+}. */
  StateTable table(String name);
}
