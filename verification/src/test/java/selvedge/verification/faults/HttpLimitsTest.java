package selvedge.verification.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import selvedge.model.Bytes;
import selvedge.verification.process.Launch;
import selvedge.verification.process.Polling;
import selvedge.verification.process.RawClient;
import selvedge.verification.process.RawHttp2Client;
import selvedge.verification.process.Reply;
import selvedge.verification.process.RestClient;
import selvedge.verification.process.RunningServer;
import selvedge.verification.process.ServerProcess;
import selvedge.verification.process.Servers;

/** Invalid, slow and numerous clients of the server process. */
final class HttpLimitsTest {
  private static final int LARGE_BYTES = 20_000_000;
  private static final int LOOKS = 100;
  private static final long STALL_NANOS = 2_000_000_000L;

  @RegisterExtension final Servers servers = new Servers();
  @TempDir Path data;

  private static String get(String path) {
    return "GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n";
  }

  private static String put(String path, String body) {
    return "PUT %s HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%s"
        .formatted(path, body.length(), body);
  }

  private static String upload(String path, long length) {
    return "PUT %s HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: %d\r\n\r\n"
        .formatted(path, length);
  }

  @Test
  void refusesHeadsThatAreTooLong() throws Exception {
    ServerProcess server =
        servers.start(
            Launch.on(data).limit("header-bytes", 2048).limit("request-line-bytes", 1024));

    try (RawClient header = new RawClient(server.address());
        RawClient line = new RawClient(server.address());
        RawClient fine = new RawClient(server.address())) {
      header.send("GET /livez HTTP/1.1\r\nHost: x\r\nLong: " + "x".repeat(3000) + "\r\n\r\n");
      assertThat(header.receive().status()).isEqualTo(431);
      assertThat(header.readToEnd()).isZero();

      line.send(get("/" + "x".repeat(2000)));
      assertThat(line.receive().status()).isEqualTo(414);
      assertThat(line.readToEnd()).isZero();

      fine.send(get("/livez"));
      assertThat(fine.receive().status()).isEqualTo(200);
    }
  }

  @Test
  void closesTheConnectionsOfSlowClients() throws Exception {
    ServerProcess server =
        servers.start(
            Launch.on(data)
                .limit("header-seconds", 1)
                .limit("body-seconds", 1)
                .limit("response-seconds", 1)
                .limit("requests-in-flight", 1));
    try (RestClient client = server.client()) {
      String namespace = client.createNamespace("slow");
      client.put(namespace, "large", new Stamp("large", 1, LARGE_BYTES).value()).ok();

      try (RawClient header = new RawClient(server.address())) {
        header.send("GET /livez HTTP/1.1\r\nHost: x\r\nSlow");
        assertThat(header.receive().status()).isEqualTo(408);
        assertThat(header.readToEnd()).isZero();
      }
      try (RawClient body = new RawClient(server.address())) {
        body.send(upload(RestClient.value(namespace, "body"), 100));
        assertThat(body.receive().status()).isEqualTo(100);
        body.send("half of it");
        assertThat(body.receive().status()).isEqualTo(408);
      }
      Polling.await(
          "a reader that is cut", () -> cutsSlowReader(server.address(), client, namespace));
      assertThat(client.get(namespace, "body").status()).isEqualTo(404);
    }
  }

  @Test
  void closesHttp2ConnectionsThatDoNotFinishAFrame() throws Exception {
    RunningServer server =
        servers.startHere(Launch.on(data).limit("header-seconds", 1).limit("body-seconds", 1));

    try (var honest = new RawHttp2Client(server.address())) {
      int first = honest.request("GET", "/livez", false);
      assertThat(honest.receive(RawHttp2Client.HEADERS, first).status()).isEqualTo(200);
      byte[] fields = RawHttp2Client.block(List.of(":method", "GET", ":path", "/livez"));

      try (var client = new RawHttp2Client(server.address())) {
        client.send(RawHttp2Client.HEADERS, RawHttp2Client.END_STREAM, 1, fields);
        client.readToEnd();
      }
      try (var client = new RawHttp2Client(server.address())) {
        client.send(RawHttp2Client.HEADERS, RawHttp2Client.END_STREAM, 1, fields);
        client.send(RawHttp2Client.CONTINUATION, 0, 1, fields);
        client.readToEnd();
      }
      try (var client = new RawHttp2Client(server.address())) {
        client.sendHalf(RawHttp2Client.DATA, 1, new byte[100]);
        client.readToEnd();
      }

      int last = honest.request("GET", "/livez", false);
      assertThat(honest.receive(RawHttp2Client.HEADERS, last).status()).isEqualTo(200);
    }
  }

  /** Returns false if the reader did not get the only place, because another request had it. */
  private static boolean cutsSlowReader(
      InetSocketAddress address, RestClient client, String namespace) throws IOException {
    try (RawClient reader = new RawClient(address, 64 * 1024)) {
      reader.send(get(RestClient.value(namespace, "large")));
      for (int i = 0; i < LOOKS; i++) {
        if (!client.list(namespace, "limit=10").isOk()) {
          awaitWork(client, namespace);
          assertThat(reader.readToEnd()).isLessThan(LARGE_BYTES);
          return true;
        }
      }
      return false;
    }
  }

  /** Waits until the only place for requests in flight is free again. */
  private static void awaitWork(RestClient client, String namespace) {
    Reply reply = client.list(namespace, "limit=10");
    while (!reply.isOk()) {
      assertThat(reply.status()).isEqualTo(503);
      assertThat(reply.header("Retry-After")).isEqualTo("1");
      LockSupport.parkNanos(10_000_000);
      reply = client.list(namespace, "limit=10");
    }
  }

  @Test
  void rejectsRequestsAboveTheLimitAndServesLaterOnes() throws Exception {
    ServerProcess server = servers.start(Launch.on(data).limit("requests-in-flight", 1));
    try (RestClient client = server.client();
        RawClient first = new RawClient(server.address())) {
      String namespace = client.createNamespace("busy");
      first.send(upload(RestClient.value(namespace, "key"), 5));
      assertThat(first.receive().status()).isEqualTo(100);

      Reply refused = client.list(namespace, "limit=10");
      assertThat(refused.status()).isEqualTo(503);
      assertThat(refused.header("Retry-After")).isEqualTo("1");
      assertThat(client.put(namespace, "other", Bytes.utf8("x".repeat(100_000))).status())
          .isEqualTo(503);

      first.send("value");
      assertThat(first.receive().status()).isEqualTo(200);
      awaitWork(client, namespace);
    }
  }

  @Test
  void rejectsConnectionsAboveTheLimitAndServesLaterOnes() throws Exception {
    ServerProcess server = servers.start(Launch.on(data).limit("connections", 3));
    List<RawClient> open = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      var client = new RawClient(server.address());
      client.send(get("/v1/feed"));
      client.startOfBody();
      open.add(client);
    }

    try (RawClient one = new RawClient(server.address())) {
      RawClient.Answer answer = one.receive();
      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.headers()).containsEntry("retry-after", "1");
      assertThat(one.readToEnd()).isZero();
    }

    open.removeLast().close();
    while (status(server) == 503) {
      LockSupport.parkNanos(10_000_000);
    }
    for (RawClient each : open) {
      each.close();
    }
  }

  private static int status(ServerProcess server) throws IOException {
    try (RawClient client = new RawClient(server.address())) {
      client.send(get("/livez"));
      return client.receive().status();
    }
  }

  @Test
  void keepsTheConnectionAfterATooLongBody() throws Exception {
    ServerProcess server = servers.start(Launch.on(data).limit("value-bytes", 1000));
    try (RestClient client = server.client();
        RawClient raw = new RawClient(server.address())) {
      String namespace = client.createNamespace("long");
      String path = RestClient.value(namespace, "key");

      raw.send(put(path, "x".repeat(1001)));
      RawClient.Answer known = raw.receive();
      assertThat(known.status()).isEqualTo(413);
      assertThat(known.body().utf8()).contains("1001");

      raw.send("PUT " + path + " HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
      raw.send("400\r\n" + "x".repeat(1024) + "\r\n400\r\n" + "x".repeat(1024) + "\r\n0\r\n\r\n");
      RawClient.Answer unknown = raw.receive();
      assertThat(unknown.status()).isEqualTo(413);
      assertThat(unknown.body().utf8()).contains("2048");

      raw.send(put(path, "x".repeat(1000)));
      assertThat(raw.receive().status()).isEqualTo(200);
      raw.send(get(path));
      assertThat(raw.receive().body().size()).isEqualTo(1000);
    }
  }

  @Test
  void answersPipelinedRequestsInOrder() throws Exception {
    ServerProcess server = servers.start(data);
    try (RestClient client = server.client();
        RawClient raw = new RawClient(server.address())) {
      String path = RestClient.value(client.createNamespace("pipeline"), "key");
      var requests = new StringBuilder();
      for (int i = 0; i < 50; i++) {
        requests.append(put(path, "value " + i)).append(get(path)).append(get("/livez"));
      }

      raw.send(requests.toString());

      for (int i = 0; i < 50; i++) {
        assertThat(raw.receive().status()).isEqualTo(200);
        assertThat(raw.receive().body().utf8()).isEqualTo("value " + i);
        assertThat(raw.receive().status()).isEqualTo(200);
      }
    }
  }

  @Test
  void stopsReadingRequestsOfAClientThatReadsNoResponses() throws Exception {
    ServerProcess server = servers.start(Launch.on(data).jvm("-Xmx128m"));
    try (RestClient client = server.client();
        RawClient greedy = new RawClient(server.address(), 4096)) {
      String namespace = client.createNamespace("greedy");
      client.put(namespace, "key", new Stamp("key", 1, 60_000).value()).ok();
      client.get(namespace, "key").ok();
      byte[] requests =
          get(RestClient.value(namespace, "key")).repeat(100).getBytes(StandardCharsets.ISO_8859_1);
      AtomicLong sent = new AtomicLong();
      Thread.ofVirtual().start(() -> sendUntilCut(greedy, requests, sent));

      long before = -1;
      while (sent.get() > before && sent.get() < LARGE_BYTES) {
        before = sent.get();
        LockSupport.parkNanos(STALL_NANOS);
      }

      assertThat(sent.get()).as("bytes of requests that were read").isLessThan(LARGE_BYTES);
      for (int i = 0; i < 8; i++) {
        assertThat(status(server)).as("the response to another client").isEqualTo(200);
      }
      assertThat(server.log()).doesNotContain("OutOfMemory");
    }
  }

  private static void sendUntilCut(RawClient client, byte[] requests, AtomicLong sent) {
    try {
      while (sent.get() < LARGE_BYTES) {
        client.send(requests);
        sent.addAndGet(requests.length);
      }
    } catch (IOException e) {
      // The server has closed the connection, or the test has ended.
      return;
    }
  }

  @Test
  void speaksHttp2ByPriorKnowledge() throws Exception {
    ServerProcess server = servers.start(data);
    try (RestClient client = server.client();
        RawHttp2Client http2 = new RawHttp2Client(server.address())) {
      String path = RestClient.value(client.createNamespace("two"), "key");
      int put = http2.request("PUT", path, true);
      http2.send(
          RawHttp2Client.DATA,
          RawHttp2Client.END_STREAM,
          put,
          "value".getBytes(StandardCharsets.US_ASCII));
      assertThat(http2.receive(RawHttp2Client.HEADERS, put).status()).isEqualTo(200);

      int get = http2.request("GET", path, false);
      assertThat(http2.receive(RawHttp2Client.HEADERS, get).status()).isEqualTo(200);
      assertThat(http2.receive(RawHttp2Client.DATA, get).payload().utf8()).isEqualTo("value");

      int missing = http2.request("GET", path + "-missing", false);
      assertThat(http2.receive(RawHttp2Client.HEADERS, missing).status()).isEqualTo(404);
    }
  }
}
