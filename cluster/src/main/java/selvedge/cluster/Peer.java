package selvedge.cluster;

import java.net.InetSocketAddress;
import java.net.URI;
import org.apache.ratis.protocol.RaftPeer;
import selvedge.server.config.Config;
import selvedge.server.config.Voting;

/**
 * A voter as the other voters know it.
 *
 * @param id its name and a random number of its directory, so that a voter whose directory was
 *     emptied is another one
 * @param address where other voters reach it
 * @param uri where clients and servers reach it
 */
record Peer(String id, InetSocketAddress address, URI uri) {

  /** Returns the name that an operator gave the voter. */
  String name() {
    return id.substring(0, id.lastIndexOf('-'));
  }

  /** Returns the voter of a configuration as the others must know it. */
  static Peer self(Config config, String id) {
    Voting voting = config.voting();
    InetSocketAddress address = address(String.valueOf(voting.cluster().get(voting.node())));
    String scheme = config.tlsCertificate().isEmpty() ? "http://" : "https://";
    var listening = InetSocketAddress.createUnresolved(address.getHostString(), config.port());
    String uri = voting.advertise().isEmpty() ? scheme + text(listening) : voting.advertise();
    return new Peer(id, address, URI.create(uri));
  }

  /** The address for clients has the place of that of a service which is not used. */
  RaftPeer raft() {
    return RaftPeer.newBuilder()
        .setId(id)
        .setAddress(text(address))
        .setDataStreamAddress(uri.toString())
        .build();
  }

  static Peer of(RaftPeer peer) {
    return new Peer(
        peer.getId().toString(),
        address(peer.getAddress()),
        URI.create(String.valueOf(peer.getDataStreamAddress())));
  }

  static String text(InetSocketAddress address) {
    String host = address.getHostString();
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + address.getPort();
  }

  /** Parses HOST:PORT, and does not resolve the name. */
  static InetSocketAddress address(String text) {
    int colon = text.lastIndexOf(':');
    String host = text.substring(0, colon);
    boolean bracketed = host.startsWith("[") && host.endsWith("]");
    return InetSocketAddress.createUnresolved(
        bracketed ? host.substring(1, host.length() - 1) : host,
        Integer.parseInt(text.substring(colon + 1)));
  }

  @Override
  public String toString() {
    return id + " " + text(address) + " " + uri;
  }

  static Peer parse(String line) {
    String[] fields = line.split(" ", -1);
    if (fields.length != 3 || fields[0].lastIndexOf('-') < 1 || fields[1].indexOf(':') < 1) {
      throw new IllegalArgumentException("a voter must be an id, an address and a URL: " + line);
    }
    return new Peer(fields[0], address(fields[1]), URI.create(fields[2]));
  }
}
