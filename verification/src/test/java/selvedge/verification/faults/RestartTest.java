package selvedge.verification.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import selvedge.engine.store.rocks.RocksStore;
import selvedge.model.Bytes;
import selvedge.model.Limits;
import selvedge.model.Profile;
import selvedge.model.StoreUnusableException;
import selvedge.model.Version;
import selvedge.verification.process.Launch;
import selvedge.verification.process.Polling;
import selvedge.verification.process.RawClient;
import selvedge.verification.process.RawHttp2Client;
import selvedge.verification.process.Reply;
import selvedge.verification.process.RestClient;
import selvedge.verification.process.ServerProcess;
import selvedge.verification.process.Servers;

/** Stops and restarts the server process. */
final class RestartTest {
  private static final int LARGE_BYTES = 400_000;
  private static final long PATIENT_SECONDS = 600;

  @RegisterExtension final Servers servers = new Servers();
  @TempDir Path data;

  /**
   * Returns a launch whose timeouts are longer than the wait of the test for the end of the
   * process.
   */
  private Launch withLongTimeouts() {
    return Launch.on(data)
        .limit("drain-seconds", PATIENT_SECONDS)
        .limit("header-seconds", PATIENT_SECONDS)
        .limit("body-seconds", PATIENT_SECONDS)
        .limit("idle-seconds", PATIENT_SECONDS);
  }

  @Test
  void waitsForARequestInFlightBeforeItEnds() throws Exception {
    ServerProcess server = servers.start(withLongTimeouts());
    Stamp stamp = new Stamp("slow", 1, LARGE_BYTES);
    byte[] value = stamp.value().toArray();
    String namespace;
    try (RestClient client = server.client();
        RawClient slow = new RawClient(server.address())) {
      namespace = client.createNamespace("restart");
      slow.send(
          "PUT %s HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: %d\r\n\r\n"
              .formatted(RestClient.value(namespace, "slow"), value.length));
      assertThat(slow.receive().status()).isEqualTo(100);
      slow.send(Arrays.copyOf(value, LARGE_BYTES / 2));

      server.signalEnd();
      awaitRefusedConnections(server);
      slow.send(Arrays.copyOfRange(value, LARGE_BYTES / 2, LARGE_BYTES));

      assertThat(slow.receive().status()).isEqualTo(200);
      assertThat(slow.readToEnd()).isZero();
      assertThat(server.awaitExit()).isZero();
    }
    try (RestClient client = servers.start(data).client()) {
      assertThat(Stamp.read("slow", client.get(namespace, "slow").ok().body())).isEqualTo(stamp);
    }
  }

  @Test
  void doesNotDeleteTheTargetOfASpoolThatIsALink() throws Exception {
    Path elsewhere = Files.createDirectory(data.resolve("elsewhere"));
    Path precious = Files.writeString(elsewhere.resolve("precious"), "kept");
    Files.createSymbolicLink(data.resolve("spool"), elsewhere);

    ServerProcess server = servers.spawn(Launch.on(data));

    assertThat(server.awaitExit()).isEqualTo(1);
    assertThat(server.log()).contains("spool is a symbolic link");
    assertThat(precious).hasContent("kept");
  }

  private static void awaitRefusedConnections(ServerProcess server) {
    while (RawClient.isTaken(server.address())) {
      Thread.onSpinWait();
    }
  }

  @Test
  void aProbeLearnsThatTheServerStopsWhileConnectionsAreAccepted() throws Exception {
    ServerProcess server =
        servers.start(withLongTimeouts().limit("drain-notice-seconds", PATIENT_SECONDS));
    assertThat(readiness(server)).startsWith("200 ready");

    server.signalEnd();

    Polling.await("the answer 503", () -> readiness(server).startsWith("503 draining"));
    try (RestClient client = server.client()) {
      client.createNamespace("accepted");
    }
  }

  private static String readiness(ServerProcess server) throws IOException {
    try (RawClient probe = new RawClient(server.address())) {
      probe.send("GET /readyz HTTP/1.1\r\nHost: x\r\n\r\n");
      RawClient.Answer answer = probe.receive();
      return answer.status() + " " + answer.body().utf8();
    }
  }

  @Test
  void doesNotWaitForConnectionsWithoutARequest() throws Exception {
    ServerProcess server = servers.start(withLongTimeouts());
    try (RawClient silent = new RawClient(server.address());
        RawClient idle = new RawClient(server.address());
        RawHttp2Client http2 = new RawHttp2Client(server.address())) {
      idle.send("GET /livez HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(idle.receive().status()).isEqualTo(200);
      int stream = http2.request("GET", "/livez", false);
      assertThat(http2.receive(RawHttp2Client.HEADERS, stream).status()).isEqualTo(200);

      assertThat(server.terminate()).isZero();

      assertThat(silent.readToEnd()).isZero();
      assertThat(idle.readToEnd()).isZero();
      http2.receive(RawHttp2Client.GOAWAY, 0);
      http2.readToEnd();
    }
  }

  @Test
  void waitsForAnHttp2RequestInFlight() throws Exception {
    ServerProcess server = servers.start(withLongTimeouts());
    Stamp stamp = new Stamp("slow", 1, 10_000);
    byte[] value = stamp.value().toArray();
    String namespace;
    try (RestClient client = server.client();
        RawHttp2Client slow = new RawHttp2Client(server.address())) {
      namespace = client.createNamespace("restart");
      int stream = slow.request("PUT", RestClient.value(namespace, "slow"), true);
      slow.send(RawHttp2Client.DATA, 0, stream, Arrays.copyOf(value, 5_000));
      int other = slow.request("GET", "/livez", false);
      assertThat(slow.receive(RawHttp2Client.HEADERS, other).status()).isEqualTo(200);

      server.signalEnd();
      slow.receive(RawHttp2Client.GOAWAY, 0);
      slow.send(
          RawHttp2Client.DATA,
          RawHttp2Client.END_STREAM,
          stream,
          Arrays.copyOfRange(value, 5_000, 10_000));

      assertThat(slow.receive(RawHttp2Client.HEADERS, stream).status()).isEqualTo(200);
      slow.readToEnd();
      assertThat(server.awaitExit()).isZero();
    }
    try (RestClient client = servers.start(data).client()) {
      assertThat(Stamp.read("slow", client.get(namespace, "slow").ok().body())).isEqualTo(stamp);
    }
  }

  @Test
  void endsAlthoughARequestDoesNotEnd() throws Exception {
    ServerProcess server = servers.start(Launch.on(data).limit("drain-seconds", 1));
    try (RestClient client = server.client();
        RawClient stuck = new RawClient(server.address())) {
      String namespace = client.createNamespace("restart");
      stuck.send(
          "PUT %s HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 100\r\n\r\n"
              .formatted(RestClient.value(namespace, "stuck")));
      assertThat(stuck.receive().status()).isEqualTo(100);

      assertThat(server.terminate()).isZero();
    }
  }

  @Test
  void keepsValuesNamespacesAndTokens() {
    String namespace;
    String secret;
    ServerProcess first = servers.start(data);
    try (RestClient client = RestClient.ofOwner(data)) {
      namespace = client.createNamespace("restart");
      client.put(namespace, "key", Bytes.utf8("value"), "CF-KV-Metadata", "{\"a\":1}").ok();
      client.increment(namespace, "counter", 41).ok();
      Reply token =
          client.send(
              "POST",
              "/v1/tokens",
              BodyPublishers.ofString("{\"name\":\"test\",\"grant\":\"admin\"}"));
      secret = token.ok().json().path("secret").asString();
    }
    assertThat(first.terminate()).isZero();

    ServerProcess second = servers.start(data);
    try (RestClient stranger = second.client();
        RestClient client = new RestClient(second.uri(), HttpClient.Version.HTTP_1_1, secret)) {
      assertThat(stranger.get(namespace, "key").status()).isGreaterThanOrEqualTo(400);
      Reply reply = client.get(namespace, "key").ok();
      assertThat(reply.body().utf8()).isEqualTo("value");
      assertThat(reply.header("CF-KV-Metadata")).isEqualTo("{\"a\":1}");
      assertThat(client.increment(namespace, "counter", 1).json().path("value").asInt())
          .isEqualTo(42);
      Reply namespaces = client.send("GET", RestClient.account(), BodyPublishers.noBody());
      assertThat(namespaces.json().path("result").path(0).path("title").asString())
          .isEqualTo("restart");
    }
  }

  @Test
  void startsAfterItWasKilledDuringAStart() throws Exception {
    String namespace;
    ServerProcess first = servers.start(data);
    try (RestClient client = first.client()) {
      namespace = client.createNamespace("restart");
      client.put(namespace, "key", Bytes.utf8("value")).ok();
    }
    assertThat(first.terminate()).isZero();

    List<String> before = logs();
    ServerProcess second = servers.spawn(Launch.on(data));
    while (logs().equals(before) && second.isAlive()) {
      Thread.onSpinWait();
    }
    second.kill();

    try (RestClient client = servers.start(data).client()) {
      assertThat(client.get(namespace, "key").ok().body().utf8()).isEqualTo("value");
    }
  }

  /**
   * Returns the log files. They are replaced when the database is opened, which is in the middle of
   * a start.
   */
  private List<String> logs() throws IOException {
    try (Stream<Path> files = Files.list(data.resolve("store/db"))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".log"))
          .sorted()
          .toList();
    }
  }

  @Test
  void refusesADirectoryThatAnotherProcessUses() {
    ServerProcess first = servers.start(data);
    ServerProcess second = servers.spawn(Launch.on(data));

    assertThat(second.awaitExit()).isEqualTo(1);
    assertThat(second.log())
        .contains(data.toString())
        .contains("in use by another process")
        .doesNotContain("\tat ");

    try (RestClient client = first.client()) {
      client.createNamespace("still here");
    }
  }

  /**
   * The operating system releases all locks of a process on a file when the process closes any
   * channel of it.
   */
  @Test
  void aRefusedSecondOpeningKeepsTheLock() {
    Path store = data.resolve("store");
    Limits limits = Limits.of(Profile.OPEN);
    try (RocksStore first = RocksStore.open(store, limits, InstantSource.system(), new Random())) {
      assertThatThrownBy(
              () -> RocksStore.open(store, limits, InstantSource.system(), new Random()).close())
          .isInstanceOf(StoreUnusableException.class)
          .hasMessageContaining("in use");

      ServerProcess other = servers.spawn(Launch.on(data));

      assertThat(other.awaitExit()).isEqualTo(1);
      assertThat(other.log()).contains("in use by another process");
      assertThat(first.latest()).isEqualTo(Version.NONE);
    }
  }

  @Test
  void refusesAStoreOfAnUnknownFormat() throws Exception {
    assertThat(servers.start(data).terminate()).isZero();
    Path format = data.resolve("store/format");
    Files.writeString(format, Files.readString(format).replace("store 3", "store 4"));

    ServerProcess second = servers.spawn(Launch.on(data));

    assertThat(second.awaitExit()).isEqualTo(1);
    assertThat(second.log()).contains("format").doesNotContain("\tat ");
  }
}
