package selvedge.server.http;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/** What the connections of one event loop have in common. Belongs to its thread. */
final class LoopContext {
  private final ShortReads shortReads = new ShortReads();
  private final Set<ConnectionHandler> connections =
      Collections.newSetFromMap(new IdentityHashMap<>());

  ShortReads shortReads() {
    return shortReads;
  }

  /** Adds a connection, or a stream of HTTP/2. */
  void add(ConnectionHandler connection) {
    connections.add(connection);
  }

  void remove(ConnectionHandler connection) {
    connections.remove(connection);
  }

  /** Ends every request of this loop that would not be admitted any more. */
  void readmit() {
    for (ConnectionHandler each : List.copyOf(connections)) {
      each.readmit();
    }
  }

  /** Whether there is only one. */
  boolean isAlone() {
    return connections.size() == 1;
  }
}
