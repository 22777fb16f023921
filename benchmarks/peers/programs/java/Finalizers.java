import java.lang.ref.Cleaner;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;

/**
 * finalizers, as in benchmarks/peers/programs/fledge/finalizers.cc.
 *
 * <p>Usage: java Finalizers N
 */
public final class Finalizers {
  private static final int CYCLE_EVERY = 20;

  /** How long nothing happens until it counts as all of one collection. */
  private static final int PATIENCE_MS = 200;

  private static final Cleaner CLEANER = Cleaner.create();
  private static final AtomicLong RAN = new AtomicLong();
  private static final AtomicLong SUM = new AtomicLong();

  private static final class Node {
    Node other;
  }

  /** It must not refer to its node, which would never die. */
  private record Action(int id) implements Runnable {
    @Override
    public void run() {
      SUM.addAndGet(id);
      RAN.incrementAndGet();
    }
  }

  private static void addObjects(int count) {
    Node[] nodes = new Node[count];
    for (int i = 0; i < count; ++i) nodes[i] = new Node();
    for (int i = 0; i + 1 < count; i += CYCLE_EVERY) {
      nodes[i].other = nodes[i + 1];
      nodes[i + 1].other = nodes[i];
    }
    for (int i = 0; i < count; ++i) CLEANER.register(nodes[i], new Action(i));
  }

  /**
   * Requests collections until all actions ran or one brings no more. Returns
   * how long it took to the last of them.
   */
  private static long collectNs(int count) throws InterruptedException {
    long start = System.nanoTime();
    long last = start;
    long seen = 0;
    long before;
    do {
      before = seen;
      System.gc();
      // The cleaner's thread runs them.
      for (int idle = 0; idle < PATIENCE_MS && seen < count; ++idle) {
        long now = RAN.get();
        if (now != seen) {
          seen = now;
          last = System.nanoTime();
          idle = 0;
        } else {
          Thread.sleep(1);
        }
      }
    } while (before < seen && seen < count);
    return last - start;
  }

  public static void main(String[] arguments) throws InterruptedException {
    int count = Integer.parseInt(arguments[0]);
    long start = System.nanoTime();
    addObjects(count);
    double buildUs = (System.nanoTime() - start) / 1e3;
    double collectUs = collectNs(count) / 1e3;
    System.out.printf(
        Locale.ROOT,
        "ran=%d sum=%d build_us=%.1f collect_us=%.1f%n",
        RAN.get(),
        SUM.get(),
        buildUs,
        collectUs);
  }
}
