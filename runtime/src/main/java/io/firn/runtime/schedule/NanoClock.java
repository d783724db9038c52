package io.firn.runtime.schedule;

/** A clock that never jumps; only differences of its readings mean anything. */
@FunctionalInterface
public interface NanoClock {
  /** The machine's monotonic clock. */
  NanoClock SYSTEM = System::nanoTime;

  /** Nanoseconds since an arbitrary moment. */
  long nanos();
}
