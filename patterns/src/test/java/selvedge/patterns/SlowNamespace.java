package selvedge.patterns;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import selvedge.model.InvalidRequestException;
import selvedge.model.Key;
import selvedge.model.Lookup;
import selvedge.model.Namespace;
import selvedge.model.ReadOptions;

/** A namespace whose reads wait for a gate and are counted. */
final class SlowNamespace extends WrappedNamespace {
  static final Key REFUSED = Key.of("refused");

  private final Semaphore gate = new Semaphore(0);
  private @Nullable Error error;
  private final List<Integer> asked = new ArrayList<>();

  SlowNamespace(Namespace namespace) {
    super(namespace);
  }

  void open() {
    gate.release(1_000_000);
  }

  /** Throws an error from the next read. */
  synchronized void failNext(Error thrown) {
    error = thrown;
  }

  private synchronized void throwError() {
    Error thrown = error;
    error = null;
    if (thrown != null) {
      throw thrown;
    }
  }

  /** Lets one read through. */
  void openOnce() {
    gate.release();
  }

  /** Returns the number of keys of each request. */
  synchronized List<Integer> asked() {
    return List.copyOf(asked);
  }

  private void ask(int keys) {
    synchronized (this) {
      asked.add(keys);
    }
    try {
      gate.acquire();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throwError();
  }

  @Override
  public Lookup get(Key key, ReadOptions options) {
    ask(1);
    return super.get(key, options);
  }

  @Override
  public List<Lookup> getAll(List<Key> keys, ReadOptions options) {
    ask(keys.size());
    if (keys.contains(REFUSED)) {
      throw new InvalidRequestException("the key is refused");
    }
    return super.getAll(keys, options);
  }
}
