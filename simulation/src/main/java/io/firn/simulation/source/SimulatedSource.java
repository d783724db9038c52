package io.firn.simulation.source;

import io.firn.model.schema.TableId;
import io.firn.model.source.Source;
import io.firn.model.source.SourceReader;
import io.firn.model.source.SourceState;
import io.firn.model.stream.SourcePosition;
import io.firn.simulation.fault.Faults;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/** One process's connection to a {@link SourceServer}. */
public final class SimulatedSource implements Source {
  private final SourceServer server;
  private final Faults faults;
  private final Random random;
  private final LongSupplier epoch;

  /**
   * @param server the database
   * @param faults what goes wrong
   * @param random the sizes of batches
   * @param epoch the epoch of the process's current life
   */
  public SimulatedSource(SourceServer server, Faults faults, Random random, LongSupplier epoch) {
    this.server = server;
    this.faults = faults;
    this.random = random;
    this.epoch = epoch;
  }

  @Override
  public SourceReader createReader(Optional<SourceState> state) {
    Optional<SourceState> resumed = state.filter(SourceState::snapshotCompleted);
    resumed.ifPresent(this::requireDescriptions);
    if (resumed.isEmpty()) {
      server.snapshotTaken(epoch.getAsLong());
      return new SimulatedReader(
          server.history(), server::visible, faults, random, server.visible(), true);
    }
    SourcePosition position = resumed.get().position();
    int transaction = SourceHistory.transactionAt(position.file(), position.offset());
    return new SimulatedReader(
        server.history(), server::visible, faults, random, transaction, false);
  }

  /** A real source decodes its log by them, so they must be those of the place. */
  private void requireDescriptions(SourceState state) {
    int transaction =
        SourceHistory.transactionAt(state.position().file(), state.position().offset());
    Map<TableId, String> expected = new TreeMap<>();
    server
        .history()
        .after(transaction)
        .tables()
        .forEach(t -> expected.put(t.id(), t.description()));
    if (!expected.equals(new TreeMap<>(state.tableSchemas()))) {
      throw new AssertionError(
          "The source is asked to go on from "
              + state.position()
              + " with the descriptions "
              + new TreeMap<>(state.tableSchemas())
              + " instead of "
              + expected);
    }
  }

  @Override
  public SourcePosition currentEnd() {
    return Conversions.position(server.visible(), 0);
  }

  @Override
  public void close() {}
}
