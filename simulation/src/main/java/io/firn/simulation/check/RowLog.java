package io.firn.simulation.check;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a table must contain after some changes, for one way of writing it. Written from what the
 * documentation says of the write modes, row by row, without any thought of files or checkpoints.
 */
abstract class RowLog {
  private final List<Map<String, Object>> rows = new ArrayList<>();

  /** The rows so far; to be changed when the table's definition is. */
  final List<Map<String, Object>> rows() {
    return rows;
  }

  /**
   * A row changes.
   *
   * @param before null for an insert
   * @param after null for a delete
   */
  abstract void change(
      Map<String, Object> before, Map<String, Object> after, String position, long micros);

  /** The source's table is truncated. */
  abstract void truncate(long micros);

  static Map<String, Object> with(Map<String, Object> row, Object... more) {
    Map<String, Object> result = new LinkedHashMap<>(row);
    for (int i = 0; i < more.length; i += 2) {
      result.put((String) more[i], more[i + 1]);
    }
    return result;
  }

  static OffsetDateTime time(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS).atOffset(ZoneOffset.UTC);
  }

  private static List<Object> keyOf(List<String> key, Map<String, Object> row) {
    return key.stream().map(row::get).toList();
  }

  /** A change log. */
  static final class Changes extends RowLog {
    private final boolean beforeImages;

    Changes(boolean beforeImages) {
      this.beforeImages = beforeImages;
    }

    @Override
    void change(
        Map<String, Object> before, Map<String, Object> after, String position, long micros) {
      if (before == null) {
        add(after, "INSERT", position);
      } else if (after == null) {
        add(before, "DELETE", position);
      } else {
        if (beforeImages) {
          add(before, "UPDATE_BEFORE", position);
        }
        add(after, "UPDATE_AFTER", position);
      }
    }

    private void add(Map<String, Object> row, String operation, String position) {
      rows().add(with(row, "_firn_op", operation, "_firn_position", position));
    }

    @Override
    void truncate(long micros) {
      rows().clear();
    }
  }

  /** One row per key, with or without those that were deleted. */
  static final class Marked extends RowLog {
    private final List<String> key;
    private final boolean keepsDeleted;

    Marked(List<String> key, boolean keepsDeleted) {
      this.key = key;
      this.keepsDeleted = keepsDeleted;
    }

    @Override
    void change(
        Map<String, Object> before, Map<String, Object> after, String position, long micros) {
      List<Object> changed = keyOf(key, before == null ? after : before);
      rows().removeIf(row -> keyOf(key, row).equals(changed));
      if (!keepsDeleted) {
        if (after != null) {
          rows().add(after);
        }
      } else if (after != null) {
        rows().add(with(after, "_firn_deleted", false));
      } else {
        rows().add(deleted(before, micros));
      }
    }

    private static Map<String, Object> deleted(Map<String, Object> row, long micros) {
      return with(row, "_firn_deleted", true, "_firn_deleted_at", time(micros));
    }

    @Override
    void truncate(long micros) {
      if (keepsDeleted) {
        rows()
            .replaceAll(
                row -> Boolean.TRUE.equals(row.get("_firn_deleted")) ? row : deleted(row, micros));
      } else {
        rows().clear();
      }
    }
  }

  /** Every version of every row. */
  static final class Versions extends RowLog {
    private final List<String> key;
    private final Map<List<Object>, Long> lastTimes = new HashMap<>();

    Versions(List<String> key) {
      this.key = key;
    }

    @Override
    void change(
        Map<String, Object> before, Map<String, Object> after, String position, long micros) {
      List<Object> changed = keyOf(key, before == null ? after : before);
      long time = timeOf(changed, micros);
      if (before != null) {
        end(changed, time);
      }
      if (after != null) {
        rows().add(with(after, "_firn_valid_from", time(time), "_firn_is_current", true));
      }
    }

    private long timeOf(List<Object> changed, long micros) {
      return lastTimes.merge(changed, micros, Math::max);
    }

    private void end(List<Object> changed, long time) {
      rows()
          .replaceAll(
              row ->
                  keyOf(key, row).equals(changed) && (Boolean) row.get("_firn_is_current")
                      ? with(row, "_firn_valid_to", time(time), "_firn_is_current", false)
                      : row);
    }

    @Override
    void truncate(long micros) {
      for (Map<String, Object> row : List.copyOf(rows())) {
        if ((Boolean) row.get("_firn_is_current")) {
          List<Object> ended = keyOf(key, row);
          end(ended, timeOf(ended, micros));
        }
      }
    }
  }
}
