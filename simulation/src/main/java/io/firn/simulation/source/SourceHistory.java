package io.firn.simulation.source;

import java.util.ArrayList;
import java.util.List;

/**
 * All that ever happens at the simulated source, and what its tables contain after each
 * transaction.
 *
 * <p>Places: transaction {@code t} begins at offset {@code 100 * (t % 20) + 4} of binlog file
 * {@code 1 + t / 20}.
 */
public final class SourceHistory {
  private static final int TRANSACTIONS_PER_FILE = 20;
  private static final long EPOCH_MICROS = 1_700_000_000_000_000L;

  private final List<SourceTransaction> transactions;
  private final List<DatabaseState> states = new ArrayList<>();

  /**
   * @param initial the tables before the first transaction
   * @param transactions in order
   */
  public SourceHistory(DatabaseState initial, List<SourceTransaction> transactions) {
    this.transactions = List.copyOf(transactions);
    DatabaseState state = initial;
    states.add(state);
    for (SourceTransaction transaction : transactions) {
      state = state.copy();
      transaction.events().forEach(state::apply);
      states.add(state);
    }
  }

  /** How many transactions there are. */
  public int size() {
    return transactions.size();
  }

  /** A transaction, counted from 0. */
  public SourceTransaction transaction(int number) {
    return transactions.get(number);
  }

  /** The tables after so many transactions. */
  public DatabaseState after(int count) {
    return states.get(count);
  }

  /** File name of the place where a transaction begins. */
  public static String fileOf(int transaction) {
    return String.format("binlog.%06d", 1 + transaction / TRANSACTIONS_PER_FILE);
  }

  /** Offset in that file. */
  public static long offsetOf(int transaction) {
    return 100L * (transaction % TRANSACTIONS_PER_FILE) + 4;
  }

  /** When a transaction was committed, by a clock that now and then goes back. */
  public static long commitMicros(int transaction) {
    return EPOCH_MICROS + 1_000L * transaction + 1_000L * (transaction * 7_919 % 11 - 5);
  }

  /** When a snapshot was read that shows so many transactions. */
  public static long snapshotMicros(int count) {
    return EPOCH_MICROS + 1_000L * count;
  }

  /**
   * The transaction that begins at a place.
   *
   * @throws IllegalArgumentException if none does
   */
  public static int transactionAt(String file, long offset) {
    int number = Integer.parseInt(file.substring(file.lastIndexOf('.') + 1)) - 1;
    if (offset % 100 != 4 || offset / 100 >= TRANSACTIONS_PER_FILE) {
      throw new IllegalArgumentException("No transaction begins at " + file + ":" + offset);
    }
    return number * TRANSACTIONS_PER_FILE + (int) (offset / 100);
  }
}
