package selvedge.cli.worker;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import selvedge.model.InvalidRequestException;
import selvedge.model.tls.Trust;

/**
 * The address of the server in the configuration of workerd.
 *
 * @param address host and port
 * @param authorities the certificates to trust as PEM texts; empty for the default authorities
 */
record ServerAddress(String address, String host, boolean tls, List<String> authorities) {
  ServerAddress {
    authorities = List.copyOf(authorities);
  }

  /**
   * @param ca file with the authorities to trust; empty for the default authorities
   */
  static ServerAddress of(URI uri, String ca) {
    String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
    boolean tls = scheme.equals("https");
    if ((!tls && !scheme.equals("http")) || uri.getHost() == null) {
      throw new InvalidRequestException(
          "--server must be a URL such as http://127.0.0.1:5820, got " + uri);
    }
    int port = uri.getPort() >= 0 ? uri.getPort() : tls ? 443 : 80;
    List<String> authorities = tls && !ca.isEmpty() ? Trust.texts(Path.of(ca)) : List.of();
    return new ServerAddress(uri.getHost() + ":" + port, uri.getHost(), tls, authorities);
  }
}
