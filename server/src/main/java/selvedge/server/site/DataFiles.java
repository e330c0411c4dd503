package selvedge.server.site;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import selvedge.server.config.Config;

/** Facts about the disk and the files of a server. Safe for use by many threads. */
final class DataFiles {
  private final Config config;

  DataFiles(Config config) {
    this.config = config;
  }

  /** Returns the size of the disk with the data. */
  long totalBytes() {
    try {
      return Files.getFileStore(config.data()).getTotalSpace();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the size of the disk", e);
    }
  }

  /** Returns the size of the files of RocksDB, of which the properties are given. */
  static long storedBytes(Map<String, Long> properties) {
    return properties.getOrDefault("total_sst_files_size", 0L)
        + properties.getOrDefault("live_blob_file_size", 0L);
  }

  /** Returns the end of the certificate of the server; empty without one that can be read. */
  Optional<Instant> certificateEnd() {
    if (config.tlsCertificate().isEmpty()) {
      return Optional.empty();
    }
    try (InputStream in = Files.newInputStream(Path.of(config.tlsCertificate()))) {
      return CertificateFactory.getInstance("X.509").generateCertificate(in)
              instanceof X509Certificate certificate
          ? Optional.of(certificate.getNotAfter().toInstant())
          : Optional.empty();
    } catch (IOException | CertificateException e) {
      // The server keeps the pair that it has read, and logs the failure.
      return Optional.empty();
    }
  }
}
