package selvedge.client;

import java.net.URI;
import java.util.HashSet;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * A circuit breaker: whether a request has a chance of an answer. Safe for use by many threads.
 *
 * <p>A circuit opens when every server has refused a connection, or has let the whole time of an
 * attempt pass, since the last answer of any of them; or after three other failures in a row for
 * each server. It closes at the next answer. The caller must send a probe as soon as it opens, so a
 * single slow operation opens it for a moment only.
 */
final class Circuit {
  private static final int FAILURES_MAX = 3;

  private final int servers;
  private final LongSupplier ticks;
  private final Set<URI> silent = new HashSet<>();
  private int failures;
  private volatile long answered;
  private volatile boolean untroubled = true;
  private volatile boolean open;

  Circuit(int servers, LongSupplier ticks) {
    this.servers = servers;
    this.ticks = ticks;
    this.answered = ticks.getAsLong() - 1;
  }

  boolean isOpen() {
    return open;
  }

  /** Records a refused connection, and returns whether this opens the circuit. */
  synchronized boolean refused(URI server) {
    silent.add(server);
    return opened();
  }

  /**
   * Records an attempt that was not answered in its time, and returns whether this opens the
   * circuit.
   *
   * @param start when the attempt began
   */
  synchronized boolean timedOut(URI server, long start) {
    if (answered - start < 0) {
      silent.add(server);
    }
    failures++;
    return opened();
  }

  /** Records a broken connection or a 503, and returns whether this opens the circuit. */
  synchronized boolean failed() {
    failures++;
    return opened();
  }

  private boolean opened() {
    untroubled = false;
    boolean before = open;
    open = silent.size() >= servers || failures >= FAILURES_MAX * servers;
    return open && !before;
  }

  void answered() {
    answered = ticks.getAsLong();
    if (!untroubled) {
      close();
    }
  }

  private synchronized void close() {
    silent.clear();
    failures = 0;
    untroubled = true;
    open = false;
  }
}
