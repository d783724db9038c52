package io.firn.lake.index;

import java.nio.LongBuffer;
import java.util.Arrays;

/**
 * The part of one table's index that is in memory: an extendible hash table (Fagin et al., 1979)
 * whose pages are small open-addressing tables outside the heap.
 *
 * <p>A slot is the location with three marks, then the key's words: 16 bytes for a number, 24 for a
 * hash. Pages are filled to 85 %, so a key takes 19 to 38 bytes, 26 on average, while memory is
 * left, and 19 (28) when it is used up: then a full page is not split, but loses the keys that were
 * not looked at for longest.
 *
 * <p><b>Invariants</b>: what is not written to the state yet never leaves the table. A key that is
 * not in the table may be in the state, unless {@link #isLossy} is false and everything that the
 * state has was put here.
 *
 * <p><b>Threading</b>: one thread.
 */
final class HotTable {
  /** What {@link #get} says of a key that the table does not have. */
  static final long UNKNOWN = Long.MIN_VALUE;

  private static final long DIRTY = 1L << 63;
  private static final long RECENT = 1L << 62;
  private static final long VALUE = RECENT - 1;

  /** A value that no location has: the key is known to be in no row. */
  private static final long ABSENT = VALUE;

  private static final int MAX_DEPTH = 22;

  /** Loading one key group only makes a directory 128 times as long as the pages need. */
  private static final int DIRECTORY_PER_PAGE = 512;

  private static final int EVICTED_AT_ONCE = 16;
  private static final int NO_PAGE = PagePool.NONE;

  private final PagePool pool;
  private final KeyForm form;
  private final Runnable writeBack;
  private final int stride;
  private final int slots;
  private final int maxUsed;
  private final long[] scratch = new long[PagePool.PAGE_LONGS];

  /** By the first bits of routes: the page, or the complement of the depth of an empty region. */
  private int[] directory = {~0};

  private int globalDepth;
  private int pages;
  private boolean lossy;

  /**
   * @param pool where pages come from
   * @param form how keys are kept
   * @param writeBack writes all changes of all tables of the pool to the state; calls {@link #take}
   */
  HotTable(PagePool pool, KeyForm form, Runnable writeBack) {
    this.pool = pool;
    this.form = form;
    this.writeBack = writeBack;
    this.stride = form.words() + 1;
    this.slots = PagePool.PAGE_LONGS / stride;
    this.maxUsed = slots * 85 / 100;
  }

  /** Whether a key that the state has may have been given up. */
  boolean isLossy() {
    return lossy;
  }

  /** The location of a key, {@link RowLocation#NONE} if it has none, or {@link #UNKNOWN}. */
  long get(byte[] key) {
    form.read(key);
    int page = pageOf(form.route);
    if (page < 0) {
      return UNKNOWN;
    }
    int slot = find(page);
    if (slot < 0) {
      return UNKNOWN;
    }
    LongBuffer buffer = pool.buffer(page);
    int at = PagePool.offset(page) + slot * stride;
    long word = buffer.get(at);
    if (!pool.referenced[page]) {
      pool.referenced[page] = true;
    }
    // Which keys are used matters only when some have to go.
    if (lossy && (word & RECENT) == 0) {
      buffer.put(at, word | RECENT);
    }
    return location(word);
  }

  private static long location(long word) {
    long value = word & VALUE;
    return value == ABSENT ? RowLocation.NONE : value - 1;
  }

  private static long word(long location, long marks) {
    return marks | (location == RowLocation.NONE ? ABSENT : location + 1);
  }

  private int pageOf(long route) {
    return directory[index(route)];
  }

  private int index(long route) {
    // Shifting by 64 would do nothing at all.
    return (int) (route >>> 1 >>> 63 - globalDepth);
  }

  private int home(long route) {
    return (int) ((route & 0xFFFFFFFFL) * slots >>> 32);
  }

  /** The slot of the key last read, or the complement of the empty slot where it would be. */
  private int find(int page) {
    LongBuffer buffer = pool.buffer(page);
    int base = PagePool.offset(page);
    int slot = home(form.route);
    while (true) {
      int at = base + slot * stride;
      if (buffer.get(at) == 0) {
        return ~slot;
      }
      if (buffer.get(at + 1) == form.first && (stride == 2 || buffer.get(at + 2) == form.second)) {
        return slot;
      }
      slot = next(slot);
    }
  }

  private int next(int slot) {
    return slot + 1 == slots ? 0 : slot + 1;
  }

  /**
   * Notes a change that the state does not have.
   *
   * @param location {@link RowLocation#NONE} if the key is in no row any more
   * @return false if the key had a change already that the state does not have
   */
  boolean change(byte[] key, long location) {
    while (true) {
      // Anew after each round: making room may have read other keys.
      form.read(key);
      int page = pageOf(form.route);
      if (page < 0) {
        createPage(form.route, true, true);
        continue;
      }
      int slot = find(page);
      if (slot >= 0) {
        LongBuffer buffer = pool.buffer(page);
        int at = PagePool.offset(page) + slot * stride;
        long old = buffer.get(at);
        // Only a look-up says that a key is in use: a change follows one in any case.
        buffer.put(at, word(location, DIRTY | old & RECENT));
        if ((old & DIRTY) == 0) {
          pool.dirty[page]++;
          return true;
        }
        return false;
      }
      if (pool.used[page] < maxUsed) {
        insert(page, ~slot, word(location, DIRTY));
        pool.dirty[page]++;
        return true;
      }
      if (!split(page, true) && !evict(page)) {
        writeBack.run();
      }
    }
  }

  /**
   * Takes over what the state has, unless the table knows the key already.
   *
   * @param mayEvict whether other keys may go to make room
   * @return false if there was no room
   */
  boolean fill(byte[] key, long location, boolean mayEvict) {
    while (true) {
      form.read(key);
      int page = pageOf(form.route);
      if (page < 0) {
        if (!createPage(form.route, mayEvict, false)) {
          return false;
        }
        continue;
      }
      int slot = find(page);
      if (slot >= 0) {
        return true;
      }
      if (pool.used[page] < maxUsed) {
        insert(page, ~slot, word(location, 0));
        return true;
      }
      if (!split(page, mayEvict) && !(mayEvict && evict(page))) {
        return false;
      }
    }
  }

  private void insert(int page, int slot, long word) {
    LongBuffer buffer = pool.buffer(page);
    int at = PagePool.offset(page) + slot * stride;
    buffer.put(at, word);
    buffer.put(at + 1, form.first);
    if (stride == 3) {
      buffer.put(at + 2, form.second);
    }
    pool.used[page]++;
    pool.referenced[page] = true;
  }

  /**
   * Ends that a key has a change that the state does not have.
   *
   * @return the location that the state is to have
   */
  long take(byte[] key) {
    form.read(key);
    int page = pageOf(form.route);
    int slot = page < 0 ? -1 : find(page);
    long word = slot < 0 ? 0 : pool.buffer(page).get(PagePool.offset(page) + slot * stride);
    if ((word & DIRTY) == 0) {
      throw new IllegalStateException("The index lost a change that it had not written");
    }
    pool.dirty[page]--;
    if ((word & VALUE) == ABSENT) {
      // From now on the state says so.
      remove(page, slot);
    } else {
      pool.buffer(page).put(PagePool.offset(page) + slot * stride, word & ~DIRTY);
    }
    return location(word);
  }

  /**
   * Empties a slot and moves those behind it up (Knuth 6.4 R), so that every key stays findable.
   */
  private void remove(int page, int slot) {
    LongBuffer buffer = pool.buffer(page);
    int base = PagePool.offset(page);
    int hole = slot;
    int from = slot;
    while (true) {
      from = next(from);
      int at = base + from * stride;
      if (buffer.get(at) == 0) {
        break;
      }
      int home = home(form.routeOf(buffer.get(at + 1)));
      boolean reachable = hole <= from ? hole < home && home <= from : hole < home || home <= from;
      if (!reachable) {
        int to = base + hole * stride;
        for (int i = 0; i < stride; i++) {
          buffer.put(to + i, buffer.get(at + i));
        }
        hole = from;
      }
    }
    buffer.put(base + hole * stride, 0L);
    pool.used[page]--;
  }

  /**
   * Makes a page for a part of the routes that has none.
   *
   * @param mayTakeIdle whether a page that nobody used lately may be taken for it
   * @param always whether one that is in use may be taken if there is no other
   */
  private boolean createPage(long route, boolean mayTakeIdle, boolean always) {
    if (!pool.hasFree()) {
      int victim = mayTakeIdle ? pool.findIdle() : NO_PAGE;
      if (victim == NO_PAGE) {
        if (!always) {
          return false;
        }
        victim = pool.next();
        if (pool.dirty[victim] > 0) {
          writeBack.run();
        }
      }
      pool.owner[victim].giveUp(victim);
    }
    int depth = ~directory[index(route)];
    long prefix = depth == 0 ? 0 : route & -1L << 64 - depth;
    point(prefix, depth, pool.allocate(this, prefix, depth));
    pages++;
    return true;
  }

  /** Gives a page to another table. It has no change that the state does not have. */
  private void giveUp(int page) {
    lossy |= pool.used[page] > 0;
    point(pool.prefix[page], pool.depth[page], ~pool.depth[page]);
    pool.release(page);
    pages--;
  }

  private void point(long prefix, int depth, int page) {
    int from = index(prefix);
    Arrays.fill(directory, from, from + (1 << globalDepth - depth), page);
  }

  /** Divides a page by the next bit of the routes. False if that is not possible. */
  private boolean split(int page, boolean mayTakeIdle) {
    int depth = pool.depth[page];
    if (depth == globalDepth && !doubleDirectory()) {
      return false;
    }
    LongBuffer buffer = pool.buffer(page);
    int base = PagePool.offset(page);
    long bit = 1L << 63 - depth;
    int upper = 0;
    for (int slot = 0; slot < slots; slot++) {
      int at = base + slot * stride;
      if (buffer.get(at) != 0 && (form.routeOf(buffer.get(at + 1)) & bit) != 0) {
        upper++;
      }
    }
    long prefix = pool.prefix[page];
    if (upper == 0 || upper == pool.used[page]) {
      // A half without keys needs no page.
      pool.depth[page]++;
      pool.prefix[page] = upper == 0 ? prefix : prefix | bit;
      point(upper == 0 ? prefix | bit : prefix, depth + 1, ~(depth + 1));
      return true;
    }
    int sibling = pool.allocate(this, prefix | bit, depth + 1);
    if (sibling == NO_PAGE && mayTakeIdle) {
      int idle = pool.findIdle();
      if (idle != NO_PAGE && idle != page) {
        pool.owner[idle].giveUp(idle);
        sibling = pool.allocate(this, prefix | bit, depth + 1);
      }
    }
    if (sibling == NO_PAGE) {
      return false;
    }
    pages++;
    pool.depth[page]++;
    point(prefix | bit, depth + 1, sibling);
    int count = empty(page);
    for (int i = 0; i < count; i += stride) {
      place((form.routeOf(scratch[i + 1]) & bit) == 0 ? page : sibling, i);
    }
    return true;
  }

  private boolean doubleDirectory() {
    if (globalDepth == MAX_DEPTH || directory.length > DIRECTORY_PER_PAGE * (pages + 4)) {
      return false; // keys whose hashes begin alike: there is no use in going on
    }
    int[] twice = new int[directory.length * 2];
    for (int i = 0; i < directory.length; i++) {
      twice[2 * i] = directory[i];
      twice[2 * i + 1] = directory[i];
    }
    directory = twice;
    globalDepth++;
    return true;
  }

  /** Moves all slots in use to the scratch array; returns how many longs they are. */
  private int empty(int page) {
    LongBuffer buffer = pool.buffer(page);
    int base = PagePool.offset(page);
    int count = 0;
    for (int at = base; at < base + slots * stride; at += stride) {
      if (buffer.get(at) != 0) {
        buffer.get(at, scratch, count, stride);
        count += stride;
      }
    }
    pool.clear(page);
    pool.used[page] = 0;
    pool.dirty[page] = 0;
    return count;
  }

  /** Puts a slot from the scratch array into a page. */
  private void place(int page, int from) {
    LongBuffer buffer = pool.buffer(page);
    int base = PagePool.offset(page);
    int slot = home(form.routeOf(scratch[from + 1]));
    while (buffer.get(base + slot * stride) != 0) {
      slot = next(slot);
    }
    buffer.put(base + slot * stride, scratch, from, stride);
    pool.used[page]++;
    if (scratch[from] < 0) {
      pool.dirty[page]++;
    }
  }

  /** Gives up some keys that were not used for long. False if all are changes not yet written. */
  private boolean evict(int page) {
    LongBuffer buffer = pool.buffer(page);
    int base = PagePool.offset(page);
    int slot = pool.hand[page];
    int evicted = 0;
    for (int step = 0; step < 2 * slots && evicted < EVICTED_AT_ONCE; step++) {
      slot = next(slot);
      int at = base + slot * stride;
      long word = buffer.get(at);
      if (word > 0 && (word & RECENT) == 0) {
        buffer.put(at, 0L);
        evicted++;
      } else if (word > 0) {
        buffer.put(at, word & ~RECENT);
      }
    }
    pool.hand[page] = (short) slot;
    if (evicted == 0) {
      return false;
    }
    lossy = true;
    // The holes would hide keys behind them.
    int count = empty(page);
    for (int i = 0; i < count; i += stride) {
      place(page, i);
    }
    return true;
  }

  /** Forgets everything, changes included, and gives its pages back. */
  void clear() {
    int last = NO_PAGE;
    for (int page : directory) {
      if (page >= 0 && page != last) {
        pool.release(page);
      }
      last = page;
    }
    directory = new int[] {~0};
    globalDepth = 0;
    pages = 0;
    lossy = false;
  }
}
