package selvedge.patterns;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import selvedge.model.Key;
import selvedge.model.Lookup;
import selvedge.model.Namespace;
import selvedge.model.OverloadedException;
import selvedge.model.ReadOptions;
import selvedge.model.SelvedgeException;

/**
 * Combines concurrent gets into few requests: while a request is in flight, further gets gather for
 * the next one, and gets for the same key share one read. Safe for use by many threads.
 *
 * <p>A get that finds no request in flight reads its own key on the calling thread and does not
 * wait. Gathered gets are read by a virtual thread of their own, so no caller works for others.
 *
 * {@snippet class="selvedge.examples.ReaderProgram" region="reader"}
 */
public final class CoalescingReader {
  private static final int KEYS_AT_ONCE = 100;

  private final Namespace namespace;
  private final ReentrantLock lock = new ReentrantLock();
  private Map<Key, Pending> gathering = new LinkedHashMap<>();
  private boolean reading;

  /** A read that one or more callers wait for. */
  private static final class Pending {
    private final CountDownLatch done = new CountDownLatch(1);
    private volatile @Nullable Lookup found;
    private volatile @Nullable Throwable failure;
  }

  /**
   * Creates a reader.
   *
   * @param namespace the namespace to read
   */
  public CoalescingReader(Namespace namespace) {
    this.namespace = namespace;
  }

  /**
   * Returns the entry under the key, as {@link Namespace#get(Key)} does.
   *
   * <p>The read begins after the call, so it sees every write that returned before the call. A
   * missing key is not an error.
   *
   * @param key the key
   * @return the entry with the version of the answer
   * @throws SelvedgeException if the read fails; a key that is refused fails only its own gets
   * @throws OverloadedException if the calling thread is interrupted while it waits
   */
  public Lookup get(Key key) {
    Pending pending = null;
    lock.lock();
    try {
      if (reading) {
        pending = gathering.computeIfAbsent(key, same -> new Pending());
      }
      reading = true;
    } finally {
      lock.unlock();
    }
    return pending == null ? readAlone(key) : await(pending);
  }

  private Lookup readAlone(Key key) {
    try {
      return namespace.get(key);
    } finally {
      if (hasGathered()) {
        Thread.ofVirtual().name("selvedge-coalescing-reader").start(this::readGathered);
      }
    }
  }

  /** Ends the reading if no get has gathered. */
  private boolean hasGathered() {
    lock.lock();
    try {
      reading = !gathering.isEmpty();
      return reading;
    } finally {
      lock.unlock();
    }
  }

  private void readGathered() {
    do {
      read(takeGathered());
    } while (hasGathered());
  }

  private Map<Key, Pending> takeGathered() {
    lock.lock();
    try {
      Map<Key, Pending> batch = new LinkedHashMap<>();
      Map<Key, Pending> rest = new LinkedHashMap<>();
      gathering.forEach(
          (key, pending) -> (batch.size() < KEYS_AT_ONCE ? batch : rest).put(key, pending));
      gathering = rest;
      return batch;
    } finally {
      lock.unlock();
    }
  }

  /** Catches every throwable: an error must reach the callers, and the next batch must be read. */
  private void read(Map<Key, Pending> batch) {
    try {
      List<Pending> waiting = new ArrayList<>(batch.values());
      List<Lookup> found = namespace.getAll(List.copyOf(batch.keySet()), ReadOptions.PLAIN);
      for (int i = 0; i < waiting.size(); i++) {
        waiting.get(i).found = found.get(i);
      }
    } catch (SelvedgeException e) {
      if (e.remedy() == SelvedgeException.Remedy.CALLER && batch.size() > 1) {
        batch.forEach((key, pending) -> read(Map.of(key, pending)));
      } else {
        batch.values().forEach(pending -> pending.failure = e);
      }
    } catch (Throwable e) {
      batch.values().forEach(pending -> pending.failure = e);
    } finally {
      batch.values().forEach(pending -> pending.done.countDown());
    }
  }

  private static Lookup await(Pending pending) {
    try {
      pending.done.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new OverloadedException("interrupted while waiting for the answer to a get");
    }
    Throwable failure = pending.failure;
    if (failure instanceof Error error) {
      throw error;
    }
    if (failure instanceof RuntimeException exception) {
      throw exception;
    }
    Lookup found = pending.found;
    if (found == null) {
      throw new OverloadedException("the read of the key ended without an answer");
    }
    return found;
  }
}
