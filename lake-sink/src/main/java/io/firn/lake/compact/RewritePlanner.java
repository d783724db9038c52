package io.firn.lake.compact;

import io.firn.lake.index.RowLocation;
import io.firn.lake.registry.LiveFiles;
import io.firn.lake.table.DataFileName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.StructLike;
import org.apache.iceberg.util.StructLikeMap;

/**
 * Chooses files to rewrite together. Pure.
 *
 * <p><b>Small files</b> of a partition are taken from the smallest up, as long as none is larger
 * than all the smaller ones together: then every rewrite at least doubles the file that a row is
 * in, so a row is rewritten a number of times that grows with the logarithm of the target size
 * only, and what stays behind are few files of quickly growing size.
 *
 * <p><b>Files with many deleted rows</b> are rewritten whatever their size, and take smaller ones
 * of their partition along.
 */
public final class RewritePlanner {
  /** Why files are rewritten. */
  public enum Reason {
    /** There are many small ones. */
    SMALL_FILES,
    /** Many of their rows are deleted. */
    DELETED_ROWS
  }

  private final CompactionSettings settings;
  private final long targetBytes;
  private final String pipelineHash;

  /**
   * @param targetBytes size that files are brought to
   * @param pipelineHash only files of this pipeline are touched
   */
  public RewritePlanner(CompactionSettings settings, long targetBytes, String pipelineHash) {
    this.settings = settings;
    this.targetBytes = targetBytes;
    this.pipelineHash = pipelineHash;
  }

  private record Candidate(DataFile file, long deletedRows) {
    long liveRows() {
      return Math.max(0, file.recordCount() - deletedRows);
    }

    long liveBytes() {
      return (long)
          (file.fileSizeInBytes() * (double) liveRows() / Math.max(1, file.recordCount()));
    }

    double deletedShare() {
      return deletedRows / (double) Math.max(1, file.recordCount());
    }
  }

  /**
   * The most rewarding rewrite; empty if there is none.
   *
   * @param live the table's files
   * @param specs its partition specs
   * @param busy locations of files not to touch
   */
  public Optional<RewritePlan> plan(
      LiveFiles live, Map<Integer, PartitionSpec> specs, Predicate<String> busy) {
    List<RewritePlan> plans = plans(live, specs, busy);
    // Files saved count most: each costs every reader a request. Then bytes that nobody reads
    // again.
    return plans.stream()
        .max(
            Comparator.comparingInt((RewritePlan plan) -> plan.inputs().size())
                .thenComparingLong(plan -> plan.inputBytes() - plan.liveBytes()));
  }

  /** At most one rewrite of each kind per partition. */
  public List<RewritePlan> plans(
      LiveFiles live, Map<Integer, PartitionSpec> specs, Predicate<String> busy) {
    List<RewritePlan> plans = new ArrayList<>();
    for (List<Candidate> group : byPartition(live, specs, busy)) {
      group.sort(Comparator.comparingLong(Candidate::liveBytes));
      Optional<RewritePlan> deleted = manyDeletes(group);
      deleted.ifPresent(plans::add);
      if (deleted.isEmpty()) {
        manySmall(group).ifPresent(plans::add);
      }
    }
    return plans;
  }

  private Collection<List<Candidate>> byPartition(
      LiveFiles live, Map<Integer, PartitionSpec> specs, Predicate<String> busy) {
    Map<Integer, Map<StructLike, List<Candidate>>> groups = new HashMap<>();
    List<List<Candidate>> all = new ArrayList<>();
    for (DataFile file : live.dataFiles()) {
      if (busy.test(file.location()) || !isOurs(file)) {
        continue;
      }
      PartitionSpec spec = specs.get(file.specId());
      groups
          .computeIfAbsent(file.specId(), id -> StructLikeMap.create(spec.partitionType()))
          .computeIfAbsent(
              file.partition(),
              partition -> {
                List<Candidate> group = new ArrayList<>();
                all.add(group);
                return group;
              })
          .add(new Candidate(file, deletedRows(live, file)));
    }
    return all;
  }

  private boolean isOurs(DataFile file) {
    return file.format() == FileFormat.PARQUET
        && DataFileName.parse(file.location())
            .filter(name -> name.pipelineHash().equals(pipelineHash))
            .isPresent();
  }

  private static long deletedRows(LiveFiles live, DataFile file) {
    long rows = 0;
    for (DeleteFile delete : live.deletesOf(file.location())) {
      rows += delete.recordCount();
    }
    return Math.min(rows, file.recordCount());
  }

  private Optional<RewritePlan> manyDeletes(List<Candidate> bySize) {
    Candidate worst = null;
    for (Candidate candidate : bySize) {
      if (candidate.deletedRows() >= settings.minDeletedRows()
          && candidate.deletedShare() >= settings.deleteRatio()
          && (worst == null || candidate.deletedRows() > worst.deletedRows())) {
        worst = candidate;
      }
    }
    if (worst == null) {
      return Optional.empty();
    }
    Collected chosen = new Collected();
    chosen.add(worst);
    for (Candidate candidate : bySize) {
      boolean along = isSmall(candidate) || candidate.deletedShare() >= settings.deleteRatio();
      if (candidate != worst && along && candidate.liveBytes() <= worst.liveBytes()) {
        if (!chosen.hasRoomFor(candidate, targetBytes)) {
          break;
        }
        chosen.add(candidate);
      }
    }
    return Optional.of(chosen.plan(Reason.DELETED_ROWS));
  }

  private Optional<RewritePlan> manySmall(List<Candidate> bySize) {
    Collected chosen = new Collected();
    for (Candidate candidate : bySize) {
      if (!isSmall(candidate) || !chosen.hasRoomFor(candidate, targetBytes)) {
        break;
      }
      boolean mayStart = chosen.files.size() < 2;
      if (!mayStart && candidate.liveBytes() > chosen.bytes) {
        break;
      }
      chosen.add(candidate);
    }
    return chosen.files.size() >= settings.minInputFiles()
        ? Optional.of(chosen.plan(Reason.SMALL_FILES))
        : Optional.empty();
  }

  private boolean isSmall(Candidate candidate) {
    return candidate.liveBytes() < CompactionSettings.SMALL * targetBytes;
  }

  /** Files chosen so far. */
  private static final class Collected {
    final List<DataFile> files = new ArrayList<>();
    long rows;
    long bytes;

    boolean hasRoomFor(Candidate candidate, long targetBytes) {
      return files.isEmpty()
          || (bytes + candidate.liveBytes() <= targetBytes
              && rows + candidate.liveRows() < RowLocation.MAX_ROWS_PER_FILE);
    }

    void add(Candidate candidate) {
      files.add(candidate.file());
      rows += candidate.liveRows();
      bytes += candidate.liveBytes();
    }

    RewritePlan plan(Reason reason) {
      files.sort(Comparator.comparingLong(RewritePlanner::fileId));
      return new RewritePlan(reason, files, rows, bytes);
    }
  }

  private static long fileId(DataFile file) {
    return DataFileName.parse(file.location()).map(DataFileName::fileId).orElse(0L);
  }
}
