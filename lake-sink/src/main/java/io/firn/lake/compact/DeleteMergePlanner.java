package io.firn.lake.compact;

import io.firn.lake.registry.LiveFiles;
import io.firn.lake.table.DataFileName;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileContent;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.StructLike;
import org.apache.iceberg.util.ContentFileUtil;
import org.apache.iceberg.util.StructLikeMap;

/**
 * Chooses position delete files of format version 2 to merge. Pure.
 *
 * <p>A reader of a data file reads the delete files that are for it alone and all those of its
 * partition that are for several. When these are many, they are merged from the smallest up as long
 * as none is larger than all smaller ones together, so that a position is not written again more
 * often than their number doubles. The files for one data file are taken all or none: so every
 * merge leaves fewer.
 */
public final class DeleteMergePlanner {
  /** Held in memory as bitmaps, two bytes per position where they are scattered. */
  private static final long MAX_POSITIONS = 20_000_000;

  /** Smaller files cost as much as those of this many positions. */
  private static final long FIXED_COST_POSITIONS = 1000;

  private final CompactionSettings settings;
  private final String pipelineHash;

  /**
   * @param pipelineHash only files of this pipeline are touched
   */
  public DeleteMergePlanner(CompactionSettings settings, String pipelineHash) {
    this.settings = settings;
    this.pipelineHash = pipelineHash;
  }

  /** Files that are merged together or not at all. */
  private record Unit(List<DeleteFile> files, boolean shared, long positions) {
    static Unit of(List<DeleteFile> files, boolean shared) {
      long positions = files.stream().mapToLong(DeleteFile::recordCount).sum();
      return new Unit(files, shared, Math.max(positions, FIXED_COST_POSITIONS));
    }
  }

  /** The delete files of one partition. */
  private static final class Group {
    final int specId;
    final StructLike partition;

    /** For several data files, or for one that is gone. */
    final List<DeleteFile> shared = new ArrayList<>();

    final Map<String, List<DeleteFile>> scoped = new HashMap<>();

    Group(int specId, StructLike partition) {
      this.specId = specId;
      this.partition = partition;
    }
  }

  /** The merge that helps readers most, if any is worthwhile. */
  public Optional<DeleteMergePlan> plan(LiveFiles live, Map<Integer, PartitionSpec> specs) {
    return plans(live, specs).stream().max(Comparator.comparingInt(DeleteMergePlan::applying));
  }

  /** All merges that are worthwhile, one per partition at most. */
  public List<DeleteMergePlan> plans(LiveFiles live, Map<Integer, PartitionSpec> specs) {
    List<DeleteMergePlan> plans = new ArrayList<>();
    for (Group group : groups(live, specs)) {
      int ofOneFile = group.scoped.values().stream().mapToInt(List::size).max().orElse(0);
      int applying = group.shared.size() + ofOneFile;
      if (applying >= settings.minDeleteFiles()) {
        List<DeleteFile> inputs = choose(group);
        if (!inputs.isEmpty()) {
          plans.add(new DeleteMergePlan(group.specId, group.partition, inputs, applying));
        }
      }
    }
    return plans;
  }

  private List<Group> groups(LiveFiles live, Map<Integer, PartitionSpec> specs) {
    Map<Integer, Map<StructLike, Group>> bySpec = new HashMap<>();
    List<Group> all = new ArrayList<>();
    for (DeleteFile file : live.deleteFiles()) {
      if (!isOurs(file)) {
        continue;
      }
      PartitionSpec spec = specs.get(file.specId());
      Group group =
          bySpec
              .computeIfAbsent(file.specId(), id -> StructLikeMap.create(spec.partitionType()))
              .computeIfAbsent(
                  file.partition(),
                  partition -> {
                    Group created = new Group(file.specId(), partition);
                    all.add(created);
                    return created;
                  });
      String dataFile = ContentFileUtil.referencedDataFileLocation(file);
      if (dataFile == null || live.dataFile(dataFile) == null) {
        group.shared.add(file);
      } else {
        group.scoped.computeIfAbsent(dataFile, path -> new ArrayList<>()).add(file);
      }
    }
    return all;
  }

  private boolean isOurs(DeleteFile file) {
    return file.content() == FileContent.POSITION_DELETES
        && file.format() == FileFormat.PARQUET
        && DataFileName.parse(file.location())
            .filter(name -> name.pipelineHash().equals(pipelineHash))
            .isPresent();
  }

  private static List<DeleteFile> choose(Group group) {
    List<Unit> units = new ArrayList<>();
    group.shared.forEach(file -> units.add(Unit.of(List.of(file), true)));
    for (List<DeleteFile> files : group.scoped.values()) {
      if (files.size() > 1) {
        units.add(Unit.of(files, false));
      }
    }
    units.sort(
        Comparator.comparingLong(Unit::positions)
            .thenComparing(unit -> unit.files().get(0).location()));
    List<Unit> chosen = smallest(units, true);
    if (chosen.size() < units.size() / 2 || !leavesFewer(chosen)) {
      chosen = smallest(units, false);
    }
    return leavesFewer(chosen)
        ? chosen.stream().flatMap(unit -> unit.files().stream()).toList()
        : List.of();
  }

  private static List<Unit> smallest(List<Unit> units, boolean alike) {
    List<Unit> chosen = new ArrayList<>();
    long positions = 0;
    for (Unit unit : units) {
      boolean tooLarge = alike && chosen.size() >= 2 && unit.positions() > positions;
      if (tooLarge || positions + unit.positions() > MAX_POSITIONS) {
        break;
      }
      chosen.add(unit);
      positions += unit.positions();
    }
    return chosen;
  }

  /** What is merged goes into one file, and into one for each data file with many positions. */
  private static boolean leavesFewer(List<Unit> chosen) {
    long shared = chosen.stream().filter(Unit::shared).count();
    return shared >= 2 || shared < chosen.size();
  }
}
