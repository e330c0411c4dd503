package selvedge.cli.worker;

import java.net.URI;
import java.util.Locale;
import selvedge.model.InvalidRequestException;

/**
 * Where workerd finds the server.
 *
 * @param address host and port
 */
record ServerAddress(String address, String host, boolean tls) {

  static ServerAddress of(URI uri) {
    String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
    boolean tls = scheme.equals("https");
    if ((!tls && !scheme.equals("http")) || uri.getHost() == null) {
      throw new InvalidRequestException(
          "--server is a URL such as http://127.0.0.1:5820, not " + uri);
    }
    int port = uri.getPort() >= 0 ? uri.getPort() : tls ? 443 : 80;
    return new ServerAddress(uri.getHost() + ":" + port, uri.getHost(), tls);
  }
}
