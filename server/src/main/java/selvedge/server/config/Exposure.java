package selvedge.server.config;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;

/** Finds secrets that a server sends over the network unencrypted. */
public final class Exposure {
  private Exposure() {}

  /** Returns a warning with its remedy for each. */
  public static List<String> of(Config config) {
    List<String> warnings = new ArrayList<>();
    if (config.tlsCertificate().isEmpty() && !isLoopback(config.host())) {
      warnings.add(
          "tokens and values are sent unencrypted, because "
              + config.host()
              + " has no TLS: set --tls-cert and --tls-key, or listen on 127.0.0.1 behind a proxy"
              + " with TLS");
    }
    URI origin = URI.create(config.origin());
    if ("http".equals(origin.getScheme())
        && !config.originToken().isEmpty()
        && !isLoopback(origin.getHost())) {
      warnings.add(
          "the token for "
              + config.origin()
              + " is sent unencrypted: set up TLS at the origin and use its https address here");
    }
    return warnings;
  }

  static boolean isLoopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }
}
