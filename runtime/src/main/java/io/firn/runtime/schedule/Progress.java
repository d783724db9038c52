package io.firn.runtime.schedule;

/** What one step of a task came to. */
public enum Progress {
  /** Something was done; step again at once. */
  PROGRESSED,
  /** There was no input. */
  IDLE,
  /** An output is full: back-pressure. */
  BLOCKED,
  /** The task has nothing more to do, ever. */
  DONE
}
