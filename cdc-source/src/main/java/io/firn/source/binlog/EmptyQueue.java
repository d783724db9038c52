package io.firn.source.binlog;

import io.debezium.connector.base.ChangeEventQueueMetrics;

/** Stands in for Debezium's queue, which is not used, where its metrics want one. */
final class EmptyQueue implements ChangeEventQueueMetrics {
  @Override
  public int totalCapacity() {
    return 0;
  }

  @Override
  public int remainingCapacity() {
    return 0;
  }

  @Override
  public long maxQueueSizeInBytes() {
    return 0;
  }

  @Override
  public long currentQueueSizeInBytes() {
    return 0;
  }
}
