package selvedge.client;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import selvedge.model.Version;

/**
 * The servers of a client, of which the nearest one that answers is used. Safe for use by many
 * threads.
 *
 * <p>It also holds the session: the newest version that any caller of the client has seen. A server
 * that has not shown this version yet receives it with each read.
 */
final class Servers {
  private static final Duration BACK_TO_THE_NEAREST = Duration.ofSeconds(10);

  private final List<URI> servers;
  private final LongSupplier ticks;
  private final long[] shown;
  private long session;
  private int current;
  private long left;

  Servers(List<URI> servers, LongSupplier ticks) {
    this.servers = servers;
    this.ticks = ticks;
    this.shown = new long[servers.size()];
  }

  int size() {
    return servers.size();
  }

  /**
   * Returns the server for the next attempt. While another one than the nearest is used, one
   * attempt in ten seconds tries the nearest, so that the others do not wait for a lost machine.
   *
   * @param isRepeatable whether the next server can be asked afterwards; only such an attempt tries
   *     the nearest
   */
  synchronized URI current(boolean isRepeatable) {
    long now = ticks.getAsLong();
    if (isRepeatable && current != 0 && now - left > BACK_TO_THE_NEAREST.toNanos()) {
      left = now;
      return servers.getFirst();
    }
    return servers.get(current);
  }

  /** Records that a server answers: it is used again if it is nearer than the current one. */
  synchronized void answered(URI server) {
    current = Math.min(current, servers.indexOf(server));
  }

  /** Records that a server does not answer: the next one is used for some seconds. */
  synchronized void failed(URI server) {
    if (servers.get(current).equals(server)) {
      current = (current + 1) % servers.size();
      left = ticks.getAsLong();
    }
  }

  /** Returns the version that a read must require of a server; none if the server has shown it. */
  synchronized Version needed(URI server, Version asked) {
    long least = Math.max(session, asked.number());
    return least > shown[servers.indexOf(server)] ? new Version(least) : Version.NONE;
  }

  synchronized void shown(URI server, Version version) {
    int index = servers.indexOf(server);
    shown[index] = Math.max(shown[index], version.number());
    session = Math.max(session, version.number());
  }

  /** Forgets the versions after the given one, because the servers have lost their changes. */
  synchronized void lost(Version agreed) {
    session = Math.min(session, agreed.number());
    for (int i = 0; i < shown.length; i++) {
      shown[i] = Math.min(shown[i], agreed.number());
    }
  }

  /** Records the version of a change, which its server may not show yet. */
  synchronized void made(Version version) {
    session = Math.max(session, version.number());
  }
}
