package selvedge.server.config;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.regex.Pattern;
import selvedge.model.InvalidRequestException;

/**
 * The settings of a voter, which is a member of the quorum.
 *
 * @param node the name of this voter; empty for a server that is none
 * @param cluster the addresses between voters, HOST:PORT by name, with which the cluster is formed
 * @param join where clients reach a voter of the cluster that this one joins, HOST:PORT; empty for
 *     a voter that forms a cluster
 * @param advertise the URL where clients and other servers reach this voter; empty for the host of
 *     its address in the cluster and the port of {@code listen}
 * @param authorities the file with the authority of the certificates of voters
 * @param certificate the file with the certificate of this voter
 */
public record Voting(
    String node,
    SequencedMap<String, String> cluster,
    String join,
    String advertise,
    String authorities,
    String certificate,
    String key) {
  /** The settings of a server that is no voter. */
  public static final Voting NONE = new Voting("", new LinkedHashMap<>(), "", "", "", "", "");

  private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?");
  private static final Pattern ADDRESS =
      Pattern.compile("(\\[[0-9a-fA-F:]+\\]|[^:\\s]+):[0-9]{1,5}");

  public Voting {
    cluster = new LinkedHashMap<>(cluster);
  }

  /** Returns whether this server is a voter. */
  public boolean isVoter() {
    return !node.isEmpty();
  }

  /** Throws if a text cannot be the name of a voter. */
  public static void requireName(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new InvalidRequestException(
          "the name of a voter must have up to 31 lower-case letters, digits and dots, got \""
              + name
              + "\"");
    }
  }

  /** Parses the value of the setting {@code cluster}. */
  static SequencedMap<String, String> cluster(Setting setting) {
    SequencedMap<String, String> voters = new LinkedHashMap<>();
    for (String word : setting.value().split(",", -1)) {
      if (setting.value().isBlank()) {
        break;
      }
      int equals = word.indexOf('=');
      String name = equals < 0 ? "" : word.substring(0, equals).strip();
      String address = word.substring(equals + 1).strip();
      if (!NAME.matcher(name).matches() || !ADDRESS.matcher(address).matches()) {
        throw new InvalidRequestException(
            setting.key()
                + " must list NAME=HOST:PORT, separated by commas, with names of lower-case"
                + " letters, digits, dots and dashes, got \""
                + word.strip()
                + "\" ("
                + setting.source()
                + ")");
      }
      if (voters.put(name, address) != null) {
        throw new InvalidRequestException(setting.key() + " names the voter " + name + " twice");
      }
    }
    return voters;
  }

  /** Throws if the settings contradict each other. */
  void check(boolean edge, int port) {
    if (node.isEmpty() != cluster.isEmpty()) {
      throw new InvalidRequestException(
          "node and cluster must be set together: node is the name of this voter in cluster");
    }
    if (node.isEmpty()) {
      if (!join.isEmpty()) {
        throw new InvalidRequestException(
            "join requires node and cluster, which names this voter: cluster = d=HOST:PORT");
      }
      return;
    }
    if (!cluster.containsKey(node)) {
      throw new InvalidRequestException(
          "cluster must name this voter, node = " + node + ", and names " + cluster.keySet());
    }
    checkJoin();
    if (cluster.size() % 2 == 0 || cluster.size() > 7) {
      throw new InvalidRequestException(
          "cluster must name 1, 3, 5 or 7 voters, got " + cluster.size());
    }
    if (edge) {
      throw new InvalidRequestException(
          "cluster cannot be combined with origin: a voter is part of the origin");
    }
    if (port == 0 && advertise.isEmpty()) {
      throw new InvalidRequestException(
          "a voter must listen on a port that the others can know: give listen a port, or set"
              + " advertise");
    }
    if (certificate.isEmpty() != key.isEmpty() || certificate.isEmpty() != authorities.isEmpty()) {
      throw new InvalidRequestException(
          "cluster-ca, cluster-cert and cluster-key must be set together");
    }
    if (certificate.isEmpty() && !cluster.values().stream().allMatch(Voting::isLoopback)) {
      throw new InvalidRequestException(
          "voters on several machines must have certificates: set cluster-ca, cluster-cert and"
              + " cluster-key");
    }
  }

  private void checkJoin() {
    if (join.isEmpty()) {
      return;
    }
    if (cluster.size() != 1) {
      throw new InvalidRequestException(
          "cluster must name this voter alone, together with join, and names " + cluster.keySet());
    }
    if (!ADDRESS.matcher(join).matches()) {
      throw new InvalidRequestException(
          "join must be HOST:PORT, where clients reach a voter, got \"" + join + "\"");
    }
  }

  private static boolean isLoopback(String address) {
    String host = address.substring(0, address.lastIndexOf(':'));
    return Exposure.isLoopback(host);
  }

  /** Returns the addresses by name. */
  public Map<String, String> addresses() {
    return Map.copyOf(cluster);
  }
}
