package io.firn.lake.commit;

import java.util.Collection;
import java.util.stream.Collectors;

/** The text form of {@code firn.pending-repoints}. */
final class PendingRepoints {
  private PendingRepoints() {}

  static String format(Collection<Long> fileIds) {
    return fileIds.stream().map(String::valueOf).collect(Collectors.joining(","));
  }
}
