package io.firn.lake.kit;

import io.firn.lake.guard.ForwardingTableOperations;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableMetadataParser;
import org.apache.iceberg.TableOperations;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.CommitStateUnknownException;
import org.apache.iceberg.inmemory.InMemoryCatalog;

/** A catalog in memory whose commits go wrong as planned, one fault per commit. */
public final class FaultyCatalog extends InMemoryCatalog {

  /** What a commit does and what it says. */
  public enum Fault {
    NONE,
    LANDS_AND_SAYS_UNKNOWN,
    LANDS_AND_SAYS_FAILED,
    LANDS_AND_SAYS_ERROR,
    LANDS_AND_CANNOT_BE_READ_BACK,
    LOST_AND_SAYS_UNKNOWN,
    LOST_AND_SAYS_FAILED,
    LOST_AND_SAYS_ERROR,
    LOST_AND_CANNOT_BE_READ_BACK;

    boolean lands() {
      return name().startsWith("LANDS") || this == NONE;
    }
  }

  private final Deque<Fault> plan = new ArrayDeque<>();
  private int unreadable;
  private int stale;
  private Runnable beforeCommit = () -> {};
  private int commits;

  public FaultyCatalog() {
    // All catalogs in memory share one file store.
    initialize("faulty", Map.of("warehouse", "memory/" + java.util.UUID.randomUUID()));
    createNamespace(Namespace.of("db"));
  }

  /** The next commits go wrong like this. */
  public void plan(Fault... faults) {
    plan.clear();
    plan.addAll(java.util.List.of(faults));
    unreadable = 0;
  }

  /** The next answers are those from before the last commit, as of a replica that lags. */
  public void lag(int answers) {
    stale = answers;
  }

  /** The next questions are answered with an error. */
  public void failReads(int questions) {
    unreadable = questions;
  }

  /** Runs once, right before the next commit reaches the catalog. */
  public void beforeNextCommit(Runnable action) {
    beforeCommit =
        () -> {
          beforeCommit = () -> {};
          action.run();
        };
  }

  /** Ends an outage. */
  public void heal() {
    plan();
  }

  public int commits() {
    return commits;
  }

  @Override
  protected TableOperations newTableOps(TableIdentifier identifier) {
    return new Faulty(super.newTableOps(identifier));
  }

  @Override
  public void close() {
    // Survives the life that closes it, as a server does.
  }

  private final class Faulty extends ForwardingTableOperations {
    private final TableOperations delegate;
    private TableMetadata shown;

    Faulty(TableOperations delegate) {
      super(delegate);
      this.delegate = delegate;
    }

    @Override
    public TableMetadata refresh() {
      if (unreadable > 0) {
        unreadable--;
        throw new IllegalStateException("catalog is down");
      }
      shown = delegate.refresh();
      if (stale > 0 && shown != null && !shown.previousFiles().isEmpty()) {
        stale--;
        int last = shown.previousFiles().size() - 1;
        shown = TableMetadataParser.read(io(), shown.previousFiles().get(last).file());
      }
      return shown;
    }

    @Override
    public TableMetadata current() {
      return shown == null ? refresh() : shown;
    }

    @Override
    public void commit(TableMetadata base, TableMetadata metadata) {
      beforeCommit.run();
      commits++;
      Fault fault = base == null || plan.isEmpty() ? Fault.NONE : plan.poll();
      if (fault.lands()) {
        delegate.commit(base, metadata);
        shown = null;
      }
      switch (fault) {
        case NONE -> {}
        case LANDS_AND_SAYS_UNKNOWN, LOST_AND_SAYS_UNKNOWN ->
            throw new CommitStateUnknownException(new RuntimeException("reply lost"));
        case LANDS_AND_SAYS_FAILED, LOST_AND_SAYS_FAILED ->
            throw new CommitFailedException("conflict");
        case LANDS_AND_SAYS_ERROR, LOST_AND_SAYS_ERROR ->
            throw new IllegalStateException("connection reset");
        case LANDS_AND_CANNOT_BE_READ_BACK, LOST_AND_CANNOT_BE_READ_BACK -> {
          unreadable = 1_000;
          throw new CommitStateUnknownException(new RuntimeException("reply lost"));
        }
      }
    }
  }
}
