package selvedge.server.tls;

import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import selvedge.model.tls.Identity;
import selvedge.model.tls.Trust;

/**
 * What the outgoing connections of a server trust and present, from files that are read again while
 * it runs. One thread refreshes, any thread may read.
 */
public final class OutgoingTls implements Supplier<Trust> {
  private final WatchedFiles<Content> files;
  private volatile Trust trust;

  /**
   * What the files hold.
   *
   * @param authorities empty for those of {@link Trust#usual}
   */
  private record Content(List<X509Certificate> authorities, @Nullable Identity identity) {
    Trust trust() {
      Trust trust = authorities.isEmpty() ? Trust.usual() : Trust.of(authorities);
      return identity == null ? trust : trust.presenting(identity);
    }
  }

  /**
   * Reads the files, of which each may be empty text for none.
   *
   * @param authorities certificates of those to trust
   * @param certificate presented to servers that request one
   * @param key that belongs to the certificate
   */
  public OutgoingTls(String authorities, String certificate, String key) {
    this.files =
        new WatchedFiles<>(
            "what outgoing connections trust and present",
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

  /** Reads the files again, for the connections that are made from now on. */
  public void refresh() {
    files.refresh();
  }
}
