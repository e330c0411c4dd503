package selvedge.cluster;

import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.ratis.protocol.RaftGroup;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends the key of the log from the voter that leads to the others. Belongs to one thread. */
final class KeyHandOver {
  private static final Logger LOG = LoggerFactory.getLogger(KeyHandOver.class);
  private static final String REQUEST = "selvedge-log-key ";
  private static final String STORED = "stored";

  private final LogKeys keys;
  private final VoterQuery voters;
  private final Set<String> served = new HashSet<>();

  KeyHandOver(LogKeys keys, VoterQuery voters) {
    this.keys = keys;
    this.voters = voters;
  }

  /** Sends the key to the voters that have not stored it yet. When all have it, it is in use. */
  void step(RaftGroup group, String self) {
    List<Peer> others =
        group.getPeers().stream().map(Peer::of).filter(each -> !each.id().equals(self)).toList();
    String message = REQUEST + (keys.isUsed() ? "used " : "new ") + keys.secret();
    boolean all = true;
    for (Peer other : others) {
      all &= served.contains(other.id()) || sent(group, other, message);
    }
    if (all) {
      keys.use();
    }
  }

  private boolean sent(RaftGroup group, Peer other, String message) {
    try {
      String answer = voters.send(group, other, message);
      if (answer.equals(STORED)) {
        served.add(other.id());
        return true;
      }
      LOG.warn("the voter {} has not taken the key of the log: {}", other.name(), answer);
    } catch (IOException e) {
      LOG.debug("the voter {} cannot be reached: {}", other.name(), e.getMessage());
    }
    return false;
  }

  /** Answers the voter that leads: stores the key, or says why not. */
  static String answer(LogKeys keys, String request) {
    if (!request.startsWith(REQUEST)) {
      return "this is not a request of a voter";
    }
    if (!keys.isWanted()) {
      return "it has no master key, so the log stays plain at all voters";
    }
    String[] words = request.substring(REQUEST.length()).split(" ", -1);
    try {
      keys.take(words[words.length - 1], words[0].equals("used"));
      return STORED;
    } catch (IllegalArgumentException | IllegalStateException e) {
      return String.valueOf(e.getMessage());
    }
  }
}
