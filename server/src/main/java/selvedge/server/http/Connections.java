package selvedge.server.http;

import io.netty.channel.Channel;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import selvedge.server.share.Owner;

/**
 * The open connections, by the address of the client. Safe for use by many threads.
 *
 * <p>When there are as many as there may be, a new one takes the place of the one that has been
 * idle longest, among those of the address that holds most.
 */
final class Connections {
  private final long most;
  private final ReentrantLock lock = new ReentrantLock();

  /** Of each address, those that have not been used for longest come first. */
  private final Map<Owner, LinkedHashMap<Channel, Seat>> open = new HashMap<>();

  private long count;

  Connections(long most) {
    this.most = most;
  }

  /**
   * Adds the connection, and closes another one if need be. Returns false when there is none that
   * can be closed for it.
   */
  boolean add(Channel connection) {
    Owner owner = Owner.address(connection.remoteAddress());
    var seat = new Seat(() -> use(owner, connection));
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
      open.computeIfAbsent(owner, _ -> new LinkedHashMap<>()).put(connection, seat);
      count++;
    } finally {
      lock.unlock();
    }
    if (victim != null) {
      victim.connection().close();
    }
    connection.attr(Seat.KEY).set(seat);
    connection.closeFuture().addListener(_ -> closed(owner, connection));
    return true;
  }

  /** The connection that makes room. */
  private record Victim(Owner owner, Channel connection) {}

  private Optional<Victim> victim(Owner newcomer) {
    Owner greediest = newcomer;
    for (Owner each : open.keySet()) {
      greediest = held(each) > held(greediest) ? each : greediest;
    }
    Map<Channel, Seat> candidates = open.getOrDefault(greediest, new LinkedHashMap<>());
    for (Map.Entry<Channel, Seat> each : candidates.entrySet()) {
      if (each.getValue().isIdle()) {
        return Optional.of(new Victim(greediest, each.getKey()));
      }
    }
    Iterator<Channel> oldest = candidates.keySet().iterator();
    boolean isUnfair = held(greediest) > 2 * (held(newcomer) + 1);
    return isUnfair && oldest.hasNext()
        ? Optional.of(new Victim(greediest, oldest.next()))
        : Optional.empty();
  }

  private int held(Owner owner) {
    Map<Channel, Seat> own = open.get(owner);
    return own == null ? 0 : own.size();
  }

  private void use(Owner owner, Channel connection) {
    lock.lock();
    try {
      Map<Channel, Seat> own = open.get(owner);
      Seat seat = own == null ? null : own.remove(connection);
      if (own != null && seat != null) {
        own.put(connection, seat);
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
    Map<Channel, Seat> own = open.get(owner);
    if (own != null && own.remove(connection) != null) {
      count--;
      if (own.isEmpty()) {
        open.remove(owner);
      }
    }
  }
}
