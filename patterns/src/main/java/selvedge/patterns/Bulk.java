package selvedge.patterns;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import selvedge.model.Bytes;
import selvedge.model.Condition;
import selvedge.model.InvalidRequestException;
import selvedge.model.Key;
import selvedge.model.Limit;
import selvedge.model.Lookup;
import selvedge.model.Mutation;
import selvedge.model.Namespace;
import selvedge.model.Profile;
import selvedge.model.ReadOptions;
import selvedge.model.SelvedgeException;
import selvedge.model.WriteOptions;

/**
 * Puts, reads and deletes any number of keys in chunks, several requests at a time, and reports
 * each key that failed. Safe for use by many threads.
 *
 * {@snippet class="selvedge.examples.BulkProgram" region="bulk"}
 *
 * <p>Start with {@link #of}; {@link #chunk}, {@link #concurrency}, {@link #tries} and {@link
 * #progress} return changed copies. The other methods block until all requests have ended.
 */
public final class Bulk {
  private static final System.Logger LOG = System.getLogger("selvedge.patterns");
  private static final int CHUNK = 500;
  private static final int CONCURRENCY = 4;
  private static final int TRIES = 3;

  private final Namespace namespace;
  private final int chunk;
  private final int concurrency;
  private final int tries;
  private final LongConsumer progress;

  private Bulk(Namespace namespace, int chunk, int concurrency, int tries, LongConsumer progress) {
    this.namespace = namespace;
    this.chunk = chunk;
    this.concurrency = concurrency;
    this.tries = tries;
    this.progress = progress;
  }

  /**
   * Returns bulk access with 500 keys a request, 4 requests at a time and 3 tries.
   *
   * @param namespace the namespace of the keys
   * @return the bulk access
   */
  public static Bulk of(Namespace namespace) {
    return new Bulk(namespace, CHUNK, CONCURRENCY, TRIES, done -> {});
  }

  private static int requireAtLeastOne(String option, int number) {
    if (number < 1) {
      throw new InvalidRequestException(option + " must be at least 1, got " + number);
    }
    return number;
  }

  /**
   * Returns a copy with another number of keys in a request.
   *
   * @param keys at least 1; the server has a limit, too
   * @return the changed copy
   * @throws InvalidRequestException if the number is less than 1
   */
  public Bulk chunk(int keys) {
    return new Bulk(namespace, requireAtLeastOne("chunk", keys), concurrency, tries, progress);
  }

  /**
   * Returns a copy with another number of requests in flight at the same time.
   *
   * @param requests at least 1
   * @return the changed copy
   * @throws InvalidRequestException if the number is less than 1
   */
  public Bulk concurrency(int requests) {
    return new Bulk(namespace, chunk, requireAtLeastOne("concurrency", requests), tries, progress);
  }

  /**
   * Returns a copy with another number of attempts for a request that fails for a reason that may
   * pass.
   *
   * @param attempts at least 1
   * @return the changed copy
   * @throws InvalidRequestException if the number is less than 1
   */
  public Bulk tries(int attempts) {
    return new Bulk(namespace, chunk, concurrency, requireAtLeastOne("tries", attempts), progress);
  }

  /**
   * Returns a copy with a callback that follows the progress.
   *
   * @param callback receives the number of keys that are done, whether they succeeded or failed, on
   *     the threads that make the requests; an exception that it throws is logged and changes
   *     neither the work nor its summary
   * @return the changed copy
   */
  public Bulk progress(LongConsumer callback) {
    return new Bulk(namespace, chunk, concurrency, tries, callback);
  }

  /**
   * The result of an operation on many keys.
   *
   * @param succeeded the number of keys whose operation was acknowledged
   * @param failed every other key, with the reason; a write whose answer was lost may have been
   *     made
   */
  public record Summary(long succeeded, Map<Key, RuntimeException> failed) {

    /** Copies the failed keys. */
    public Summary {
      failed = Map.copyOf(failed);
    }

    /**
     * Returns whether the operation succeeded for every key.
     *
     * @return whether there is no failed key
     */
    public boolean isComplete() {
      return failed.isEmpty();
    }

    /**
     * Returns this summary if the operation succeeded for every key.
     *
     * @return this summary
     * @throws RuntimeException the failure of one of the failed keys
     */
    public Summary orElseThrow() {
      for (RuntimeException failure : failed.values()) {
        throw failure;
      }
      return this;
    }
  }

  /**
   * A put with its own options.
   *
   * @param key the key
   * @param value the value
   * @param options metadata, expiry and condition
   */
  public record Put(Key key, Bytes value, WriteOptions options) {}

  /** An operation on some keys, all or none. */
  private interface Work {
    void on(List<Key> keys);
  }

  /**
   * Puts all values, without metadata and expiry.
   *
   * @param values the values by key
   * @return the keys that were put and those that failed
   * @throws Error if a request throws one, after the requests in flight have ended
   */
  public Summary putAll(Map<Key, Bytes> values) {
    List<Put> puts = new ArrayList<>();
    values.forEach((key, value) -> puts.add(new Put(key, value, WriteOptions.PLAIN)));
    return putAll(puts);
  }

  /**
   * Puts all values, each with its own options.
   *
   * <p>The puts of one request are atomic, all of them are not. A put is made alone if its value is
   * too large for a request with others, or if it has a condition. A key that fails is no
   * exception: it is in the summary, and the other keys are put. The failure of a condition that
   * does not hold is a {@link selvedge.model.ConflictException}.
   *
   * @param puts the puts; of several for one key, the last one is made
   * @return the keys that were put and those that failed
   * @throws Error if a request throws one, after the requests in flight have ended
   */
  public Summary putAll(Collection<Put> puts) {
    Map<Key, Put> byKey = new LinkedHashMap<>();
    puts.forEach(put -> byKey.put(put.key(), put));
    List<Key> together = new ArrayList<>();
    List<List<Key>> requests = new ArrayList<>();
    byKey.forEach(
        (key, put) -> {
          if (isAlone(put)) {
            requests.add(List.of(key));
          } else {
            together.add(key);
          }
        });
    requests.addAll(0, chunks(together));
    return run(
        requests,
        keys -> put(keys.stream().flatMap(key -> Stream.ofNullable(byKey.get(key))).toList()));
  }

  private static boolean isAlone(Put put) {
    return put.value().size() > Limit.INLINE_BYTES.in(Profile.OPEN)
        || !(put.options().condition() instanceof Condition.Always);
  }

  private void put(List<Put> puts) {
    if (puts.size() == 1) {
      Put put = puts.getFirst();
      namespace.put(put.key(), put.value(), put.options()).orElseThrow();
      return;
    }
    namespace.write(
        puts.stream()
            .<Mutation>map(
                put ->
                    new Mutation.Put(
                        put.key(),
                        put.value(),
                        put.options().metadata(),
                        put.options().expiry(),
                        put.options().timeToLive()))
            .toList());
  }

  /**
   * Deletes all keys. A key that does not exist is no failure. The deletes of one request are
   * atomic, all of them are not.
   *
   * @param keys the keys
   * @return the keys that were deleted and those that failed
   * @throws Error if a request throws one, after the requests in flight have ended
   */
  public Summary deleteAll(Collection<Key> keys) {
    return run(
        chunks(keys),
        some -> namespace.write(some.stream().<Mutation>map(Mutation.Delete::new).toList()));
  }

  /**
   * The result of {@link #getAll}.
   *
   * @param found the values of the keys that exist, in the order of the keys
   * @param summary the keys that could not be read; a key that does not exist is none of them
   */
  public record Read(Map<Key, Bytes> found, Summary summary) {}

  /**
   * Reads all keys. A key that does not exist is no failure.
   *
   * @param keys the keys
   * @return the values that exist, and the keys that could not be read
   * @throws Error if a request throws one, after the requests in flight have ended
   */
  public Read getAll(Collection<Key> keys) {
    Map<Key, Bytes> values = new ConcurrentHashMap<>();
    Summary summary =
        run(
            chunks(keys),
            some -> {
              for (Lookup lookup : namespace.getAll(some, ReadOptions.PLAIN)) {
                if (lookup instanceof Lookup.Found found) {
                  values.put(found.entry().key(), found.entry().value().bytes());
                }
              }
            });
    Map<Key, Bytes> found = new LinkedHashMap<>();
    for (Key key : keys) {
      Bytes value = values.get(key);
      if (value != null) {
        found.put(key, value);
      }
    }
    return new Read(found, summary);
  }

  private List<List<Key>> chunks(Collection<Key> keys) {
    List<Key> all = List.copyOf(new LinkedHashSet<>(keys));
    List<List<Key>> chunks = new ArrayList<>();
    for (int from = 0; from < all.size(); from += chunk) {
      chunks.add(all.subList(from, Math.min(all.size(), from + chunk)));
    }
    return chunks;
  }

  private Summary run(List<List<Key>> requests, Work work) {
    var run = new Run(work);
    var places = new Semaphore(concurrency);
    List<Thread> running = new ArrayList<>();
    for (List<Key> keys : requests) {
      places.acquireUninterruptibly();
      if (run.error != null) {
        break;
      }
      running.add(
          Thread.startVirtualThread(
              () -> {
                try {
                  run.attempt(keys);
                  run.report(keys.size());
                } finally {
                  places.release();
                }
              }));
    }
    running.forEach(Bulk::join);
    Error error = run.error;
    if (error != null) {
      throw error;
    }
    return new Summary(run.succeeded.get(), run.failed);
  }

  /** The state of one operation. A key counts as succeeded only after its request returned. */
  private final class Run {
    private final Work work;
    private final Map<Key, RuntimeException> failed = new ConcurrentHashMap<>();
    private final AtomicLong succeeded = new AtomicLong();
    private final AtomicLong done = new AtomicLong();
    private volatile @Nullable Error error;

    Run(Work work) {
      this.work = work;
    }

    void attempt(List<Key> keys) {
      try {
        attempt(keys, tries);
      } catch (Error e) {
        error = e;
      }
    }

    /** Halves a request that was refused, until the key is found for which it was refused. */
    private void attempt(List<Key> keys, int left) {
      try {
        work.on(keys);
        succeeded.addAndGet(keys.size());
      } catch (SelvedgeException e) {
        boolean passes = e.remedy() == SelvedgeException.Remedy.TIME;
        if (passes && left > 1) {
          attempt(keys, left - 1);
        } else if (e.remedy() == SelvedgeException.Remedy.CALLER && keys.size() > 1) {
          attempt(keys.subList(0, keys.size() / 2), tries);
          attempt(keys.subList(keys.size() / 2, keys.size()), tries);
        } else {
          keys.forEach(key -> failed.put(key, e));
        }
      } catch (RuntimeException e) {
        keys.forEach(key -> failed.put(key, e));
      }
    }

    /** An exception of the callback must not change what is reported about the keys. */
    void report(long keys) {
      try {
        progress.accept(done.addAndGet(keys));
      } catch (RuntimeException e) {
        LOG.log(System.Logger.Level.WARNING, "the progress callback failed", e);
      }
    }
  }

  private static void join(Thread thread) {
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
