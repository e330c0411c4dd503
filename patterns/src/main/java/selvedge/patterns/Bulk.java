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
import org.jspecify.annotations.Nullable;
import selvedge.model.Bytes;
import selvedge.model.Expiry;
import selvedge.model.InvalidRequestException;
import selvedge.model.Key;
import selvedge.model.Limit;
import selvedge.model.Lookup;
import selvedge.model.Metadata;
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
 * {@snippet class="selvedge.examples.Tour" region="bulk"}
 *
 * @param chunk the number of keys of a request
 * @param concurrency the number of requests in flight at once
 * @param tries how often a request is made that fails for a reason that may pass
 * @param progress receives the number of keys that are done, whether they succeeded or failed; an
 *     exception that it throws does not change the work or its summary
 */
public record Bulk(
    Namespace namespace, int chunk, int concurrency, int tries, LongConsumer progress) {
  private static final System.Logger LOG = System.getLogger("selvedge.patterns");

  public Bulk {
    if (chunk < 1 || concurrency < 1 || tries < 1) {
      throw new InvalidRequestException(
          "chunk, concurrency and tries must be at least 1, got %d, %d and %d"
              .formatted(chunk, concurrency, tries));
    }
  }

  /** Returns bulk access with 500 keys a request, 4 requests at once and 3 tries. */
  public static Bulk of(Namespace namespace) {
    return new Bulk(namespace, 500, 4, 3, done -> {});
  }

  /**
   * The result of an operation on many keys.
   *
   * @param succeeded the number of keys whose operation was acknowledged
   * @param failed every other key, with the reason; a write whose answer was lost may have been
   *     made
   */
  public record Summary(long succeeded, Map<Key, RuntimeException> failed) {
    public Summary {
      failed = Map.copyOf(failed);
    }

    /** Returns whether the operation succeeded for every key. */
    public boolean isComplete() {
      return failed.isEmpty();
    }
  }

  /** An operation on some keys, all or none. */
  private interface Work {
    void on(List<Key> keys);
  }

  /**
   * Puts all values, without metadata and expiry.
   *
   * <p>The puts of one request are atomic, all of them are not. A value too large for a request
   * with others is put alone. A key that fails is no exception: it is in the summary, and the other
   * keys are put.
   *
   * @throws Error if a request throws one, after the requests in flight have ended
   */
  public Summary putAll(Map<Key, Bytes> values) {
    Map<Key, Bytes> copy = new LinkedHashMap<>(values);
    List<Key> small = new ArrayList<>();
    List<List<Key>> requests = new ArrayList<>();
    copy.forEach(
        (key, value) -> {
          if (value.size() <= Limit.INLINE_BYTES.in(Profile.OPEN)) {
            small.add(key);
          } else {
            requests.add(List.of(key));
          }
        });
    requests.addAll(0, chunks(small));
    return run(requests, keys -> put(keys, copy));
  }

  private void put(List<Key> keys, Map<Key, Bytes> values) {
    if (keys.size() == 1) {
      Key key = keys.getFirst();
      namespace.put(key, values.getOrDefault(key, Bytes.EMPTY), WriteOptions.PLAIN);
      return;
    }
    namespace.write(
        keys.stream()
            .<Mutation>map(
                key ->
                    new Mutation.Put(
                        key, values.getOrDefault(key, Bytes.EMPTY), Metadata.NONE, Expiry.NEVER))
            .toList());
  }

  /**
   * Deletes all keys. A key that does not exist is no failure. The deletes of one request are
   * atomic, all of them are not.
   *
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
