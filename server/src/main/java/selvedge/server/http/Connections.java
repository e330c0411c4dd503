package selvedge.server.http;

import io.netty.channel.Channel;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import selvedge.server.fairness.Owner;

/**
 * The open connections, by the address of the client. Safe for use by many threads.
 *
 * <p>At the limit, a new connection replaces the one that has been idle longest among those of the
 * address with the most connections.
 */
final class Connections {
  private final long most;
  private final ReentrantLock lock = new ReentrantLock();

  /** The connections of each address, least recently used first. */
  private final Map<Owner, LinkedHashMap<Channel, ConnectionActivity>> open = new HashMap<>();

  private long count;

  Connections(long most) {
    this.most = most;
  }

  /**
   * Adds the connection and, at the limit, closes another one. Returns false if no other one can be
   * closed.
   */
  boolean add(Channel connection) {
    Owner owner = Owner.address(connection.remoteAddress());
    var activity = new ConnectionActivity(() -> use(owner, connection));
    @Nullable Victim victim = null;
    lock.lock();
    try {
      if (count >= most) {
        victim = victim(owner).orElse(null);
        if (victim == null) {
          return false;
        }
        remove(victim.owner(), victim.connection());
      }
      open.computeIfAbsent(owner, _ -> new LinkedHashMap<>()).put(connection, activity);
      count++;
    } finally {
      lock.unlock();
    }
    if (victim != null) {
      victim.connection().close();
    }
    connection.attr(ConnectionActivity.KEY).set(activity);
    connection.closeFuture().addListener(_ -> closed(owner, connection));
    return true;
  }

  /** The connection that is closed to make room for a new one. */
  private record Victim(Owner owner, Channel connection) {}

  private Optional<Victim> victim(Owner newcomer) {
    Owner largest = newcomer;
    for (Owner owner : open.keySet()) {
      largest = held(owner) > held(largest) ? owner : largest;
    }
    Map<Channel, ConnectionActivity> candidates = open.getOrDefault(largest, new LinkedHashMap<>());
    for (Map.Entry<Channel, ConnectionActivity> candidate : candidates.entrySet()) {
      if (candidate.getValue().isIdle()) {
        return Optional.of(new Victim(largest, candidate.getKey()));
      }
    }
    Iterator<Channel> oldest = candidates.keySet().iterator();
    boolean isUnfair = held(largest) > 2 * (held(newcomer) + 1);
    return isUnfair && oldest.hasNext()
        ? Optional.of(new Victim(largest, oldest.next()))
        : Optional.empty();
  }

  private int held(Owner owner) {
    Map<Channel, ConnectionActivity> own = open.get(owner);
    return own == null ? 0 : own.size();
  }

  private void use(Owner owner, Channel connection) {
    lock.lock();
    try {
      Map<Channel, ConnectionActivity> own = open.get(owner);
      ConnectionActivity activity = own == null ? null : own.remove(connection);
      if (own != null && activity != null) {
        own.put(connection, activity);
      }
    } finally {
      lock.unlock();
    }
  }

  private void closed(Owner owner, Channel connection) {
    lock.lock();
    try {
      remove(owner, connection);
    } finally {
      lock.unlock();
    }
  }

  private void remove(Owner owner, Channel connection) {
    Map<Channel, ConnectionActivity> own = open.get(owner);
    if (own != null && own.remove(connection) != null) {
      count--;
      if (own.isEmpty()) {
        open.remove(owner);
      }
    }
  }
}
