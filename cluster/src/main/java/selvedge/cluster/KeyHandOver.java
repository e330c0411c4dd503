package selvedge.cluster;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.client.RaftClient;
import org.apache.ratis.client.RaftClientConfigKeys;
import org.apache.ratis.conf.Parameters;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.retry.RetryPolicies;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.util.TimeDuration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends the key of the log from the voter that leads to the others, over the mutual TLS of the
 * cluster. Belongs to one thread.
 */
final class KeyHandOver {
  private static final Logger LOG = LoggerFactory.getLogger(KeyHandOver.class);
  private static final String REQUEST = "selvedge-log-key ";
  private static final String STORED = "stored";
  private static final TimeDuration PATIENCE = TimeDuration.valueOf(3, TimeUnit.SECONDS);

  private final LogKeys keys;
  private final Parameters tls;
  private final Set<String> served = new HashSet<>();

  KeyHandOver(LogKeys keys, Parameters tls) {
    this.keys = keys;
    this.tls = tls;
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
    var properties = new RaftProperties();
    RaftClientConfigKeys.Rpc.setRequestTimeout(properties, PATIENCE);
    try (RaftClient client =
        RaftClient.newBuilder()
            .setProperties(properties)
            .setParameters(tls)
            .setRaftGroup(group)
            .setRetryPolicy(RetryPolicies.noRetry())
            .build()) {
      RaftClientReply reply =
          client.io().sendStaleRead(Message.valueOf(message), 0, RaftPeerId.valueOf(other.id()));
      String answer = reply.isSuccess() ? reply.getMessage().getContent().toStringUtf8() : "";
      if (answer.equals(STORED)) {
        served.add(other.id());
        return true;
      }
      LOG.warn(
          "the voter {} has not taken the key of the log: {}",
          other.name(),
          reply.isSuccess() ? answer : String.valueOf(reply.getException()));
    } catch (IOException e) {
      LOG.debug("the voter {} cannot be reached: {}", other.name(), e.getMessage());
    }
    return false;
  }

  /** Answers the voter that leads: stores the key, or says why not. */
  static Message answer(LogKeys keys, Message request) {
    String text = request.getContent().toStringUtf8();
    if (!text.startsWith(REQUEST)) {
      return reply("this is not a request of a voter");
    }
    if (!keys.isWanted()) {
      return reply("it has no master key, so the log stays plain at all voters");
    }
    String[] words = text.substring(REQUEST.length()).split(" ", -1);
    try {
      keys.take(words[words.length - 1], words[0].equals("used"));
      return reply(STORED);
    } catch (IllegalArgumentException | IllegalStateException e) {
      return reply(String.valueOf(e.getMessage()));
    }
  }

  private static Message reply(String text) {
    return Message.valueOf(ByteString.copyFrom(text, StandardCharsets.UTF_8));
  }
}
