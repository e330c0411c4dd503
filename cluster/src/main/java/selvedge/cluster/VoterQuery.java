package selvedge.cluster;

import java.io.IOException;
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
import org.apache.ratis.util.TimeDuration;

/**
 * Sends requests to other voters, over the mutual TLS of the cluster. Safe for use by many threads.
 */
final class VoterQuery {
  private static final TimeDuration PATIENCE = TimeDuration.valueOf(3, TimeUnit.SECONDS);

  private final Parameters tls;

  VoterQuery(Parameters tls) {
    this.tls = tls;
  }

  /**
   * Sends a request to a voter and returns its answer.
   *
   * @throws IOException if it cannot be reached, or its release knows no such requests
   */
  String send(RaftGroup group, Peer voter, String request) throws IOException {
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
          client.io().sendStaleRead(Message.valueOf(request), 0, RaftPeerId.valueOf(voter.id()));
      if (!reply.isSuccess()) {
        throw new IOException(String.valueOf(reply.getException()));
      }
      return reply.getMessage().getContent().toStringUtf8();
    }
  }
}
