package io.firn.lake.index;

import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The pages that the hot tables of one task share, within the task's memory budget.
 *
 * <p>Pages are handed out until the budget is used up; from then on a page that nobody used for a
 * whole turn of the clock can be taken from its owner.
 *
 * <p><b>Invariant</b>: there is at least one page, on the heap if the JVM gives no other, so that a
 * change always finds a place.
 *
 * <p><b>Threading</b>: one thread.
 */
final class PagePool implements AutoCloseable {
  /** Longs in a page of 4 KiB. */
  static final int PAGE_LONGS = 512;

  /** Said instead of a page's number. */
  static final int NONE = -1;

  private static final int PAGE_BITS = 9;
  private static final int SEGMENT_PAGE_BITS = 8;
  private static final int SEGMENT_PAGES = 1 << SEGMENT_PAGE_BITS;

  /**
   * A full page asks for an idle one with every 16 keys that it gives up. So while the clock turns
   * once, about as many keys are replaced as there are: a page that is used is used by then.
   */
  private static final int CALLS_PER_CLOCK_STEP = 8;

  private static final long[] ZEROS = new long[PAGE_LONGS];

  // What is known of each page. Plain arrays: they are looked at for every key.
  HotTable[] owner = new HotTable[0];
  long[] prefix = new long[0];
  byte[] depth = new byte[0];
  short[] used = new short[0];
  short[] dirty = new short[0];
  short[] hand = new short[0];
  boolean[] referenced = new boolean[0];

  private final OffHeapMemory memory;
  private final int maxSegments;
  private final int pagesPerSegment;
  private final List<LongBuffer> borrowed = new ArrayList<>();
  private LongBuffer[] segments = new LongBuffer[0];
  private int[] free = new int[0];
  private int freeCount;
  private int clock;
  private int calls;
  private boolean exhausted;

  /**
   * @param memory where segments come from
   * @param budgetBytes limit; at least one page is used in any case
   */
  PagePool(OffHeapMemory memory, long budgetBytes) {
    this.memory = memory;
    this.maxSegments =
        (int) Math.max(1, Math.min(1 << 20, budgetBytes / OffHeapMemory.SEGMENT_BYTES));
    this.pagesPerSegment =
        (int) Math.max(1, Math.min(SEGMENT_PAGES, budgetBytes / (PAGE_LONGS * Long.BYTES)));
  }

  /** The memory that a page is in. */
  LongBuffer buffer(int page) {
    return segments[page >>> SEGMENT_PAGE_BITS];
  }

  /** Index of a page's first long in its memory. */
  static int offset(int page) {
    return (page & (SEGMENT_PAGES - 1)) << PAGE_BITS;
  }

  /** Whether there is a page that nobody has. */
  boolean hasFree() {
    return freeCount > 0 || addSegment();
  }

  /** Takes an empty page that nobody has, or {@link #NONE} if the budget is used up. */
  int allocate(HotTable table, long pagePrefix, int pageDepth) {
    if (!hasFree()) {
      return NONE;
    }
    int page = free[--freeCount];
    owner[page] = table;
    prefix[page] = pagePrefix;
    depth[page] = (byte) pageDepth;
    used[page] = 0;
    dirty[page] = 0;
    hand[page] = 0;
    referenced[page] = true;
    clear(page);
    return page;
  }

  /** Makes every slot of a page empty. */
  void clear(int page) {
    buffer(page).put(offset(page), ZEROS, 0, PAGE_LONGS);
  }

  private boolean addSegment() {
    if (exhausted) {
      return false;
    }
    LongBuffer segment = segments.length < maxSegments ? memory.take() : null;
    if (segment != null) {
      borrowed.add(segment);
    } else if (segments.length == 0) {
      segment = LongBuffer.allocate(SEGMENT_PAGES * PAGE_LONGS);
    } else {
      exhausted = true;
      return false;
    }
    int first = segments.length << SEGMENT_PAGE_BITS;
    segments = Arrays.copyOf(segments, segments.length + 1);
    segments[segments.length - 1] = segment;
    int pages = first + SEGMENT_PAGES;
    if (owner.length < pages) {
      int capacity = Math.max(pages, first + first / 2);
      owner = Arrays.copyOf(owner, capacity);
      prefix = Arrays.copyOf(prefix, capacity);
      depth = Arrays.copyOf(depth, capacity);
      used = Arrays.copyOf(used, capacity);
      dirty = Arrays.copyOf(dirty, capacity);
      hand = Arrays.copyOf(hand, capacity);
      referenced = Arrays.copyOf(referenced, capacity);
      free = Arrays.copyOf(free, capacity);
    }
    for (int page = first + pagesPerSegment - 1; page >= first; page--) {
      free[freeCount++] = page;
    }
    return true;
  }

  /** Takes a page back. Nobody refers to it any more. */
  void release(int page) {
    owner[page] = null;
    free[freeCount++] = page;
  }

  /**
   * A page, of whatever table, without changes that are not written yet and not used since the
   * clock last passed. The clock moves slowly: mostly {@link #NONE}.
   */
  int findIdle() {
    if (++calls % CALLS_PER_CLOCK_STEP != 0) {
      return NONE;
    }
    int page = next();
    if (owner[page] != null && !referenced[page] && dirty[page] == 0) {
      return page;
    }
    referenced[page] = false;
    return NONE;
  }

  /** The page, of whatever table, that the clock comes to next. Only when every page is taken. */
  int next() {
    // A budget of less than a segment makes no second one.
    int pages = segments.length * pagesPerSegment;
    clock = clock + 1 < pages ? clock + 1 : 0;
    return clock;
  }

  /** How much memory is in use or was in use, in bytes. */
  long bytes() {
    return (long) segments.length * OffHeapMemory.SEGMENT_BYTES;
  }

  /** Gives all memory back. The pool and its tables cannot be used any more. */
  @Override
  public void close() {
    segments = new LongBuffer[0];
    owner = new HotTable[0];
    free = new int[0];
    freeCount = 0;
    exhausted = true;
    memory.giveBack(borrowed);
    borrowed.clear();
  }
}
