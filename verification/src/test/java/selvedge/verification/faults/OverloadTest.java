package selvedge.verification.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import selvedge.model.Bytes;
import selvedge.verification.process.Launch;
import selvedge.verification.process.Reply;
import selvedge.verification.process.RestClient;
import selvedge.verification.process.ServerProcess;
import selvedge.verification.process.Servers;

/**
 * A server with a small heap survives all kinds of abusive clients at once and keeps serving a
 * normal client, whose latency is reported.
 */
final class OverloadTest {
  /** The size of the attack, in percent of the full one. */
  private static final int PERCENT = Integer.getInteger("siege", 10);

  private static final int BULK_PUTS = part(64);
  private static final int SLOW_BODIES = part(1000);
  private static final int SLOW_READERS = part(1000);
  private static final int IDLE = part(8000);
  private static final int HONEST_REQUESTS = part(6000);
  private static final int ADDRESSES = 200;
  private static final int LARGE_BYTES = 25 << 20;
  private static final Bytes TEXT = Bytes.adopt(Base64.getEncoder().encode(new byte[LARGE_BYTES]));
  private static final String ROOT = "root-token-of-a-test-0123456789abcdef";
  private static final byte[] HTTP2_START =
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0".getBytes(StandardCharsets.ISO_8859_1);

  @RegisterExtension final Servers servers = new Servers();
  @TempDir Path data;

  private final List<SocketChannel> besiegers = new ArrayList<>();

  private static int part(int whole) {
    return Math.max(1, whole * PERCENT / 100);
  }

  @AfterEach
  void lift() throws IOException {
    for (SocketChannel each : besiegers) {
      each.close();
    }
  }

  /** Opens a connection from the loopback address of a number. */
  private SocketChannel besieger(ServerProcess server, int number, byte[] first)
      throws IOException {
    SocketChannel channel = SocketChannel.open();
    besiegers.add(channel);
    channel.setOption(StandardSocketOptions.SO_RCVBUF, 4096);
    channel.bind(new InetSocketAddress("127.0.0." + (2 + number % ADDRESSES), 0));
    channel.connect(server.address());
    channel.write(ByteBuffer.wrap(first));
    return channel;
  }

  private static byte[] head(String method, String path, String token, String more) {
    return "%s %s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n%s\r\n"
        .formatted(method, path, token, more)
        .getBytes(StandardCharsets.ISO_8859_1);
  }

  private static String token(RestClient root, String grant) {
    String wish = "{\"name\":\"t\",\"account\":\"all\",\"grant\":\"" + grant + "\"}";
    return root.send("POST", "/v1/tokens", BodyPublishers.ofString(wish))
        .ok()
        .json()
        .path("secret")
        .asString();
  }

  private static RestClient client(ServerProcess server, String token) {
    return new RestClient(server.uri(), HttpClient.Version.HTTP_1_1, token);
  }

  @Test
  void survivesAbusiveClientsAndServesOthers(TestReporter reporter) throws Exception {
    ServerProcess server =
        servers.start(
            Launch.on(data)
                .jvm("-Xmx256m", "-XX:+ExitOnOutOfMemoryError")
                .with("--root-token", ROOT));
    try (RestClient root = client(server, ROOT);
        RestClient writer = client(server, token(root, "write"));
        RestClient client = client(server, token(root, "write"));
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      String namespace = root.createNamespace("besieged");
      String reader = token(root, "read");
      root.put(namespace, "large", new Stamp("large", 1, LARGE_BYTES).value()).ok();
      openIdleConnections(server);
      openSlowConnections(server, namespace, reader);
      List<Future<Reply>> bulkPuts = new ArrayList<>();
      for (int i = 0; i < BULK_PUTS; i++) {
        int number = i;
        bulkPuts.add(threads.submit(() -> bulkPut(writer, namespace, number)));
      }

      long p99 = serve(client, namespace);

      reporter.publishEntry("p99 of a normal client in milliseconds", Long.toString(p99));
      for (Future<Reply> each : bulkPuts) {
        assertThat(each.get().status()).isIn(200, 503);
      }
      assertThat(root.send("GET", "/v1/status", BodyPublishers.noBody()).isOk()).isTrue();
    }
    assertThat(server.isAlive()).isTrue();
    assertThat(server.log()).doesNotContain("OutOfMemory").doesNotContain("ERROR");
  }

  private void openIdleConnections(ServerProcess server) throws IOException {
    for (int i = 0; i < IDLE; i++) {
      besieger(server, i, i % 2 == 0 ? HTTP2_START : new byte[0]);
    }
  }

  private void openSlowConnections(ServerProcess server, String namespace, String reader)
      throws IOException {
    byte[] get = head("GET", RestClient.value(namespace, "large"), reader, "");
    byte[] post =
        head(
            "POST",
            RestClient.namespace(namespace) + "/bulk/get",
            reader,
            "Content-Length: 200000\r\n");
    for (int i = 0; i < SLOW_READERS; i++) {
      besieger(server, i, get);
    }
    for (int i = 0; i < SLOW_BODIES; i++) {
      besieger(server, i, post).write(ByteBuffer.wrap(new byte[] {'{'}));
    }
  }

  private static Reply bulkPut(RestClient client, String namespace, int number) {
    return client.send(
        "PUT",
        RestClient.namespace(namespace) + "/bulk",
        BodyPublishers.ofInputStream(() -> pair(number)));
  }

  private static InputStream pair(int number) {
    return new SequenceInputStream(
        Collections.enumeration(
            List.of(
                Bytes.utf8("[{\"key\":\"large " + number + "\",\"base64\":true,\"value\":\"")
                    .open(),
                TEXT.open(),
                Bytes.utf8("\"}]").open())));
  }

  /** Puts and gets, requires a response to each, and returns the 99th percentile of the latency. */
  private static long serve(RestClient client, String namespace) {
    long[] millis = new long[HONEST_REQUESTS];
    for (int i = 0; i < HONEST_REQUESTS; i++) {
      String key = "key " + i % 100;
      long start = System.nanoTime();
      Reply reply =
          i % 2 == 0
              ? client.put(namespace, key, Bytes.utf8("value " + i))
              : client.get(namespace, "key " + (i - 1) % 100);
      millis[i] = (System.nanoTime() - start) / 1_000_000;
      assertThat(reply.status()).isEqualTo(200);
    }
    Arrays.sort(millis);
    return millis[HONEST_REQUESTS * 99 / 100];
  }
}
