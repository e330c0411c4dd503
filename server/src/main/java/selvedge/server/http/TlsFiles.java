package selvedge.server.http;

import io.netty.handler.codec.http2.Http2SecurityUtil;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import selvedge.model.InvalidRequestException;

/**
 * A certificate chain and its key in PEM files, read again when they change.
 *
 * <p>New connections get the newest certificate that could be read; broken files keep the old one.
 * One thread refreshes, any may read.
 */
public final class TlsFiles {
  private final Path certificate;
  private final Path key;
  private final Logger log = LoggerFactory.getLogger(TlsFiles.class);
  private FileTime readAt;
  private volatile SslContext context;

  public TlsFiles(Path certificate, Path key) {
    this.certificate = certificate;
    this.key = key;
    try {
      this.readAt = changedAt();
      this.context = read();
    } catch (IOException | IllegalArgumentException e) {
      throw new InvalidRequestException(
          "no certificate and key can be read from "
              + certificate
              + " and "
              + key
              + ": "
              + e.getMessage());
    }
  }

  SslContext context() {
    return context;
  }

  void refresh() {
    try {
      FileTime changed = changedAt();
      if (!changed.equals(readAt)) {
        readAt = changed;
        context = read();
        log.info("read a new certificate from {}", certificate);
      }
    } catch (IOException | IllegalArgumentException e) {
      log.warn("the new certificate cannot be used, the old one stays: {}", e.getMessage());
    }
  }

  private FileTime changedAt() throws IOException {
    FileTime first = Files.getLastModifiedTime(certificate);
    FileTime second = Files.getLastModifiedTime(key);
    return first.compareTo(second) > 0 ? first : second;
  }

  private SslContext read() throws SSLException {
    return SslContextBuilder.forServer(certificate.toFile(), key.toFile())
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
  }
}
