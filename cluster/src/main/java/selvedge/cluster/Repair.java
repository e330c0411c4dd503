package selvedge.cluster;

import java.io.IOException;
import java.time.Duration;
import org.apache.ratis.server.protocol.TermIndex;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import selvedge.model.InvalidRequestException;
import selvedge.server.config.Config;
import selvedge.server.voter.Membership;

/**
 * Loads the store of the leader for a voter whose own store is damaged. The log of the voter stays,
 * so its votes keep their meaning. Used by one thread at a time.
 */
final class Repair {
  private static final Logger LOG = LoggerFactory.getLogger(Repair.class);
  private static final Duration RETRY = Duration.ofSeconds(1);

  private final Config config;
  private final VoterFile.Content own;
  private final SnapshotLoad snapshots;

  Repair(Config config, VoterFile.Content own, SnapshotLoad snapshots) {
    this.config = config;
    this.own = own;
    this.snapshots = snapshots;
  }

  boolean isPossible() {
    return own.peers().stream().anyMatch(each -> !each.id().equals(own.id()));
  }

  /** Loads the store of the leader, which the next {@link SnapshotLoad#install} puts in place. */
  void load() throws IOException {
    Membership.Invitation place = place();
    snapshots.loadAgain(place.leader(), TermIndex.valueOf(place.term(), place.index()));
  }

  /** As {@link #load}, and waits until there is a leader. */
  void loadWithPatience() {
    String last = "";
    while (true) {
      try {
        load();
        return;
      } catch (IOException e) {
        String reason = String.valueOf(e.getMessage());
        if (!reason.equals(last)) {
          last = reason;
          LOG.warn("the store of the leader cannot be loaded yet: {}", reason);
        }
      }
      try {
        Thread.sleep(RETRY);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("the server stopped before its store was repaired", e);
      }
    }
  }

  /** Returns who leads, and a place in the log up to which that store has everything. */
  private Membership.Invitation place() throws IOException {
    IOException failure = new IOException("there is no other voter");
    for (Peer peer : own.peers()) {
      if (!peer.id().equals(own.id())) {
        try (var candidacy =
            new Candidacy(config, peer.uri().toString(), Peer.self(config, own.id()))) {
          return candidacy.announce();
        } catch (IOException e) {
          failure = e;
        } catch (InvalidRequestException e) {
          failure = new IOException(e.getMessage(), e);
        }
      }
    }
    throw failure;
  }
}
