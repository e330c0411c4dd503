package selvedge.verification.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import selvedge.model.Bytes;
import selvedge.verification.process.Launch;
import selvedge.verification.process.Polling;
import selvedge.verification.process.RawClient;
import selvedge.verification.process.RawHttp2Client;
import selvedge.verification.process.RestClient;
import tools.jackson.databind.JsonNode;

/** The revocation or expiry of a token ends its running requests. */
final class RevocationTest {
  private static final String ADMIN = "{\"grant\":\"admin\"}";
  private static final int LARGE_BYTES = 24 << 20;
  private static final int SMALL_BUFFER = 4096;
  private static final int PIECE_BYTES = 1000;

  @TempDir Path folder;

  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
  private final List<AutoCloseable> open = new ArrayList<>();

  private <T extends AutoCloseable> T kept(T opened) {
    open.add(opened);
    return opened;
  }

  private GuardedServer origin() {
    InstantSource clock = now::get;
    return kept(GuardedServer.origin(folder.resolve("origin"), clock));
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : open.reversed()) {
      each.close();
    }
  }

  private static String head(String request, JsonNode token, String... headers) {
    return request
        + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
        + token.path("secret").asString()
        + "\r\n"
        + String.join("", List.of(headers))
        + "\r\n";
  }

  private static RawClient started(GuardedServer server, String head) throws IOException {
    var client = new RawClient(server.address(), SMALL_BUFFER);
    client.send(head);
    return client;
  }

  /** Creates a namespace with one value that is larger than the socket buffers. */
  private static String namespace(GuardedServer server) {
    String namespace = server.root().createNamespace("n");
    byte[] large = new byte[LARGE_BYTES];
    Arrays.fill(large, (byte) 'x');
    server.root().put(namespace, "large", Bytes.adopt(large)).ok();
    return namespace;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Accept: application/vnd.selvedge.feed\r\n",
        "Accept: application/x-ndjson\r\n",
        "Accept: text/event-stream\r\n"
      })
  void aRevokedTokenEndsItsFeeds(String accept) throws IOException {
    GuardedServer server = origin();
    JsonNode token = server.token(ADMIN);
    String all = accept.contains("vnd") ? "" : "?namespace=" + server.root().createNamespace("n");
    try (var feed = started(server, head("GET /v1/feed" + all, token, accept))) {
      assertThat(feed.receiveHead()).isEqualTo(200);

      server.revoke(token);

      feed.readToEnd();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET /v1/snapshot", "GET %s/values/large"})
  void aRevokedTokenEndsItsDownloads(String request) throws IOException {
    GuardedServer server = origin();
    String namespace = namespace(server);
    JsonNode token = server.token(ADMIN);
    String target = request.formatted(RestClient.namespace(namespace));
    try (var download = started(server, head(target, token))) {
      assertThat(download.receiveHead()).isEqualTo(200);

      server.revoke(token);

      assertThat(download.readToEnd()).isLessThan(LARGE_BYTES);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aRevokedTokenEndsItsBulkGets(boolean inOnePiece) throws IOException {
    GuardedServer server = origin();
    String namespace = namespace(server);
    JsonNode token = server.token(ADMIN);
    String keys = "{\"keys\":[\"large\"]}";
    String target =
        inOnePiece
            ? "POST /v1/namespaces/" + namespace + "/bulk/get"
            : "POST " + RestClient.namespace(namespace) + "/bulk/get";
    String length = "Content-Length: " + keys.length() + "\r\n";
    try (var download =
        started(server, head(target, token, "Content-Type: application/json\r\n", length) + keys)) {
      assertThat(download.receiveHead()).isEqualTo(200);

      server.revoke(token);

      assertThat(download.readToEnd()).isLessThan(LARGE_BYTES);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "PUT /client/v4/accounts/%2$s/storage/kv/namespaces/%1$s/values/up",
        "PUT /client/v4/accounts/%2$s/storage/kv/namespaces/%1$s/bulk",
        "POST /client/v4/accounts/%2$s/storage/kv/namespaces/%1$s/bulk/get",
        "PUT /kv/%1$s/up",
        "PUT /v1/namespaces/%1$s/values/up",
        "POST /v1/namespaces/%1$s/bulk",
        "POST /v1/namespaces/%1$s/bulk/get"
      })
  void aRevokedTokenEndsItsUploads(String request) throws IOException {
    GuardedServer server = origin();
    String namespace = server.root().createNamespace("n");
    JsonNode token = server.token(ADMIN);
    String target = request.formatted(namespace, Launch.ACCOUNT);
    for (String length : List.of("Content-Length: 50000\r\n", "Transfer-Encoding: chunked\r\n")) {
      JsonNode each = server.token(ADMIN);
      try (var upload = started(server, head(target, each, length))) {
        upload.send(length.startsWith("T") ? "1\r\n \r\n" : " ");

        server.revoke(each);

        assertThat(upload.receive().status()).as(length).isEqualTo(401);
      }
    }
    assertThat(server.status(RestClient.value(namespace, "up"), token.path("secret").asString()))
        .isEqualTo(404);
  }

  @Test
  void overHttp2ARevokedTokenEndsOnlyItsOwnStreams() throws IOException {
    GuardedServer server = origin();
    String namespace = namespace(server);
    JsonNode token = server.token(ADMIN);
    JsonNode other = server.token(ADMIN);
    try (var client = new RawHttp2Client(server.address())) {
      String bearer = "Bearer " + token.path("secret").asString();
      int feed = client.request("GET", "/v1/feed", false, "authorization", bearer);
      client.receive(RawHttp2Client.DATA, feed);
      String large = RestClient.value(namespace, "large");
      int download = client.request("GET", large, false, "authorization", bearer);
      client.receive(RawHttp2Client.DATA, download);
      String up = RestClient.value(namespace, "up");
      int upload = client.request("PUT", up, true, "authorization", bearer);
      client.send(RawHttp2Client.DATA, 0, upload, new byte[PIECE_BYTES]);

      server.revoke(token);

      List<Integer> ended = new ArrayList<>();
      while (ended.size() < 3) {
        RawHttp2Client.Frame frame = client.receive();
        boolean refused = frame.type() == RawHttp2Client.HEADERS && frame.stream() == upload;
        if (frame.type() == RawHttp2Client.RST_STREAM || refused) {
          ended.add(frame.stream());
        }
      }
      assertThat(ended).containsExactlyInAnyOrder(feed, download, upload);
      String valid = "Bearer " + other.path("secret").asString();
      int next = client.request("GET", "/v1/status", false, "authorization", valid);
      assertThat(client.receive(RawHttp2Client.HEADERS, next).status()).isEqualTo(200);
    }
  }

  @Test
  void anExpiredTokenEndsItsRunningRequests() throws IOException {
    GuardedServer server = origin();
    String namespace = server.root().createNamespace("n");
    JsonNode token = server.token("{\"grant\":\"admin\",\"expires_seconds\":3600}");
    String upload = head("PUT /kv/" + namespace + "/up", token, "Content-Length: 70000\r\n");
    try (var feed = started(server, head("GET /v1/feed", token));
        var put = started(server, upload)) {
      assertThat(feed.receiveHead()).isEqualTo(200);
      put.send("x".repeat(PIECE_BYTES));

      now.updateAndGet(instant -> instant.plus(Duration.ofHours(1)));

      feed.readToEnd();
      assertThat(put.receive().status()).isEqualTo(401);
    }
  }

  @Test
  void requestsOfOtherTokensContinue() throws IOException {
    GuardedServer server = origin();
    String namespace = server.root().createNamespace("n");
    JsonNode token = server.token(ADMIN);
    JsonNode other = server.token(ADMIN);
    String upload = head("PUT /kv/" + namespace + "/up", other, "Content-Length: 70000\r\n");
    try (var feed = started(server, head("GET /v1/feed", token));
        var put = started(server, upload)) {
      assertThat(feed.receiveHead()).isEqualTo(200);
      put.send("x".repeat(PIECE_BYTES));

      server.revoke(token);

      feed.readToEnd();
      put.send("x".repeat(70_000 - PIECE_BYTES));
      assertThat(put.receive().status()).isEqualTo(200);
    }
  }

  @Test
  void theFirstTokenEndsRequestsWithoutAToken() throws IOException {
    GuardedServer server = kept(GuardedServer.open(folder.resolve("open"), now::get));
    try (var feed = new RawClient(server.address())) {
      feed.send("GET /v1/feed HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(feed.receiveHead()).isEqualTo(200);

      server.token(ADMIN);

      feed.readToEnd();
    }
  }

  @Test
  void aRevokedTokenEndsItsRequestsAtAnEdge() throws Exception {
    GuardedServer origin = origin();
    String namespace = namespace(origin);
    String own = origin.token(ADMIN).path("secret").asString();
    GuardedServer edge =
        kept(GuardedServer.edge(folder.resolve("edge"), now::get, origin.uri(), own));
    JsonNode token = origin.token(ADMIN);
    String secret = token.path("secret").asString();
    String large = RestClient.value(namespace, "large");
    Polling.await("the token has arrived", () -> edge.status(large, secret) == 200);
    String upload = head("PUT /kv/" + namespace + "/up", token, "Content-Length: 70000\r\n");
    try (var feed = started(edge, head("GET /v1/feed", token));
        var download = started(edge, head("GET " + large, token));
        var put = started(edge, upload)) {
      assertThat(feed.receiveHead()).isEqualTo(200);
      assertThat(download.receiveHead()).isEqualTo(200);
      put.send("x".repeat(PIECE_BYTES));

      origin.revoke(token);

      feed.readToEnd();
      assertThat(download.readToEnd()).isLessThan(LARGE_BYTES);
      assertThat(put.receive().status()).isEqualTo(401);
    }
  }

  @Test
  void refusesARevokedTokenThatWasCached() throws IOException {
    GuardedServer server = origin();
    String namespace = server.root().createNamespace("n");
    server.root().put(namespace, "k", Bytes.utf8("v")).ok();
    JsonNode token = server.token(ADMIN);
    String get = head("GET " + RestClient.value(namespace, "k"), token);
    try (var client = new RawClient(server.address())) {
      for (int i = 0; i < 3; i++) {
        client.send(get.getBytes(StandardCharsets.ISO_8859_1));
        assertThat(client.receive().status()).isEqualTo(200);
      }

      server.revoke(token);

      client.send(get.getBytes(StandardCharsets.ISO_8859_1));
      assertThat(client.receive().status()).isEqualTo(401);
    }
    assertThat(server.root().send("GET", "/livez", BodyPublishers.noBody()).status())
        .isEqualTo(200);
  }
}
