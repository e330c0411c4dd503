package selvedge.server.http;

import io.netty.channel.Channel;
import io.netty.handler.ssl.SslHandler;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/** Reads the names in the verified certificate of a client. */
final class PeerNames {
  private static final int DNS_NAME = 2;
  private static final int IP_ADDRESS = 7;

  private PeerNames() {}

  /**
   * Returns the DNS names and IP addresses in the certificate of the client, or its subject if it
   * has neither; empty if the client presented none.
   *
   * @param channel a connection after its handshake, or a stream of one
   */
  static List<String> of(Channel channel) {
    SslHandler tls = tls(channel);
    if (tls == null || !tls.engine().getWantClientAuth()) {
      return List.of();
    }
    return names(tls.engine());
  }

  private static @Nullable SslHandler tls(Channel channel) {
    Channel connection =
        channel.parent() != null && channel.pipeline().get(SslHandler.class) == null
            ? channel.parent()
            : channel;
    return connection.pipeline().get(SslHandler.class);
  }

  private static List<String> names(SSLEngine engine) {
    List<String> names = new ArrayList<>();
    try {
      var certificate = (X509Certificate) engine.getSession().getPeerCertificates()[0];
      Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
      for (List<?> name : alternatives == null ? List.<List<?>>of() : alternatives) {
        if (name.get(0).equals(DNS_NAME) || name.get(0).equals(IP_ADDRESS)) {
          names.add(String.valueOf(name.get(1)).toLowerCase(Locale.ROOT));
        }
      }
      if (names.isEmpty()) {
        names.add(certificate.getSubjectX500Principal().getName());
      }
      return List.copyOf(names);
    } catch (SSLPeerUnverifiedException | CertificateParsingException e) {
      // The client presented no certificate, or one whose names cannot be parsed.
      return List.of();
    }
  }
}
