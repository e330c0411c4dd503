package selvedge.server.share;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.HexFormat;

/**
 * The party that a shared bound counts a request for: the token that admitted it, or the address of
 * the client where no token did.
 */
public record Owner(String name) {

  /** The owner of what the server does for itself. */
  public static final Owner NOBODY = new Owner("nobody");

  /** A provider gives each customer at least so many bytes of an IPv6 address. */
  private static final int NETWORK_BYTES = 8;

  private static final int IPV4_BYTES = 4;

  public static Owner token(String id) {
    return new Owner("token " + id);
  }

  /** Returns the owner of an address; for IPv6 it stands for the whole network of the client. */
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
