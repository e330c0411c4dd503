package selvedge.client;

import java.net.URI;
import java.util.HashSet;
import java.util.Set;

/**
 * A circuit breaker: whether a request has a chance of an answer. Safe for use by many threads.
 *
 * <p>A circuit opens when every server has refused a connection since the last answer, or after a
 * number of other failures in a row. It closes at the next answer.
 */
final class Circuit {
  private static final int FAILURES_MAX = 3;

  private final int servers;
  private final Set<URI> refused = new HashSet<>();
  private int failures;
  private volatile boolean untroubled = true;
  private volatile boolean open;

  Circuit(int servers) {
    this.servers = servers;
  }

  boolean isOpen() {
    return open;
  }

  /** Records a refused connection, and returns whether this opens the circuit. */
  synchronized boolean refused(URI server) {
    refused.add(server);
    return opened();
  }

  /**
   * Records a timeout, a broken connection or a 503, and returns whether this opens the circuit.
   */
  synchronized boolean failed() {
    failures++;
    return opened();
  }

  private boolean opened() {
    untroubled = false;
    boolean before = open;
    open = refused.size() >= servers || failures >= FAILURES_MAX;
    return open && !before;
  }

  void answered() {
    if (!untroubled) {
      close();
    }
  }

  private synchronized void close() {
    refused.clear();
    failures = 0;
    untroubled = true;
    open = false;
  }
}
