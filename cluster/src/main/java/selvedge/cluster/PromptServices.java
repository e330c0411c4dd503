package selvedge.cluster;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Collection;
import org.apache.ratis.grpc.server.GrpcServices;
import org.apache.ratis.grpc.server.GrpcServicesImpl;
import org.apache.ratis.proto.RaftProtos.AppendEntriesReplyProto;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotReplyProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotRequestProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteReplyProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteRequestProto;
import org.apache.ratis.proto.RaftProtos.StartLeaderElectionReplyProto;
import org.apache.ratis.proto.RaftProtos.StartLeaderElectionRequestProto;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.rpc.RpcType;
import org.apache.ratis.server.protocol.RaftServerAsynchronousProtocol;
import org.apache.ratis.thirdparty.io.grpc.Status;
import org.apache.ratis.thirdparty.io.grpc.StatusRuntimeException;

/**
 * The gRPC services of Ratis, with a candidate that connects again when it asks for a vote.
 *
 * <p>gRPC connects to a voter that was away again after pauses of 1 s, 1.6 s and so on, to 2
 * minutes, and refuses requests meanwhile. A voter that is back could not vote, so a leader that is
 * lost shortly after would be missed for as long.
 *
 * <p>Safe for use by many threads.
 */
final class PromptServices implements GrpcServices {
  private final GrpcServicesImpl services;

  PromptServices(GrpcServicesImpl services) {
    this.services = services;
  }

  /** Returns the services of Ratis, which its appenders need. */
  GrpcServicesImpl services() {
    return services;
  }

  @Override
  public RequestVoteReplyProto requestVote(RequestVoteRequestProto request) throws IOException {
    try {
      return services.requestVote(request);
    } catch (StatusRuntimeException e) {
      if (e.getStatus().getCode() != Status.Code.UNAVAILABLE) {
        throw e;
      }
      RaftPeerId voter = RaftPeerId.valueOf(request.getServerRequest().getReplyId());
      services.handleException(voter, e, true);
      return services.requestVote(request);
    }
  }

  @Override
  public StartLeaderElectionReplyProto startLeaderElection(StartLeaderElectionRequestProto request)
      throws IOException {
    return services.startLeaderElection(request);
  }

  @Override
  public AppendEntriesReplyProto appendEntries(AppendEntriesRequestProto request) {
    return services.appendEntries(request);
  }

  @Override
  public InstallSnapshotReplyProto installSnapshot(InstallSnapshotRequestProto request) {
    return services.installSnapshot(request);
  }

  @Override
  public RaftServerAsynchronousProtocol async() {
    return services.async();
  }

  @Override
  public void handleException(RaftPeerId voter, Exception failure, boolean reconnect) {
    services.handleException(voter, failure, reconnect);
  }

  @Override
  public void notifyNotLeader(RaftGroupId group) {
    services.notifyNotLeader(group);
  }

  @Override
  public void addRaftPeers(Collection<RaftPeer> voters) {
    services.addRaftPeers(voters);
  }

  @Override
  public RpcType getRpcType() {
    return services.getRpcType();
  }

  @Override
  public InetSocketAddress getInetSocketAddress() {
    return services.getInetSocketAddress();
  }

  @Override
  public InetSocketAddress getClientServerAddress() {
    return services.getClientServerAddress();
  }

  @Override
  public InetSocketAddress getAdminServerAddress() {
    return services.getAdminServerAddress();
  }

  @Override
  public void start() throws IOException {
    services.start();
  }

  @Override
  public void close() throws IOException {
    services.close();
  }
}
