package selvedge.verification.process;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The lines between voters: one relay for each direction and port. Each voter resolves the names of
 * the others to its own relays, by a hosts file of its JVM. Belongs to one thread.
 */
public final class VoterNetwork implements AutoCloseable {
  private static final String HOST = "voter-";
  private static final String LOOPBACK = "127.0.0.1";

  private final Path folder;
  private final List<String> names;
  private final Map<String, List<Relay>> lines = new TreeMap<>();

  /**
   * @param firstPort the ports for clients, one for each voter, followed by those for voters
   */
  VoterNetwork(Path folder, List<String> names, int firstPort) throws IOException {
    this.folder = Files.createDirectories(folder);
    this.names = List.copyOf(names);
    for (String from : names) {
      for (String to : names) {
        if (!from.equals(to)) {
          List<Relay> both = new ArrayList<>();
          for (int port : new int[] {0, names.size()}) {
            int number = firstPort + port + names.indexOf(to);
            both.add(
                Relay.at(
                    new InetSocketAddress(InetAddress.ofLiteral(address(from, to)), number),
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), number)));
          }
          lines.put(from + to, both);
        }
      }
      Files.write(hosts(from), hostLines(from));
    }
  }

  /** Returns the address at which one voter reaches another one. */
  private String address(String from, String to) {
    return "127.0." + (10 + names.indexOf(from)) + "." + (10 + names.indexOf(to));
  }

  private Path hosts(String name) {
    return folder.resolve("hosts-" + name);
  }

  private List<String> hostLines(String name) throws UnknownHostException {
    List<String> all = new ArrayList<>();
    all.add(LOOPBACK + " localhost");
    all.add(LOOPBACK + " " + InetAddress.getLocalHost().getHostName());
    for (String each : names) {
      all.add((each.equals(name) ? LOOPBACK : address(name, each)) + " " + host(each));
    }
    return all;
  }

  static String host(String name) {
    return HOST + name;
  }

  /** Returns the JVM option with which a voter finds the others. */
  String jvmOption(String name) {
    return "-Djdk.net.hosts.file=" + hosts(name);
  }

  /** Loses everything that one voter sends to another one. */
  public void loseFrom(String from, String to) {
    line(from, to).forEach(Relay::dropForward);
    line(to, from).forEach(Relay::dropBackward);
  }

  /** Delays everything between a voter and the others. */
  public void slow(String name, Duration delay) {
    for (String other : names) {
      if (!other.equals(name)) {
        line(name, other).forEach(each -> each.delay(delay));
        line(other, name).forEach(each -> each.delay(delay));
      }
    }
  }

  /** Delays everything between all voters. */
  public void slowAll(Duration delay) {
    lines.values().forEach(both -> both.forEach(each -> each.delay(delay)));
  }

  /** Ends all troubles of the lines. */
  public void heal() {
    lines
        .values()
        .forEach(
            both ->
                both.forEach(
                    each -> {
                      each.delay(Duration.ZERO);
                      each.resume();
                    }));
  }

  private List<Relay> line(String from, String to) {
    return lines.getOrDefault(from + to, List.of());
  }

  @Override
  public void close() {
    lines.values().forEach(both -> both.forEach(Relay::close));
  }
}
