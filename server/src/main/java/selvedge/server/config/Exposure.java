package selvedge.server.config;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;

/** Finds out which secrets of a server cross the network readable. */
public final class Exposure {
  private Exposure() {}

  /** Returns a sentence for each, with what to do. */
  public static List<String> of(Config config) {
    List<String> sentences = new ArrayList<>();
    if (config.tlsCertificate().isEmpty() && !isLoopback(config.host())) {
      sentences.add(
          "without TLS on "
              + config.host()
              + " tokens and values cross the network readable: give --tls-cert and --tls-key, or"
              + " listen on 127.0.0.1 behind a proxy with TLS");
    }
    URI origin = URI.create(config.origin());
    if ("http".equals(origin.getScheme())
        && !config.originToken().isEmpty()
        && !isLoopback(origin.getHost())) {
      sentences.add(
          "the token for "
              + config.origin()
              + " crosses the network readable: give the origin TLS, and its https address here");
    }
    return sentences;
  }

  private static boolean isLoopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }
}
