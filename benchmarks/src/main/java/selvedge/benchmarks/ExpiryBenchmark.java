package selvedge.benchmarks;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.BooleanSupplier;
import selvedge.engine.feed.FeedRead;
import selvedge.engine.store.rocks.RocksStore;
import selvedge.model.Bytes;
import selvedge.model.Change;
import selvedge.model.Expiry;
import selvedge.model.Key;
import selvedge.model.Limit;
import selvedge.model.Limits;
import selvedge.model.Listing;
import selvedge.model.Metadata;
import selvedge.model.Mutation;
import selvedge.model.NamespaceId;
import selvedge.model.Profile;
import selvedge.model.Version;
import selvedge.model.testing.SettableClock;

/**
 * Measures how long maintenance steps block the writer: with 300,000 keys that expire in one
 * second, and with 500 puts per second with a time to live of a minute, for ten minutes of a
 * settable clock.
 *
 * <p>An origin and an edge run maintenance with the same two calls, on the thread that changes the
 * store. The store of the edge is filled from the feed of the origin, like a follower does it.
 * There is no grace period, so that rows are freed within the ten minutes.
 */
public final class ExpiryBenchmark {
  private static final NamespaceId NAMESPACE = new NamespaceId("11".repeat(16));
  private static final int AT_ONCE = 300_000;
  private static final int PUTS_A_SECOND = 500;
  private static final int SECONDS = 600;
  private static final int PAGE = 500;
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private final Limits limits = Limits.of(Profile.OPEN).with(Limit.EXPIRY_GRACE_SECONDS, 0);
  private final SettableClock clock = new SettableClock(Instant.parse("2026-01-01T00:00:00Z"));
  private final Random random = new Random(1);
  private final List<Side> sides;
  private long version;

  private ExpiryBenchmark(Path directory) {
    this.sides =
        List.of(
            new Side("origin", RocksStore.open(directory.resolve("o"), limits, clock, random)),
            new Side("edge", RocksStore.open(directory.resolve("e"), limits, clock, random)));
  }

  /** A store and the times for which its maintenance blocked the writing thread. */
  private final class Side {
    private final String name;
    private final RocksStore store;
    private final List<Long> holds = new ArrayList<>();
    private final List<Long> cpu = new ArrayList<>();

    Side(String name, RocksStore store) {
      this.name = name;
      this.store = store;
    }

    void upkeep() {
      boolean more = true;
      while (more) {
        more = measured(this::trim);
        more |= measured(this::sweep);
      }
    }

    private boolean measured(BooleanSupplier piece) {
      long start = System.nanoTime();
      long before = THREADS.getCurrentThreadCpuTime();
      boolean more = piece.getAsBoolean();
      cpu.add(THREADS.getCurrentThreadCpuTime() - before);
      holds.add(System.nanoTime() - start);
      return more;
    }

    private boolean trim() {
      return store.trim(
          limits.seconds(Limit.FEED_SECONDS), limits.get(Limit.FEED_BYTES), clock.instant());
    }

    private boolean sweep() {
      return store.sweep(
          clock.instant().minus(limits.seconds(Limit.EXPIRY_GRACE_SECONDS)),
          limits.size(Limit.SWEEP_ENTRIES));
    }

    int rows() {
      int rows = 0;
      var page = store.list(NAMESPACE, Listing.all(10_000));
      rows += page.entries().size();
      while (!page.complete()) {
        page = store.list(NAMESPACE, Listing.all(10_000).after(page.entries().getLast().key()));
        rows += page.entries().size();
      }
      return rows;
    }

    void report(String title) {
      System.out.printf("%s at the %s: %d pieces%n", title, name, holds.size());
      report("elapsed time", holds);
      report("processor time", cpu);
    }

    private static void report(String kind, List<Long> nanos) {
      long[] sorted = nanos.stream().mapToLong(Long::longValue).sorted().toArray();
      System.out.printf(
          "  %s: %.1f s in total, p50 %.1f ms, p99 %.1f ms, maximum %.1f ms%n",
          kind,
          Arrays.stream(sorted).sum() / 1e9,
          sorted[sorted.length / 2] / 1e6,
          sorted[(int) (sorted.length * 0.99)] / 1e6,
          sorted[sorted.length - 1] / 1e6);
      nanos.clear();
    }
  }

  private void put(int count, Duration ttl) {
    RocksStore origin = sides.getFirst().store;
    for (int done = 0; done < count; done += PAGE) {
      List<Change> changes = new ArrayList<>();
      for (int i = 0; i < PAGE; i++) {
        byte[] value = new byte[200];
        random.nextBytes(value);
        var put =
            new Mutation.Put(
                Key.of("session/" + Long.toHexString(random.nextLong())),
                Bytes.adopt(value),
                Metadata.NONE,
                Expiry.at(clock.instant().plus(ttl)));
        changes.add(new Change(new Version(++version), clock.instant(), NAMESPACE, put));
      }
      origin.commit(changes);
      if (origin.read(sides.getLast().store.latest(), PAGE) instanceof FeedRead.Changes read) {
        sides.getLast().store.commit(read.changes());
      }
    }
  }

  private void run() {
    put(AT_ONCE, Duration.ofMinutes(1));
    clock.advance(Duration.ofHours(2));
    for (Side side : sides) {
      side.upkeep();
      side.report(AT_ONCE + " keys that expire together");
    }
    for (int second = 1; second <= SECONDS; second++) {
      put(PUTS_A_SECOND, Duration.ofMinutes(1));
      clock.advance(Duration.ofSeconds(1));
      if (second % limits.get(Limit.SWEEP_SECONDS) == 0) {
        sides.forEach(Side::upkeep);
      }
      if (second % 60 == 0) {
        System.out.printf(
            "after %d s: %d rows at the origin, %d at the edge%n",
            second, sides.getFirst().rows(), sides.getLast().rows());
      }
    }
    sides.forEach(side -> side.report(PUTS_A_SECOND + " expiring puts a second"));
    sides.forEach(side -> side.store.close());
  }

  public static void main(String[] arguments) throws IOException {
    new ExpiryBenchmark(Files.createTempDirectory("selvedge-expiry")).run();
  }
}
