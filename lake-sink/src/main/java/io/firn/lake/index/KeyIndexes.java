package io.firn.lake.index;

import io.firn.model.schema.TableId;
import io.firn.model.schema.TableSchema;
import io.firn.model.state.KeyGroupRange;
import io.firn.model.state.StateTable;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * The key indexes of all tables of one task: they share a budget of memory, and the batches in
 * which their changes go to the state.
 *
 * <p><b>Invariant</b>: after {@link #writeBack} the state has every change; so it is called before
 * the state is snapshot, and a restored state is a complete index without anything that was in
 * memory.
 *
 * <p><b>Threading</b>: one thread.
 */
public final class KeyIndexes implements AutoCloseable {
  private final StateTable state;
  private final KeyGroupRange keyGroups;
  private final PagePool pool;
  private final RandomGenerator secrets;
  private final DirtyKeys dirty;
  private final Map<Long, TieredKeyIndex> indexes = new HashMap<>();

  /**
   * @param state the state table {@link StateKeyIndex#STATE_TABLE} of the task
   * @param keyGroups the task's key groups
   * @param memory where memory outside the heap comes from
   * @param budgetBytes how much of it the task may have; one page of 4 KiB is used in any case
   */
  public KeyIndexes(
      StateTable state, KeyGroupRange keyGroups, OffHeapMemory memory, long budgetBytes) {
    this(
        state,
        keyGroups,
        new PagePool(memory, budgetBytes),
        new SecureRandom(),
        DirtyKeys.limitFor(keyGroups));
  }

  KeyIndexes(
      StateTable state,
      KeyGroupRange keyGroups,
      PagePool pool,
      RandomGenerator secrets,
      int dirtyKeys) {
    this.state = state;
    this.keyGroups = keyGroups;
    this.pool = pool;
    this.secrets = secrets;
    this.dirty = new DirtyKeys(dirtyKeys);
  }

  /**
   * The index of a table. The same one for the same table.
   *
   * @param schema the layout of its rows, which has a key
   */
  public TieredKeyIndex of(TableId table, TableSchema schema) {
    return of(table, formOf(schema));
  }

  /** How the keys of a layout are kept. */
  KeyForm formOf(TableSchema schema) {
    return KeyEncoder.isNumberKey(schema)
        ? KeyForm.number()
        : KeyForm.hashed(new SipHash(secrets.nextLong(), secrets.nextLong()));
  }

  TieredKeyIndex of(TableId table, KeyForm form) {
    TieredKeyIndex index =
        indexes.computeIfAbsent(
            TableTag.number(TableTag.of(table)),
            tag -> new TieredKeyIndex(this, new StateKeyIndex(state, table, keyGroups)));
    index.useForm(form);
    return index;
  }

  HotTable newHotTable(KeyForm form) {
    return new HotTable(pool, form, this::writeBack);
  }

  /** Notes that a key has a change which the state does not have yet. */
  void changed(byte[] key) {
    dirty.add(key);
    if (dirty.isFull()) {
      writeBack();
    }
  }

  DirtyKeys dirty() {
    return dirty;
  }

  /** Writes every change to the state that it does not have yet. */
  public void writeBack() {
    dirty.drainTo(state, key -> indexes.get(TableTag.numberIn(key)).hot());
  }

  /** How much memory outside the heap is in use, in bytes. */
  public long memoryBytes() {
    return pool.bytes();
  }

  /** Gives the memory back, and forgets what was not written. No index can be used any more. */
  @Override
  public void close() {
    indexes.values().forEach(TieredKeyIndex::abandon);
    indexes.clear();
    dirty.clear();
    pool.close();
  }
}
