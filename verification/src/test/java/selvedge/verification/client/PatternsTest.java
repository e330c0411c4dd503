package selvedge.verification.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import selvedge.model.Bytes;
import selvedge.model.Key;
import selvedge.model.Namespace;
import selvedge.model.Selvedge;
import selvedge.model.Version;
import selvedge.model.testing.MemoryNamespaces;
import selvedge.patterns.Analytics;
import selvedge.patterns.Election;
import selvedge.patterns.EventStore;
import selvedge.patterns.FixedWindow;
import selvedge.patterns.Lease;
import selvedge.patterns.Locks;
import selvedge.patterns.RateLimiter;
import selvedge.patterns.SlidingWindow;
import selvedge.patterns.TokenBucket;
import selvedge.patterns.WorkQueue;
import selvedge.verification.process.Launch;
import selvedge.verification.process.Polling;
import selvedge.verification.process.ServerProcess;
import selvedge.verification.process.Servers;

/** The exact guarantees of patterns, with two clients of two servers. */
final class PatternsTest {
  private static final int THREADS = 64;
  private static final int FEW_THREADS = 8;
  private static final Duration HOUR = Duration.ofHours(1);

  @RegisterExtension static final Servers SERVERS = Servers.shared();
  @TempDir static Path folder;

  private static List<URI> places = List.of();

  private Selvedge one = MemoryNamespaces.selvedge();
  private Selvedge other = MemoryNamespaces.selvedge();

  @BeforeAll
  static void start() {
    ServerProcess origin = SERVERS.start(folder.resolve("origin"));
    ServerProcess edge =
        SERVERS.start(Launch.on(folder.resolve("fra")).follow(origin.uri(), "fra"));
    places = List.of(origin.uri(), edge.uri());
  }

  @BeforeEach
  void connect() {
    one = Selvedge.connect(places.getFirst());
    other = Selvedge.connect(places.getLast());
  }

  @AfterEach
  void close() {
    one.close();
    other.close();
  }

  private interface Work {
    int at(Namespace namespace);
  }

  /** Runs the work with half of the threads at the origin and half at the edge. */
  private int sum(Work work) throws Exception {
    return sum(THREADS, work);
  }

  private int sum(int size, Work work) throws Exception {
    List<Namespace> namespaces = List.of(one.namespace("n"), other.namespace("n"));
    List<Callable<Integer>> all = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      Namespace place = namespaces.get(i % 2);
      all.add(() -> work.at(place));
    }
    int sum = 0;
    try (ExecutorService threads = Executors.newFixedThreadPool(size)) {
      for (Future<Integer> each : threads.invokeAll(all)) {
        sum += each.get();
      }
    }
    return sum;
  }

  private static int admitted(RateLimiter limiter) {
    int through = 0;
    for (int i = 0; i < 3; i++) {
      through += limiter.tryAcquire("alice").allowed() ? 1 : 0;
    }
    return through;
  }

  @Test
  void aRateLimiterAdmitsExactlyAHundred() throws Exception {
    InstantSource clock = InstantSource.fixed(InstantSource.system().instant());
    assertThat(sum(at -> admitted(new FixedWindow(at, "fixed/", 100, HOUR, clock)))).isEqualTo(100);
    assertThat(sum(at -> admitted(new SlidingWindow(at, "sliding/", 100, HOUR, clock))))
        .isEqualTo(100);
    assertThat(sum(at -> admitted(new TokenBucket(at, "bucket/", 100, HOUR, clock))))
        .isEqualTo(100);
  }

  @Test
  void concurrentIncrementsHaveTheExactSum() throws Exception {
    InstantSource clock = InstantSource.fixed(InstantSource.system().instant());
    sum(
        at -> {
          var analytics = new Analytics(at, "count/", HOUR, new Random(), clock);
          for (int i = 0; i < 5; i++) {
            analytics.record("view");
          }
          return 0;
        });
    var hours =
        new Analytics(one.namespace("n"), "count/", HOUR, new Random(), clock)
            .hourly("view", clock.instant(), clock.instant().plus(HOUR));
    assertThat(hours).extracting(Analytics.Count::count).containsExactly(THREADS * 5L);
  }

  @Test
  void aHolderPausedBeyondItsLeaseIsRefused() throws Exception {
    var here = new Locks(one.namespace("n"), "lock/");
    var there = new Locks(other.namespace("n"), "lock/");
    Lease paused = here.tryAcquire("job", Duration.ofSeconds(1)).orElseThrow();
    assertThat(there.tryAcquire("job", Duration.ofSeconds(1))).isEmpty();
    List<Lease> next = new ArrayList<>();
    Polling.await(
        "the end of the lease",
        () -> {
          Optional<Lease> taken = there.tryAcquire("job", Duration.ofSeconds(30));
          taken.ifPresent(next::add);
          return taken.isPresent();
        });
    Lease second = next.getFirst();
    assertThat(second.fence()).isGreaterThan(paused.fence());
    Key account = Key.of("account");
    assertThat(new Locks.Guarded(other.namespace("n"), account).write(second, Bytes.utf8("second")))
        .isTrue();
    assertThat(new Locks.Guarded(one.namespace("n"), account).write(paused, Bytes.utf8("late")))
        .isFalse();
    assertThat(here.release(paused)).isFalse();
    assertThat(one.namespace("n").getText("account")).contains("second");
  }

  @Test
  void concurrentAppendsWithoutANumberMakeOneHistory() throws Exception {
    sum(
        FEW_THREADS,
        at -> {
          var events = new EventStore(at, "events/");
          for (int i = 0; i < 5; i++) {
            events.append("orders", "placed", Bytes.utf8("7"));
          }
          return 0;
        });
    List<EventStore.Event> events =
        new EventStore(one.namespace("n"), "events/").read("orders", 1).toList();
    assertThat(events)
        .extracting(EventStore.Event::number)
        .containsExactlyElementsOf(LongStream.rangeClosed(1, FEW_THREADS * 5).boxed().toList());
    assertThat(events).extracting(EventStore.Event::at).isSorted();
    assertThat(events).extracting(EventStore.Event::id).doesNotHaveDuplicates();
  }

  @Test
  void workersAtTwoServersDoEachMessageAndThoseOfALostWorker() throws Exception {
    var here = new WorkQueue(one.namespace("n"), "queue/");
    for (int i = 0; i < 20; i++) {
      here.put(Bytes.utf8("m" + i));
    }
    assertThat(here.take(Duration.ofSeconds(1)).orElseThrow().number()).isEqualTo(1);
    Set<Long> done = ConcurrentHashMap.newKeySet();
    int handled =
        sum(
            FEW_THREADS,
            at -> {
              var queue = new WorkQueue(at, "queue/");
              int number = 0;
              while (done.size() < 20) {
                Optional<WorkQueue.Message> taken = queue.take(HOUR, Duration.ofMillis(100));
                if (taken.isPresent()) {
                  number++;
                  done.add(taken.get().number());
                  queue.done(taken.get());
                }
              }
              return number;
            });
    assertThat(handled).isEqualTo(20);
    assertThat(here.size()).isZero();
  }

  @Test
  void anotherCandidateLeadsWhenTheLeaderIsGone() throws Exception {
    Duration lease = Duration.ofSeconds(2);
    try (Election first = Election.join(new Locks(one.namespace("n"), "lock/"), "office", lease)) {
      Polling.await("the first leader", first::isLeader);
      Version fence = first.lease().orElseThrow().fence();
      try (Election second =
          Election.join(new Locks(other.namespace("n"), "lock/"), "office", lease)) {
        one.close();
        Polling.await(
            "the second leader",
            () -> {
              boolean follows = second.isLeader();
              assertThat(follows && first.isLeader()).isFalse();
              return follows;
            });
        assertThat(second.lease().orElseThrow().fence()).isGreaterThan(fence);
      }
    }
  }
}
