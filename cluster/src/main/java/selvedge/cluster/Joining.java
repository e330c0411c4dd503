package selvedge.cluster;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.apache.ratis.server.protocol.TermIndex;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import selvedge.engine.files.SyncedFiles;
import selvedge.server.config.Config;
import selvedge.server.voter.Membership;

/**
 * Prepares an empty server to join a cluster: it loads the store of the leader, and then keeps a
 * log that begins there. An operator makes it a voter. Used once by one thread.
 */
final class Joining {
  private static final Logger LOG = LoggerFactory.getLogger(Joining.class);
  private static final Duration RETRY = Duration.ofSeconds(1);

  private final Config config;
  private final Release release;
  private final SnapshotLoad snapshots;
  private final VoterFile file;

  Joining(Config config, Release release, SnapshotLoad snapshots) {
    this.config = config;
    this.release = release;
    this.snapshots = snapshots;
    this.file = new VoterFile(config.data(), release);
  }

  /**
   * Returns the content of the file of the voter, once its store is loaded.
   *
   * @param self the server, with the id that its file has
   */
  VoterFile.Content join(VoterFile.Content own, Peer self) throws IOException {
    try (var candidacy = new Candidacy(config, self)) {
      Membership.Invitation invitation = invitation(candidacy);
      release.require(invitation.form(), "the cluster of " + config.voting().join());
      snapshots.loadFirst(
          invitation.leader(), TermIndex.valueOf(invitation.term(), invitation.index()));
      SyncedFiles.createDirectories(config.data().resolve("raft"));
      List<Peer> voters = invitation.voters().stream().map(Peer::parse).toList();
      VoterFile.Content joined =
          own.joining(UUID.fromString(invitation.group()), invitation.form(), voters);
      file.write(joined);
      LOG.info(
          "this server has the data of the cluster and waits to be added: selvedge cluster add {}",
          self.name());
      return joined;
    }
  }

  private static Membership.Invitation invitation(Candidacy candidacy) {
    String last = "";
    while (true) {
      try {
        return candidacy.announce();
      } catch (IOException e) {
        String reason = String.valueOf(e.getMessage());
        if (!reason.equals(last)) {
          last = reason;
          LOG.warn("the cluster cannot be joined yet: {}", reason);
        }
      }
      try {
        Thread.sleep(RETRY);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("the server stopped before it had joined the cluster", e);
      }
    }
  }
}
