import java.util.Arrays;
import java.util.Locale;

/**
 * lru, as in tools/fledge/workloads/lru.cc: a cache that drops what was used
 * least recently, each operation timed.
 *
 * <p>Usage: java Lru ENTRIES OPERATIONS
 */
public final class Lru {
  private static final int PAYLOAD_DOUBLES = 16;

  /** Marsaglia's xorshift of 32 bits, as in every program of this workload. */
  private static final class Xorshift {
    private int state = (int) 2463534242L;

    int below(int bound) {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      return Integer.remainderUnsigned(state, bound);
    }
  }

  /**
   * Counted in bins of equal width: keeping and sorting all of the times would
   * show in the run's own time and memory.
   */
  private static final class OperationTimes {
    private static final int BIN_NS = 100;
    private static final int BINS = 1_000_000;

    private final int[] counts = new int[BINS];
    private long count;
    private long worstNs;
    private long last = System.nanoTime();

    /** One operation ends and the next begins. */
    void next() {
      long now = System.nanoTime();
      long ns = now - last;
      last = now;
      if (ns > worstNs) worstNs = ns;
      ++counts[(int) Math.min(ns / BIN_NS, BINS - 1)];
      ++count;
    }

    double worstUs() {
      return worstNs / 1e3;
    }

    /**
     * The time that {@code share} of the operations stay below. Those past the
     * last bin count as the worst.
     */
    double percentileUs(double share) {
      long rank = (long) (count * share);
      long below = 0;
      for (int bin = 0; bin < BINS - 1; ++bin) {
        below += counts[bin];
        if (below > rank) {
          return Math.min((bin + 1) * (BIN_NS / 1e3), worstUs());
        }
      }
      return worstUs();
    }
  }

  private static final class Entry {
    Entry chain;
    Entry previous;
    Entry next;
    double[] payload;
    final int key;

    Entry(int key, double[] payload, Entry chain) {
      this.key = key;
      this.payload = payload;
      this.chain = chain;
    }

    void unlink() {
      previous.next = next;
      next.previous = previous;
    }
  }

  private static double[] makePayload(int key, int sequence) {
    double[] payload = new double[PAYLOAD_DOUBLES];
    Arrays.fill(payload, key + sequence * 0.5);
    return payload;
  }

  private static final class Cache {
    private final int capacity;
    private final int hashShift;
    private final Entry[] buckets;
    // The list's first follows it, its last precedes it.
    private final Entry ends = new Entry(0, null, null);
    private int size;
    private int hits;
    private double sum;

    Cache(int capacity) {
      this.capacity = capacity;
      hashShift = Integer.numberOfLeadingZeros(capacity - 1);
      buckets = new Entry[1 << (Integer.SIZE - hashShift)];
      ends.previous = ends;
      ends.next = ends;
    }

    /**
     * Gets the value of {@code key}, if it is there, and sets it anew. Either
     * way it is the entry used last.
     */
    void use(int key, int sequence) {
      int bucket = bucketOf(key);
      Entry entry = buckets[bucket];
      while (entry != null && entry.key != key) entry = entry.chain;
      if (entry != null) {
        ++hits;
        sum += entry.payload[key % PAYLOAD_DOUBLES];
        entry.payload = makePayload(key, sequence);
        entry.unlink();
        linkFirst(entry);
        return;
      }
      if (isFull()) dropLast();
      entry = new Entry(key, makePayload(key, sequence), buckets[bucket]);
      buckets[bucket] = entry;
      linkFirst(entry);
      ++size;
    }

    boolean isFull() {
      return size == capacity;
    }

    void forgetStatistics() {
      hits = 0;
      sum = 0;
    }

    private int bucketOf(int key) {
      return (key * 0x9e3779b1) >>> hashShift;
    }

    private void dropLast() {
      Entry last = ends.previous;
      last.unlink();
      int bucket = bucketOf(last.key);
      Entry holder = buckets[bucket];
      if (holder == last) {
        buckets[bucket] = last.chain;
      } else {
        while (holder.chain != last) holder = holder.chain;
        holder.chain = last.chain;
      }
      --size;
    }

    private void linkFirst(Entry entry) {
      entry.next = ends.next;
      entry.previous = ends;
      ends.next.previous = entry;
      ends.next = entry;
    }
  }

  // Each loop is in a method of its own, so that it is compiled as a whole.
  private static int fill(Cache cache, Xorshift random, int keys) {
    int sequence = 0;
    while (!cache.isFull()) cache.use(random.below(keys), sequence++);
    return sequence;
  }

  private static OperationTimes timeOperations(
      Cache cache, Xorshift random, int keys, int sequence, int operations) {
    OperationTimes times = new OperationTimes();
    for (int i = 0; i < operations; ++i) {
      cache.use(random.below(keys), sequence + i);
      times.next();
    }
    return times;
  }

  public static void main(String[] arguments) {
    int entries = Integer.parseInt(arguments[0]);
    int operations = Integer.parseInt(arguments[1]);
    int keys = 2 * entries;

    Cache cache = new Cache(entries);
    Xorshift random = new Xorshift();
    int sequence = fill(cache, random, keys);
    cache.forgetStatistics();

    OperationTimes times =
        timeOperations(cache, random, keys, sequence, operations);
    System.out.printf(
        Locale.ROOT,
        "hits=%d sum=%.1f p9999_us=%.1f worst_us=%.1f%n",
        cache.hits,
        cache.sum,
        times.percentileUs(0.9999),
        times.worstUs());
  }
}
