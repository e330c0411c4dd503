package selvedge.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.ratis.proto.RaftProtos.RaftRpcRequestProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteReplyProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteRequestProto;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.statemachine.impl.BaseStateMachine;
import org.apache.ratis.thirdparty.io.grpc.StatusRuntimeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PromptServicesTest {
  @TempDir private Path directory;

  @SuppressWarnings("NullAway") // JUnit sets the directory
  PromptServicesTest() {}

  /** gRPC alone refuses the second request at once, and connects about a second later. */
  @Test
  void aVoterThatIsBackIsAskedForItsVoteAtOnce() throws Exception {
    int port = freePort();
    RaftPeer other = RaftPeer.newBuilder().setId("other").setAddress("127.0.0.1:" + port).build();
    try (RaftServer server = server();
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      server.getServerRpc().addRaftPeers(other);
      assertThatThrownBy(() -> ask(server, other)).isInstanceOf(StatusRuntimeException.class);

      try (var back = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        Future<?> asking = threads.submit(() -> ask(server, other));
        back.setSoTimeout(10_000);
        try (Socket connection = back.accept()) {
          assertThat(asking).as("the request to %s", connection).isNotDone();
        }
        assertThatThrownBy(asking::get).hasCauseInstanceOf(StatusRuntimeException.class);
      }
    }
  }

  /** Returns a server that does not start, so that it sends nothing by itself. */
  private RaftServer server() throws IOException {
    return RaftServer.newBuilder()
        .setServerId(RaftPeerId.valueOf("self"))
        .setStateMachine(new BaseStateMachine())
        .setProperties(
            RaftSettings.of(
                directory, InetSocketAddress.createUnresolved("127.0.0.1", 0), Map.of()))
        .build();
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static RequestVoteReplyProto ask(RaftServer server, RaftPeer voter) throws IOException {
    var request = RaftRpcRequestProto.newBuilder().setReplyId(voter.getId().toByteString());
    return server
        .getServerRpc()
        .requestVote(RequestVoteRequestProto.newBuilder().setServerRequest(request).build());
  }
}
