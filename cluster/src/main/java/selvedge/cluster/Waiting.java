package selvedge.cluster;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/** The servers that wait to be added, as they announce themselves. Safe for use by many threads. */
final class Waiting {
  /** How long an announcement counts. A server repeats it every second. */
  private static final Duration VALID = Duration.ofSeconds(10);

  private final LongSupplier ticks;
  private final Map<String, Announcement> announced = new ConcurrentHashMap<>();

  private record Announcement(Peer peer, long at) {}

  Waiting(LongSupplier ticks) {
    this.ticks = ticks;
  }

  void announce(Peer peer) {
    announced.put(peer.name(), new Announcement(peer, ticks.getAsLong()));
  }

  Optional<Peer> find(String name) {
    return all().stream().filter(each -> each.name().equals(name)).findFirst();
  }

  void remove(String name) {
    announced.remove(name);
  }

  /** Returns the servers that have announced themselves a moment ago. */
  List<Peer> all() {
    long now = ticks.getAsLong();
    announced.values().removeIf(each -> now - each.at() > VALID.toNanos());
    return announced.values().stream().map(Announcement::peer).toList();
  }
}
