package io.firn.simulation.check;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.iceberg.ContentFile;
import org.apache.iceberg.FileContent;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.ManifestFiles;
import org.apache.iceberg.ManifestReader;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.StructLike;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.data.parquet.InternalReader;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.DeleteSchemaUtil;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.parquet.Parquet;

/** Lists the files of snapshots from their manifests, each of which is read once. */
public final class TableFiles {
  private final FileIO io;
  private final Map<Long, Listing> listings = new HashMap<>();
  private final Map<String, List<Entry>> manifests = new HashMap<>();
  private final Map<String, Map<String, Long>> positions = new HashMap<>();

  /** Reads through this access. */
  public TableFiles(FileIO io) {
    this.io = io;
  }

  /**
   * A live data or delete file.
   *
   * @param rows rows in it, or positions it deletes
   */
  record Entry(String location, FileContent content, long bytes, long rows) {}

  /** All live files of a snapshot, and the locations of its manifests and manifest list. */
  record Listing(List<Entry> entries, Set<String> metadata) {}

  /** How many rows of these data files a delete file deletes. */
  long deletedRows(Entry delete, Set<String> dataFiles) {
    if (!delete.location().endsWith(".parquet")) {
      return delete.rows(); // a deletion vector: Iceberg takes it out with its data file
    }
    return positions.computeIfAbsent(delete.location(), this::readPositions).entrySet().stream()
        .filter(file -> dataFiles.contains(file.getKey()))
        .mapToLong(Map.Entry::getValue)
        .sum();
  }

  private Map<String, Long> readPositions(String location) {
    Schema schema = DeleteSchemaUtil.pathPosSchema();
    Map<String, Long> counts = new HashMap<>();
    try (CloseableIterable<StructLike> rows =
        Parquet.read(io.newInputFile(location))
            .project(schema)
            .createReaderFunc(fileSchema -> InternalReader.create(schema, fileSchema))
            .build()) {
      rows.forEach(row -> counts.merge(row.get(0, Object.class).toString(), 1L, Long::sum));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return counts;
  }

  /** Whether a snapshot that was looked at refers to a file. */
  boolean wasEverReferred(String location) {
    return manifests.values().stream()
        .anyMatch(entries -> entries.stream().anyMatch(e -> e.location().equals(location)));
  }

  /** Locations of all files that the snapshots of a table need. */
  public Set<String> locations(TableMetadata metadata) {
    Set<String> locations = new TreeSet<>();
    for (Snapshot snapshot : metadata.snapshots()) {
      Listing listing = of(snapshot, metadata);
      locations.addAll(listing.metadata());
      listing.entries().forEach(entry -> locations.add(entry.location()));
    }
    return locations;
  }

  Listing of(Snapshot snapshot, TableMetadata metadata) {
    return listings.computeIfAbsent(snapshot.snapshotId(), id -> read(snapshot, metadata));
  }

  private Listing read(Snapshot snapshot, TableMetadata metadata) {
    List<Entry> entries = new ArrayList<>();
    Set<String> paths = new HashSet<>();
    paths.add(snapshot.manifestListLocation());
    for (ManifestFile manifest : snapshot.allManifests(io)) {
      paths.add(manifest.path());
      entries.addAll(
          manifests.computeIfAbsent(manifest.path(), path -> entries(manifest, metadata)));
    }
    return new Listing(entries, paths);
  }

  private List<Entry> entries(ManifestFile manifest, TableMetadata metadata) {
    List<Entry> entries = new ArrayList<>();
    boolean data = manifest.content() == org.apache.iceberg.ManifestContent.DATA;
    try (ManifestReader<? extends ContentFile<?>> reader =
        data
            ? ManifestFiles.read(manifest, io, metadata.specsById())
            : ManifestFiles.readDeleteManifest(manifest, io, metadata.specsById())) {
      for (ContentFile<?> file : reader) {
        entries.add(
            new Entry(file.location(), file.content(), file.fileSizeInBytes(), file.recordCount()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return entries;
  }
}
