package selvedge.server.site;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import selvedge.engine.edge.EdgeFile;
import selvedge.engine.files.SyncedFiles;
import selvedge.model.NamespaceId;
import selvedge.server.config.Config;

/**
 * The origin that an edge follows, kept in the file that marks a data directory as one of an edge.
 * Used by one thread at a time.
 */
final class FollowedOrigin {
  private static final Logger LOG = LoggerFactory.getLogger(FollowedOrigin.class);

  private final Config config;
  private final EdgeFile file;

  FollowedOrigin(Config config) {
    this.config = config;
    this.file = new EdgeFile(config.data());
  }

  /** Returns the origin of the directory; empty if the directory belongs to no edge. */
  Optional<String> read() {
    return file.read();
  }

  /** Returns the origin: the configured one, or the one that an operator has named since. */
  String address() {
    return file.origin(config.origin());
  }

  /**
   * Takes the configured origin if it has changed since an operator named another one, and says
   * which one counts.
   */
  void configure() {
    file.configure(config.origin());
    if (!address().equals(config.origin())) {
      LOG.info(
          "following {}, as selvedge follow has named it, and not the setting origin {}: start once"
              + " with another origin to end this",
          address(),
          config.origin());
    }
  }

  /** Records another origin, which the next site will follow. */
  void change(String origin) {
    file.write(config.origin(), origin, missing());
  }

  /** Marks the directory as one of an edge, before a store is loaded into it. */
  void mark() {
    try {
      SyncedFiles.createDirectories(config.data());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make " + config.data(), e);
    }
    file.write(config.origin(), address(), missing());
  }

  /** Records that the store which was loaded is in use. */
  void installed() {
    file.installed();
  }

  /** Makes the directory one of an origin. */
  void delete() {
    file.delete();
  }

  /** Returns whether the store in use has the namespaces that the configuration replicates. */
  boolean isInstalledAsConfigured() {
    return file.lacking().equals(missing());
  }

  /** Returns whether the store that was loaded last has the configured namespaces. */
  boolean isLoadedAsConfigured() {
    return file.loading().equals(missing());
  }

  /** Returns the namespaces that are cached, which the store does not have. */
  private String missing() {
    return String.join(",", config.cached().stream().map(NamespaceId::hex).sorted().toList());
  }
}
