package selvedge.cluster;

import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import selvedge.engine.work.WorkerThread;
import selvedge.model.InvalidRequestException;
import selvedge.server.config.Config;

/**
 * Announces a server that joins to the cluster, until it is a voter. Warns if the list of the
 * configuration differs from the voters. Belongs to its thread.
 */
final class Announcing implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Announcing.class);
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final Duration LONG_PAUSE = Duration.ofSeconds(30);

  private final RaftMembership membership;
  private final Set<String> configured;
  private final @Nullable Candidacy candidacy;
  private final WorkerThread thread =
      new WorkerThread(
          "selvedge-voter-announcing",
          this::step,
          failure -> LOG.error("this voter is announced no more", failure));
  private Set<String> warned = Set.of();
  private String lastReason = "";

  Announcing(Config config, VoterFile.Content own, RaftMembership membership) {
    this.membership = membership;
    this.configured = new TreeSet<>(config.voting().cluster().keySet());
    this.candidacy =
        config.voting().join().isEmpty()
            ? null
            : new Candidacy(config, Peer.self(config, own.id()));
  }

  Announcing start() {
    thread.start();
    return this;
  }

  private Duration step() {
    if (membership.isMember() || candidacy == null) {
      compare();
      return LONG_PAUSE;
    }
    try {
      candidacy.announce();
      lastReason = "";
    } catch (IOException | InvalidRequestException e) {
      String reason = String.valueOf(e.getMessage());
      if (!reason.equals(lastReason)) {
        lastReason = reason;
        LOG.warn("the cluster does not hear of this server: {}", reason);
      }
    }
    return PAUSE;
  }

  private void compare() {
    Set<String> voters =
        membership.members().stream()
            .map(Peer::name)
            .collect(Collectors.toCollection(TreeSet::new));
    if (configured.size() > 1 && !configured.equals(voters) && !voters.equals(warned)) {
      warned = voters;
      LOG.warn(
          "cluster lists the voters {}, and they are {}: the list counts only when a cluster is"
              + " formed; correct it before the next start",
          configured,
          voters);
    }
  }

  @Override
  public void close() {
    thread.close();
    if (candidacy != null) {
      candidacy.close();
    }
  }
}
