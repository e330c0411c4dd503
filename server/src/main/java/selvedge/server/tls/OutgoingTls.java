package selvedge.server.tls;

import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import selvedge.model.tls.Identity;
import selvedge.model.tls.Trust;

/**
 * The trusted authorities and the own certificate of outgoing connections, from files that are read
 * again while the server runs. One thread refreshes; any thread may read.
 */
public final class OutgoingTls implements Supplier<Trust> {
  private final WatchedFiles<Content> files;
  private volatile Trust trust;

  /**
   * The content of the files.
   *
   * @param authorities empty for the authorities of {@link Trust#usual}
   */
  private record Content(List<X509Certificate> authorities, @Nullable Identity identity) {
    Trust trust() {
      Trust trust = authorities.isEmpty() ? Trust.usual() : Trust.of(authorities);
      return identity == null ? trust : trust.presenting(identity);
    }
  }

  /**
   * Reads the files. An empty path means no file.
   *
   * @param authorities file with the certificates of the authorities to trust
   * @param certificate file with the certificate for servers that request one
   * @param key file with the key of the certificate
   */
  public OutgoingTls(String authorities, String certificate, String key) {
    this.files =
        new WatchedFiles<>(
            "certificates of outgoing connections",
            () -> read(authorities, certificate, key),
            content -> trust = content.trust());
    this.trust = files.current().trust();
  }

  private static Content read(String authorities, String certificate, String key) {
    return new Content(
        authorities.isEmpty() ? List.of() : Trust.certificates(Path.of(authorities)),
        certificate.isEmpty() ? null : Identity.read(Path.of(certificate), Path.of(key)));
  }

  @Override
  public Trust get() {
    return trust;
  }

  /** Reads the files again. New connections use the new content. */
  public void refresh() {
    files.refresh();
  }
}
