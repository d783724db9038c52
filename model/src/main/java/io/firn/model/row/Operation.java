package io.firn.model.row;

/** What happened to a row at the source. */
public enum Operation {
  /** The row was read by a snapshot; it may exist already. Only {@code after} is set. */
  READ,
  /** The row was inserted. Only {@code after} is set. */
  INSERT,
  /** The row was changed without changing its key. {@code before} and {@code after} are set. */
  UPDATE,
  /** The row was deleted. Only {@code before} is set. */
  DELETE
}
