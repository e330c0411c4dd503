package selvedge.server.http;

/** What the connections of one event loop have in common. Belongs to its thread. */
final class Loop {
  private final ShortReads shortReads = new ShortReads();
  private int connections;

  ShortReads shortReads() {
    return shortReads;
  }

  /** A connection, or a stream of HTTP/2, has come, or has gone. */
  void connections(int change) {
    connections += change;
  }

  /** Whether there is only one. */
  boolean isAlone() {
    return connections == 1;
  }
}
