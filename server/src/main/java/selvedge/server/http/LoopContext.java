package selvedge.server.http;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/** The state that the connections of one event loop share. Belongs to the thread of the loop. */
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

  /** Ends each request of this loop whose token is no longer valid. */
  void readmit() {
    for (ConnectionHandler connection : List.copyOf(connections)) {
      connection.readmit();
    }
  }

  /** Returns whether the loop has only one connection. */
  boolean isAlone() {
    return connections.size() == 1;
  }
}
