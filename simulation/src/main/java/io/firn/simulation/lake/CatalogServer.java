package io.firn.simulation.lake;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableMetadataParser;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.inmemory.InMemoryInputFile;

/**
 * The simulated catalog's memory: for each table the location of its metadata, which changes by
 * compare-and-swap only. Keeps all earlier locations, for stale answers and for the checks.
 */
public final class CatalogServer {
  private final ObjectStore store;
  private final Map<String, List<String>> versions = new TreeMap<>();
  private final Map<String, TableIdentifier> identifiers = new HashMap<>();
  private final Set<Namespace> namespaces =
      new TreeSet<>(java.util.Comparator.comparing(Namespace::toString));
  private final Map<String, TableMetadata> parsed = new ConcurrentHashMap<>();
  private CommitListener listener = (who, table, before, after) -> {};

  /** Hears about every commit that landed. */
  public interface CommitListener {
    /** {@code before} is null for a new table. */
    void committed(String who, TableIdentifier table, TableMetadata before, TableMetadata after);
  }

  /** An empty catalog whose metadata files are in a store. */
  public CatalogServer(ObjectStore store) {
    this.store = store;
  }

  /** Tells about commits. */
  public void onCommit(CommitListener commits) {
    listener = commits;
  }

  Set<Namespace> namespaces() {
    return namespaces;
  }

  /** All tables. */
  public List<TableIdentifier> tables() {
    return versions.keySet().stream().map(identifiers::get).toList();
  }

  /** Location of a table's metadata, or null. */
  String location(TableIdentifier table) {
    List<String> all = versions.get(table.toString());
    return all == null ? null : all.get(all.size() - 1);
  }

  /** The location before that, or the same if there is none. */
  String staleLocation(TableIdentifier table) {
    List<String> all = versions.get(table.toString());
    return all == null ? null : all.get(Math.max(0, all.size() - 2));
  }

  /** A table's metadata as it is now. */
  public TableMetadata current(TableIdentifier table) {
    return metadata(location(table));
  }

  TableMetadata metadata(String location) {
    return parsed.computeIfAbsent(
        location, path -> TableMetadataParser.read(new InMemoryInputFile(path, store.get(path))));
  }

  /** Replaces a location if it is still the expected one; null stands for no table. */
  boolean swap(String who, TableIdentifier table, String expected, String replacement) {
    if (!java.util.Objects.equals(location(table), expected)) {
      return false;
    }
    identifiers.put(table.toString(), table);
    versions.computeIfAbsent(table.toString(), name -> new ArrayList<>()).add(replacement);
    listener.committed(
        who, table, expected == null ? null : metadata(expected), metadata(replacement));
    return true;
  }

  boolean drop(TableIdentifier table) {
    return versions.remove(table.toString()) != null;
  }
}
