package selvedge.server.http;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/** What the connections of one event loop have in common. Belongs to its thread. */
final class Loop {
  private final ShortReads shortReads = new ShortReads();
  private final Set<Exchanges> connections = Collections.newSetFromMap(new IdentityHashMap<>());

  ShortReads shortReads() {
    return shortReads;
  }

  /** Adds a connection, or a stream of HTTP/2. */
  void add(Exchanges connection) {
    connections.add(connection);
  }

  void remove(Exchanges connection) {
    connections.remove(connection);
  }

  /** Ends every request of this loop that would not be admitted any more. */
  void readmit() {
    for (Exchanges each : List.copyOf(connections)) {
      each.readmit();
    }
  }

  /** Whether there is only one. */
  boolean isAlone() {
    return connections.size() == 1;
  }
}
