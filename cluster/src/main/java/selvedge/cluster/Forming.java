package selvedge.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import selvedge.engine.files.SyncedFiles;
import selvedge.engine.form.Form;
import selvedge.model.InvalidRequestException;
import selvedge.server.config.Config;
import selvedge.server.config.Voting;

/**
 * Forms a cluster at the first start of its voters: they exchange their ids, and each one writes
 * down all of them before its log is made. Used once by one thread.
 */
final class Forming {
  private final Config config;
  private final Voting voting;
  private final RandomGenerator random;
  private final Release release;
  private final @Nullable VoterTls tls;
  private final LogKeys keys;
  private final VoterFile file;

  Forming(
      Config config,
      RandomGenerator random,
      Release release,
      @Nullable VoterTls tls,
      LogKeys keys) {
    this.release = release;
    this.tls = tls;
    this.keys = keys;
    this.config = config;
    this.voting = config.voting();
    this.random = random;
    this.file = new VoterFile(config.data(), release);
  }

  /** Returns the content of the file of this voter, once all voters of its cluster are known. */
  VoterFile.Content form() throws IOException {
    VoterFile.Content own = identity();
    if (!own.formatted()) {
      own = new Lobby(voting, Peer.self(config, own.id()), file, release, tls, keys).meet(own);
      SyncedFiles.createDirectories(config.data().resolve("raft"));
      own = own.withLog();
      file.write(own);
    }
    return own;
  }

  /** Returns the content of the file of this voter, once it has the data of its cluster. */
  VoterFile.Content join(SnapshotLoad snapshots) throws IOException {
    VoterFile.Content own = identity();
    return own.formatted()
        ? own
        : new Joining(config, release, snapshots).join(own, Peer.self(config, own.id()));
  }

  private VoterFile.Content identity() throws IOException {
    Optional<VoterFile.Content> before = file.read();
    requireTlsForKeys();
    if (before.isEmpty()) {
      requireEmpty();
    }
    VoterFile.Content own =
        before.orElseGet(
            () -> new VoterFile.Content(newId(), Form.CLUSTER.oldest(), List.of(), false));
    requireName(own);
    if (before.isEmpty()) {
      file.write(own);
    }
    return own;
  }

  private void requireTlsForKeys() {
    if (tls == null && keys.isWanted() && voting.cluster().size() > 1) {
      throw new InvalidRequestException(
          "encrypted voters send each other the key of their log over TLS: set cluster-ca,"
              + " cluster-cert and cluster-key");
    }
  }

  private String newId() {
    return voting.node() + "-" + HexFormat.of().toHexDigits(random.nextLong());
  }

  private void requireName(VoterFile.Content own) {
    if (!own.id().substring(0, own.id().lastIndexOf('-')).equals(voting.node())) {
      throw new InvalidRequestException(
          config.data()
              + " belongs to the voter "
              + own.id()
              + ", and node names "
              + voting.node()
              + ": start it with its own name, or give another directory by --data");
    }
  }

  private void requireEmpty() throws IOException {
    Path data = config.data();
    if (!Files.isDirectory(data)) {
      return;
    }
    try (Stream<Path> all = Files.list(data)) {
      Optional<Path> other =
          all.filter(each -> !each.endsWith("lost+found") && !each.endsWith("spool")).findAny();
      if (other.isPresent()) {
        throw new InvalidRequestException(
            data
                + " is not empty and belongs to no voter ("
                + other.get().getFileName()
                + "): a cluster is formed from empty directories");
      }
    }
  }
}
