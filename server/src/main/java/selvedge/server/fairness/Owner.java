package selvedge.server.fairness;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.HexFormat;

/**
 * The party that a shared limit counts a request for: the token of the request, or else the address
 * of the client.
 */
public record Owner(String name) {

  /** The owner of the work that the server does for itself. */
  public static final Owner SERVER = new Owner("server");

  /**
   * The bytes of an IPv6 address that identify a network: providers assign a /64 or more to a
   * customer.
   */
  private static final int NETWORK_BYTES = 8;

  private static final int IPV4_BYTES = 4;

  public static Owner token(String id) {
    return new Owner("token " + id);
  }

  /** Returns the owner of an address. All addresses of an IPv6 /64 network have one owner. */
  public static Owner address(SocketAddress address) {
    return address instanceof InetSocketAddress inet && inet.getAddress() != null
        ? new Owner("address " + network(inet.getAddress()))
        : new Owner("address " + address);
  }

  private static String network(InetAddress address) {
    byte[] bytes = address.getAddress();
    return bytes.length == IPV4_BYTES
        ? address.getHostAddress()
        : HexFormat.of().formatHex(bytes, 0, NETWORK_BYTES);
  }
}
