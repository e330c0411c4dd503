package selvedge.patterns;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import selvedge.model.Bytes;
import selvedge.model.Expiry;
import selvedge.model.Get;
import selvedge.model.InvalidRequestException;
import selvedge.model.Key;
import selvedge.model.Lookup;
import selvedge.model.Metadata;
import selvedge.model.Mutation;
import selvedge.model.Namespace;
import selvedge.model.Put;
import selvedge.model.SelvedgeException;

/**
 * Any number of keys, some at a time. Safe for use by many threads.
 *
 * {@snippet class="selvedge.examples.Tour" region="bulk"}
 *
 * @param chunk how many keys make one request
 * @param concurrency how many requests are on their way at once
 * @param tries how often a request is made that may succeed later
 * @param progress hears how many keys are done
 */
public record Bulk(
    Namespace namespace, int chunk, int concurrency, int tries, LongConsumer progress) {

  public Bulk {
    if (chunk < 1 || concurrency < 1 || tries < 1) {
      throw new InvalidRequestException("chunk, concurrency and tries are at least 1");
    }
  }

  public static Bulk of(Namespace namespace) {
    return new Bulk(namespace, 500, 4, 3, done -> {});
  }

  /** What became of the keys. */
  public record Summary(long succeeded, Map<Key, SelvedgeException> failed) {
    public Summary {
      failed = Map.copyOf(failed);
    }

    public boolean isComplete() {
      return failed.isEmpty();
    }
  }

  public Summary putAll(Map<Key, Bytes> values) {
    return run(values.keySet(), keys -> put(keys, values));
  }

  /** A large value is put by itself, and so is one that has kept others out. */
  private void put(List<Key> keys, Map<Key, Bytes> values) {
    if (keys.size() == 1) {
      Key key = keys.getFirst();
      namespace.put(key, values.getOrDefault(key, Bytes.EMPTY), Put.PLAIN);
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

  public Summary deleteAll(Collection<Key> keys) {
    return run(
        keys, some -> namespace.write(some.stream().<Mutation>map(Mutation.Delete::new).toList()));
  }

  /** What was read, and what became of the keys that were not. */
  public record Read(Map<Key, Bytes> found, Summary summary) {}

  public Read getAll(Collection<Key> keys) {
    Map<Key, Bytes> values = new ConcurrentHashMap<>();
    Summary summary =
        run(
            keys,
            some -> {
              for (Lookup lookup : namespace.getAll(some, Get.PLAIN)) {
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

  private Summary run(Collection<Key> keys, Consumer<List<Key>> work) {
    Map<Key, SelvedgeException> failed = new ConcurrentHashMap<>();
    var done = new AtomicLong();
    var places = new Semaphore(concurrency);
    List<Thread> running = new ArrayList<>();
    List<Key> all = List.copyOf(keys);
    for (int from = 0; from < all.size(); from += chunk) {
      List<Key> some = all.subList(from, Math.min(all.size(), from + chunk));
      places.acquireUninterruptibly();
      running.add(
          Thread.startVirtualThread(
              () -> {
                try {
                  attempt(some, work, failed);
                } finally {
                  progress.accept(done.addAndGet(some.size()));
                  places.release();
                }
              }));
    }
    running.forEach(Bulk::join);
    return new Summary(all.size() - failed.size(), failed);
  }

  /** What fails for many may fail for one of them only: then each is tried by itself. */
  private void attempt(
      List<Key> keys, Consumer<List<Key>> work, Map<Key, SelvedgeException> failed) {
    for (int i = 1; true; i++) {
      try {
        work.accept(keys);
        return;
      } catch (SelvedgeException e) {
        boolean later = e.remedy() == SelvedgeException.Remedy.TIME;
        if (later && i < tries) {
          continue;
        }
        if (later || keys.size() == 1) {
          keys.forEach(key -> failed.put(key, e));
        } else {
          keys.forEach(key -> attempt(List.of(key), work, failed));
        }
        return;
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
