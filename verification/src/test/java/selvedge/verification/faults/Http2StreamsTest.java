package selvedge.verification.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import selvedge.model.Bytes;
import selvedge.verification.process.Launch;
import selvedge.verification.process.RawHttp2Client;
import selvedge.verification.process.RestClient;
import selvedge.verification.process.ServerProcess;
import selvedge.verification.process.Servers;

/** The streams of few HTTP/2 connections cannot take the heap of a server. */
final class Http2StreamsTest {
  private static final int CONNECTIONS = 60;
  private static final int STREAMS = 250;
  private static final int REFUSED_STREAM = 7;

  @RegisterExtension final Servers servers = new Servers();
  @TempDir Path data;

  private final List<RawHttp2Client> greedy = new ArrayList<>();

  @AfterEach
  void close() throws IOException {
    for (RawHttp2Client each : greedy) {
      each.close();
    }
  }

  /** Each stream announces a small body and sends none of it. */
  @Test
  void streamsThatWaitForABodyDoNotExhaustTheHeap() throws Exception {
    ServerProcess server =
        servers.start(Launch.on(data).jvm("-Xmx64m", "-XX:+ExitOnOutOfMemoryError"));
    try (RestClient client = server.client()) {
      String namespace = client.createNamespace("n");
      String path = RestClient.namespace(namespace) + "/bulk/get";
      for (int i = 0; i < CONNECTIONS; i++) {
        var connection = new RawHttp2Client(server.address());
        greedy.add(connection);
        for (int j = 0; j < STREAMS; j++) {
          connection.request("POST", path, true, "content-length", "100");
        }
      }

      RawHttp2Client.Frame refusal = greedy.getLast().receive();
      while (refusal.type() != RawHttp2Client.RST_STREAM) {
        refusal = greedy.getLast().receive();
      }
      assertThat(refusal.payload().toArray()).containsExactly(0, 0, 0, REFUSED_STREAM);
      assertThat(client.put(namespace, "k", Bytes.utf8("v")).status()).isEqualTo(200);
      assertThat(client.get(namespace, "k").status()).isEqualTo(200);
    }
    assertThat(server.isAlive()).isTrue();
    assertThat(server.log()).doesNotContain("OutOfMemory");
  }
}
