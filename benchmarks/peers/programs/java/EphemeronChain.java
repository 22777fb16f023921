import java.util.Locale;
import java.util.Map;
import java.util.WeakHashMap;

/**
 * ephemeron-chain, as in benchmarks/peers/programs/fledge/ephemeron_chain.cc,
 * but in a table that is none of ephemerons: a {@link WeakHashMap} holds its
 * values strongly, and a value that is another entry's key keeps that entry.
 * Each collection finds one key dead, the first. Java has nothing closer.
 *
 * <p>Usage: java EphemeronChain N
 */
public final class EphemeronChain {
  /** How long the map may take to hear of keys that are dead. */
  private static final long PATIENCE_MS = 200;

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

  private static int[] shuffled(int count) {
    int[] order = new int[count];
    for (int i = 0; i < count; ++i) order[i] = i;
    Xorshift random = new Xorshift();
    for (int i = count - 1; i > 0; --i) {
      int j = random.below(i + 1);
      int moved = order[i];
      order[i] = order[j];
      order[j] = moved;
    }
    return order;
  }

  /** Puts entries into the map. Returns the first key, which leads to all. */
  private static Object addChain(Map<Object, Object> map, int count) {
    Object[] keys = new Object[count + 1];
    for (int i = 0; i <= count; ++i) keys[i] = new Object();
    for (int i : shuffled(count)) map.put(keys[i], keys[i + 1]);
    return keys[0];
  }

  private static int lengthFrom(Map<Object, Object> map, Object key) {
    int length = 0;
    while ((key = map.get(key)) != null) ++length;
    return length;
  }

  private static double collectUs() {
    long start = System.nanoTime();
    System.gc();
    return (System.nanoTime() - start) / 1e3;
  }

  public static void main(String[] arguments) throws InterruptedException {
    int count = Integer.parseInt(arguments[0]);
    Map<Object, Object> map = new WeakHashMap<>();

    long start = System.nanoTime();
    Object first = addChain(map, count);
    double buildUs = (System.nanoTime() - start) / 1e3;

    double keepUs = collectUs();
    int kept = lengthFrom(map, first);

    first = null;
    double dropUs = collectUs();
    Thread.sleep(PATIENCE_MS);
    int gone = count - map.size();

    System.out.printf(
        Locale.ROOT,
        "kept=%d gone=%d build_us=%.1f keep_us=%.1f drop_us=%.1f%n",
        kept,
        gone,
        buildUs,
        keepUs,
        dropUs);
  }
}
