package selvedge.server.edge;

import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import selvedge.engine.replication.Openings;

/**
 * The servers by which changes come to this process, from the origin on, and this process at the
 * end. Each is a random id. An edge that finds itself in the chain of the server that it follows
 * would follow itself. Safe for use by many threads.
 */
public final class Chain {

  /** Longer chains are not passed on. */
  private static final int SERVERS_MAX = 100;

  private final String id;
  private volatile List<String> above = List.of();

  public Chain(RandomGenerator random) {
    this.id = Openings.idText(random.nextLong());
  }

  /** Returns the ids, separated by commas. */
  public String text() {
    List<String> servers = above;
    return servers.isEmpty() ? id : String.join(",", servers) + "," + id;
  }

  /** Forgets the server that this one has followed. */
  public void begin() {
    above = List.of();
  }

  /** Returns whether this process is in the chain of another one. */
  public boolean isIn(String other) {
    return ids(other).contains(id);
  }

  /**
   * Sets the chain of the server that this one follows. In a circle, only the part behind this
   * process is passed on, so that every server of it finds itself and the chain does not grow.
   *
   * @param other empty if it is a server of an earlier version
   * @return whether this process is in that chain
   */
  public boolean follow(String other) {
    List<String> servers = ids(other);
    List<String> behind = servers.subList(servers.lastIndexOf(id) + 1, servers.size());
    above = behind.size() > SERVERS_MAX ? List.of() : List.copyOf(behind);
    return behind.size() < servers.size();
  }

  private static List<String> ids(String chain) {
    return chain.isEmpty() ? List.of() : Arrays.asList(chain.split(",", -1));
  }
}
