package io.firn.runtime.fake;

import io.firn.runtime.schedule.NanoClock;

/** A clock that goes on when told. */
public final class FakeClock implements NanoClock {
  private long nanos;

  public void advance(long byNanos) {
    nanos += byNanos;
  }

  @Override
  public long nanos() {
    return nanos;
  }
}
