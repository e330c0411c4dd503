package selvedge.patterns;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import selvedge.model.Get;
import selvedge.model.Key;
import selvedge.model.Lookup;
import selvedge.model.Namespace;
import selvedge.model.OverloadedException;

/**
 * Makes one request of many gets: while one is on its way, those that come gather for the next, and
 * those for the same key are one. Safe for use by many threads.
 *
 * <p>Nobody waits for others to come: a get that is alone goes at once.
 *
 * {@snippet class="selvedge.examples.Tour" region="reader"}
 */
public final class CoalescingReader {
  private static final int KEYS_AT_ONCE = 100;

  private final Namespace namespace;
  private final ReentrantLock lock = new ReentrantLock();
  private Map<Key, Asked> gathering = new LinkedHashMap<>();
  private boolean asking;

  /** A key that somebody waits for. */
  private static final class Asked {
    private final CountDownLatch done = new CountDownLatch(1);
    private volatile @Nullable Lookup found;
    private volatile @Nullable RuntimeException failure;
  }

  public CoalescingReader(Namespace namespace) {
    this.namespace = namespace;
  }

  public Lookup get(Key key) {
    Asked mine;
    boolean leads;
    lock.lock();
    try {
      mine = gathering.computeIfAbsent(key, same -> new Asked());
      leads = !asking;
      asking = true;
    } finally {
      lock.unlock();
    }
    if (leads) {
      askUntilNobodyWaits();
    }
    return await(mine);
  }

  private void askUntilNobodyWaits() {
    for (Map<Key, Asked> some = next(); !some.isEmpty(); some = next()) {
      ask(some);
    }
  }

  private Map<Key, Asked> next() {
    lock.lock();
    try {
      Map<Key, Asked> some = new LinkedHashMap<>();
      Map<Key, Asked> rest = new LinkedHashMap<>();
      gathering.forEach((key, asked) -> (some.size() < KEYS_AT_ONCE ? some : rest).put(key, asked));
      gathering = rest;
      asking = !some.isEmpty();
      return some;
    } finally {
      lock.unlock();
    }
  }

  private void ask(Map<Key, Asked> some) {
    List<Asked> waiting = new ArrayList<>(some.values());
    try {
      List<Lookup> found =
          some.size() == 1
              ? List.of(namespace.get(some.keySet().iterator().next()))
              : namespace.getAll(List.copyOf(some.keySet()), Get.PLAIN);
      for (int i = 0; i < found.size(); i++) {
        waiting.get(i).found = found.get(i);
      }
    } catch (RuntimeException e) {
      waiting.forEach(asked -> asked.failure = e);
    } finally {
      waiting.forEach(asked -> asked.done.countDown());
    }
  }

  private static Lookup await(Asked asked) {
    try {
      asked.done.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new OverloadedException("interrupted before there was an answer");
    }
    RuntimeException failure = asked.failure;
    if (failure != null) {
      throw failure;
    }
    Lookup found = asked.found;
    if (found == null) {
      throw new OverloadedException("there was no answer");
    }
    return found;
  }
}
