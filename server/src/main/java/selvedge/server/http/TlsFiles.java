package selvedge.server.http;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http2.Http2SecurityUtil;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import selvedge.model.InvalidRequestException;
import selvedge.model.tls.Identity;
import selvedge.model.tls.Trust;
import selvedge.server.tls.WatchedFiles;

/**
 * The certificate chain and key of the server, from PEM files that are read again while it runs.
 *
 * <p>New connections use the newest valid pair. One thread refreshes; any thread may read.
 */
public final class TlsFiles {
  private static final Logger LOG = LoggerFactory.getLogger(TlsFiles.class);

  private final WatchedFiles<Content> files;
  private volatile SslContext context;

  /**
   * The content of the files.
   *
   * @param peers the authorities of certificates that clients may present; empty to request none
   */
  private record Content(Identity identity, List<X509Certificate> peers) {
    static Content read(Path certificate, Path key, String peers) {
      return new Content(
          Identity.read(certificate, key),
          peers.isEmpty() ? List.of() : Trust.certificates(Path.of(peers)));
    }

    @Override
    public String toString() {
      return identity.toString();
    }
  }

  /**
   * Reads the pair. A certificate that is not valid at this moment is used with a warning, because
   * clients that do not check it can still connect.
   *
   * @param peers file with the authorities of certificates that clients may present; empty to
   *     request none
   * @param clock by which a certificate that replaces another one must be valid
   * @throws InvalidRequestException if the files cannot be read or do not belong together
   */
  public TlsFiles(Path certificate, Path key, String peers, InstantSource clock) {
    this.files =
        new WatchedFiles<>(
            "tls-cert " + certificate,
            () -> Content.read(certificate, key, peers),
            content -> use(content, clock.instant()));
    this.context = context(files.current());
    if (!files.current().identity().isValidAt(clock.instant())) {
      LOG.warn(
          "clients will reject the certificate, which is not valid at this time: {}",
          files.current());
    }
  }

  /** Returns the certificate of new connections. */
  public X509Certificate certificate() {
    return files.current().identity().certificate();
  }

  /** Reads the files again and returns whether the certificate has changed. */
  public boolean refresh() {
    return files.refresh();
  }

  SslHandler handler(ByteBufAllocator allocator) {
    return new SingleHandshakeHandler(context.newEngine(allocator));
  }

  private void use(Content content, Instant now) {
    if (!content.identity().isValidAt(now)) {
      throw new InvalidRequestException(
          "the certificate is not valid at this time: " + content.identity());
    }
    context = context(content);
  }

  private static SslContext context(Content content) {
    Identity identity = content.identity();
    SslContextBuilder builder = SslContextBuilder.forServer(identity.key(), identity.chain());
    if (!content.peers().isEmpty()) {
      builder.clientAuth(ClientAuth.OPTIONAL).trustManager(content.peers());
    }
    try {
      return builder
          .protocols("TLSv1.3", "TLSv1.2")
          .ciphers(Http2SecurityUtil.CIPHERS, SupportedCipherSuiteFilter.INSTANCE)
          .applicationProtocolConfig(
              new ApplicationProtocolConfig(
                  ApplicationProtocolConfig.Protocol.ALPN,
                  ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                  ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                  ApplicationProtocolNames.HTTP_2,
                  ApplicationProtocolNames.HTTP_1_1))
          .build();
    } catch (SSLException e) {
      throw new InvalidRequestException("the certificate cannot be used: " + e.getMessage());
    }
  }
}
