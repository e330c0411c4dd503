package selvedge.cluster;

import org.apache.ratis.conf.Parameters;
import org.apache.ratis.grpc.GrpcFactory;
import org.apache.ratis.grpc.server.GrpcLogAppender;
import org.apache.ratis.grpc.server.GrpcServices;
import org.apache.ratis.grpc.server.GrpcServicesImpl;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.rpc.RpcFactory;
import org.apache.ratis.rpc.RpcType;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.leader.FollowerInfo;
import org.apache.ratis.server.leader.LeaderState;
import org.apache.ratis.server.leader.LogAppender;
import org.apache.ratis.server.raftlog.RaftLogIOException;

/**
 * gRPC without two of its waits. Stateless; Ratis makes it from its name in the settings.
 *
 * <ul>
 *   <li>A leader sends the other voters at once that an entry is committed. Ratis sends it with the
 *       next entry or heartbeat, so without load a write at another voter would wait for half an
 *       election timeout.
 *   <li>A candidate connects again when it asks for a vote; see {@link PromptServices}.
 * </ul>
 */
public final class PromptGrpc implements RpcType {

  @Override
  public String name() {
    return "PROMPT_GRPC";
  }

  @Override
  public RpcFactory newFactory(Parameters parameters) {
    return new Factory(parameters);
  }

  private static final class Factory extends GrpcFactory {
    Factory(Parameters parameters) {
      super(parameters);
    }

    @Override
    public GrpcServices newRaftServerRpc(RaftServer server) {
      return new PromptServices((GrpcServicesImpl) super.newRaftServerRpc(server));
    }

    @Override
    public LogAppender newLogAppender(
        RaftServer.Division server, LeaderState state, FollowerInfo follower) {
      return new Appender(server, state, follower);
    }
  }

  /** Sends to one voter. One thread sends; other threads may request the wait. */
  private static final class Appender extends GrpcLogAppender {
    /** The newest entry that was sent to the voter as committed after the voter had it. */
    private volatile long announced = -1;

    Appender(RaftServer.Division server, LeaderState state, FollowerInfo follower) {
      super(server, state, follower);
    }

    @Override
    public GrpcServicesImpl getServerRpc() {
      return ((PromptServices) getServer().getRaftServer().getServerRpc()).services();
    }

    /** A voter ignores the commit of an entry that it does not have yet. */
    private long committedThere() {
      return Math.min(getRaftLog().getLastCommittedIndex(), getFollower().getMatchIndex());
    }

    /**
     * Returns no wait while a commit is to be announced. An entry that follows announces it, too.
     */
    @Override
    public long getHeartbeatWaitTimeMs() {
      return committedThere() > announced && !hasAppendEntries()
          ? 0
          : super.getHeartbeatWaitTimeMs();
    }

    @Override
    public AppendEntriesRequestProto newAppendEntriesRequest(long callId, boolean heartbeat)
        throws RaftLogIOException {
      long committed = committedThere();
      AppendEntriesRequestProto request = super.newAppendEntriesRequest(callId, heartbeat);
      if (request != null) {
        announced = committed;
      }
      return request;
    }
  }
}
