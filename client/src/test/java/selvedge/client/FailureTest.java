package selvedge.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import selvedge.model.Bytes;
import selvedge.model.ClosedException;
import selvedge.model.InvalidRequestException;
import selvedge.model.Key;
import selvedge.model.Listing;
import selvedge.model.Namespace;
import selvedge.model.Selvedge;
import selvedge.model.SelvedgeException;
import selvedge.model.Version;
import selvedge.model.Watch;
import selvedge.model.WriteOptions;

/** The exceptions of a client whose server does not answer, or answers something else. */
@Timeout(20)
final class FailureTest {
  private static final String ID = "a".repeat(32);
  private static final Duration DEADLINE = Duration.ofSeconds(15);

  private static boolean isOpening(RawServer.Head head, OutputStream out) throws IOException {
    if (head.line().startsWith("PUT /v1/namespaces/n ")) {
      RawServer.reply(out, 200, "", "Selvedge-Namespace: " + ID);
      return true;
    }
    return false;
  }

  private static void value(OutputStream out) throws IOException {
    RawServer.reply(out, 200, "v", "Selvedge-Version: 7", "Selvedge-As-Of: 7");
  }

  @Test
  void aServerThatRefusesConnectionsIsTriedOnceWhereCallsFailFast() {
    var attempts = new AtomicInteger();
    Observer observer =
        attempt -> {
          attempts.incrementAndGet();
          return (status, time) -> {};
        };
    URI one = URI.create("http://127.0.0.1:1");
    URI other = URI.create("http://127.0.0.1:2");
    var options = ClientOptions.of(one, other).deadline(DEADLINE).observer(observer).failFast(true);
    try (Client client = Client.of(options)) {
      for (int i = 0; i < 100; i++) {
        assertThatThrownBy(() -> client.namespace("n")).isInstanceOf(UnreachableException.class);
      }
      assertThat(attempts).hasValue(2);
    }
  }

  @Test
  void aCircuitClosesWhenTheServerIsReady() {
    var ready = new AtomicInteger(503);
    var asked = new AtomicInteger();
    try (RawServer server =
            new RawServer(
                (head, out) -> {
                  if (head.line().startsWith("GET /readyz ")) {
                    RawServer.reply(out, ready.get(), "");
                  } else if (ready.get() != 200) {
                    asked.incrementAndGet();
                    RawServer.reply(out, 503, "", "Retry-After: 1");
                  } else if (!isOpening(head, out)) {
                    value(out);
                  }
                });
        Client client =
            Client.of(ClientOptions.of(server.uri()).deadline(DEADLINE).failFast(true))) {
      for (int i = 0; i < 10; i++) {
        assertThatThrownBy(() -> client.namespace("n")).isInstanceOf(SelvedgeException.class);
      }
      assertThat(asked).hasValue(3);

      ready.set(200);

      assertThat(answer(client)).contains("v");
    }
  }

  @Test
  void aSilentServerIsWaitedForOnceWhereCallsFailFast() {
    var attempts = new AtomicInteger();
    Observer observer =
        attempt -> {
          attempts.incrementAndGet();
          return (status, time) -> {};
        };
    RawServer[] self = new RawServer[1];
    try (RawServer server = new RawServer((head, out) -> self[0].fallSilent());
        Client client =
            Client.of(
                ClientOptions.of(server.uri())
                    .deadline(Duration.ofMillis(300))
                    .observer(observer)
                    .failFast(true))) {
      self[0] = server;

      for (int i = 0; i < 20; i++) {
        assertThatThrownBy(() -> client.namespace("n")).isInstanceOf(SelvedgeException.class);
      }

      assertThat(attempts).hasValue(1);
    }
  }

  @Test
  void aSlowOperationOpensTheCircuitOnlyUntilTheProbeIsAnswered() {
    RawServer[] self = new RawServer[1];
    try (RawServer server =
            new RawServer(
                (head, out) -> {
                  if (head.line().contains("/count")) {
                    self[0].fallSilent();
                  }
                  if (head.line().startsWith("GET /readyz ")) {
                    RawServer.reply(out, 200, "");
                  } else if (!isOpening(head, out)) {
                    value(out);
                  }
                });
        Client client =
            Client.of(
                ClientOptions.of(server.uri()).deadline(Duration.ofMillis(500)).failFast(true))) {
      self[0] = server;
      Namespace namespace = client.namespace("n");

      assertThatThrownBy(() -> namespace.count(Bytes.EMPTY))
          .isInstanceOf(UnreachableException.class);

      assertThat(answer(client)).contains("v");
    }
  }

  @Test
  void aReadLeavesTimeForTheServerAfterASilentOne() {
    RawServer[] self = new RawServer[1];
    var silent = new AtomicInteger();
    try (RawServer near =
            new RawServer(
                (head, out) -> {
                  if (!isOpening(head, out)) {
                    silent.incrementAndGet();
                    self[0].fallSilent();
                  }
                });
        RawServer far = new RawServer((head, out) -> value(out));
        Client client =
            Client.of(ClientOptions.of(near.uri(), far.uri()).deadline(Duration.ofSeconds(2)))) {
      self[0] = near;

      assertThat(client.namespace("n").getText("k")).contains("v");
      assertThat(silent).hasValue(1);
    }
  }

  @Test
  void aChangeThatAGatewayHasLostIsUncertainAndMadeOnce() {
    var changes = new AtomicInteger();
    try (RawServer lost =
            new RawServer(
                (head, out) -> {
                  if (!isOpening(head, out)) {
                    int status = changes.incrementAndGet() % 2 == 0 ? 504 : 502;
                    RawServer.reply(
                        out,
                        status,
                        "{\"error\":{\"code\":\"outcome_unknown\",\"message\":\"no leader\"}}");
                  }
                });
        RawServer next = new RawServer((head, out) -> changes.addAndGet(100));
        Client client = Client.of(ClientOptions.of(lost.uri(), next.uri()).deadline(DEADLINE))) {
      Namespace namespace = client.namespace("n");

      assertThatThrownBy(() -> namespace.put("k", "v"))
          .isInstanceOf(UncertainException.class)
          .hasMessageContaining("no leader")
          .hasCauseInstanceOf(RefusedException.class);

      assertThat(changes).hasValue(1);
    }
  }

  @Test
  void aReadThatAGatewayHasLostIsMadeAtTheNextServer() {
    try (RawServer lost =
            new RawServer(
                (head, out) -> {
                  if (!isOpening(head, out)) {
                    RawServer.reply(out, 502, "");
                  }
                });
        RawServer next = new RawServer((head, out) -> value(out));
        Client client = Client.of(ClientOptions.of(lost.uri(), next.uri()).deadline(DEADLINE))) {
      assertThat(client.namespace("n").getText("k")).contains("v");
    }
  }

  @Test
  void aNamespaceIsOpenedAgainAfterAnUnknownOutcome() {
    var opened = new AtomicInteger();
    try (RawServer server =
            new RawServer(
                (head, out) -> {
                  if (opened.incrementAndGet() == 1) {
                    RawServer.reply(out, 502, "");
                  } else if (!isOpening(head, out)) {
                    value(out);
                  }
                });
        Client client = Client.of(ClientOptions.of(server.uri()).deadline(DEADLINE))) {
      assertThat(client.namespace("n").getText("k")).contains("v");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void theNextServerIsTriedWithoutAPause(boolean failFast) {
    var changes = new AtomicInteger();
    try (RawServer busy =
            new RawServer((head, out) -> RawServer.reply(out, 503, "", "Retry-After: 3600"));
        RawServer ready =
            new RawServer(
                (head, out) -> {
                  if (!isOpening(head, out)) {
                    changes.incrementAndGet();
                    RawServer.reply(out, 200, "", "Selvedge-Version: 7");
                  }
                });
        Client client =
            Client.of(
                ClientOptions.of(busy.uri(), ready.uri()).deadline(DEADLINE).failFast(failFast))) {
      client.namespace("n").put("k", "v");

      assertThat(changes).hasValue(1);
    }
  }

  /** Returns a server that answers some requests with 503 and these fields, and then a value. */
  private static RawServer refusing(int times, String... fields) {
    var requests = new AtomicInteger();
    return new RawServer(
        (head, out) -> {
          if (requests.incrementAndGet() <= times) {
            RawServer.reply(out, 503, "", fields);
          } else if (!isOpening(head, out)) {
            value(out);
          }
        });
  }

  @Test
  void thePauseFollowsTheLastServerOfEachRound() {
    try (RawServer first =
            new RawServer((head, out) -> RawServer.reply(out, 503, "", "Retry-After: 3600"));
        RawServer second = refusing(1, "Retry-After: 1");
        Client client = Client.of(ClientOptions.of(first.uri(), second.uri()).deadline(DEADLINE))) {
      assertThat(client.namespace("n").getText("k")).contains("v");
    }
  }

  @Test
  void aServerMayRequireAPauseThatIsShorterThanASecond() {
    String[] soon = {"Retry-After: 3600", "Selvedge-Retry-Millis: 1"};
    try (RawServer server = refusing(1, soon);
        Client client = Client.of(ClientOptions.of(server.uri()).deadline(DEADLINE))) {
      assertThat(client.namespace("n").getText("k")).contains("v");
    }
  }

  /** The voter that was lost would let the pauses double, up to many times those of the others. */
  @Test
  void aServerThatIsLostDoesNotMakeThePausesLongerThanAnotherOneRequires() {
    String[] soon = {"Retry-After: 1", "Selvedge-Retry-Millis: 1"};
    try (RawServer server = refusing(19, soon);
        Client client =
            Client.of(
                ClientOptions.of(server.uri(), URI.create("http://127.0.0.1:1"))
                    .deadline(DEADLINE))) {
      assertThat(client.namespace("n").getText("k")).contains("v");
    }
  }

  private static String answer(Client client) {
    while (true) {
      try {
        return client.namespace("n").getText("k").orElse("");
      } catch (UnreachableException e) {
        Thread.onSpinWait();
      }
    }
  }

  @Test
  void anInterruptedReadHasChangedNothing() throws Exception {
    RawServer[] self = new RawServer[1];
    var reading = new CountDownLatch(1);
    try (RawServer server =
            new RawServer(
                (head, out) -> {
                  if (!isOpening(head, out)) {
                    reading.countDown();
                    self[0].fallSilent();
                  }
                });
        Client client = Client.of(ClientOptions.of(server.uri()).deadline(DEADLINE));
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      self[0] = server;
      Namespace namespace = client.namespace("n");
      Future<?> reader =
          threads.submit(
              () ->
                  assertThatThrownBy(() -> namespace.getText("k"))
                      .isInstanceOf(UnreachableException.class));
      reading.await();
      threads.shutdownNow();
      reader.get();
    }
  }

  @Test
  void aServerWithoutTlsIsNamedAtOnceAndNothingIsUncertain() throws Exception {
    try (ServerSocket plain = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        Client client =
            Client.of(
                ClientOptions.of(URI.create("https://127.0.0.1:" + plain.getLocalPort()))
                    .deadline(DEADLINE))) {
      Future<?> answering =
          threads.submit(
              () -> {
                try (Socket socket = plain.accept()) {
                  RawServer.head(socket.getOutputStream(), 400, 0);
                  socket.getInputStream().readAllBytes();
                }
                return null;
              });

      assertThatThrownBy(() -> client.namespace("n"))
          .isInstanceOfSatisfying(
              UnreachableException.class,
              e -> assertThat(e.remedy()).isEqualTo(SelvedgeException.Remedy.OPERATOR));
      answering.get();
    }
  }

  @Test
  void aTokenWithALineBreakIsRefusedAndNotShown() {
    ClientOptions options = ClientOptions.of(URI.create("http://127.0.0.1:1"));
    assertThatThrownBy(() -> options.token("secret\n"))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageNotContaining("secret");
  }

  @Test
  void anEmptyTokenIsRefused() {
    ClientOptions options = ClientOptions.of(URI.create("http://127.0.0.1:1"));

    assertThatThrownBy(() -> options.token(""))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("leave it out");
    assertThatThrownBy(() -> Selvedge.connect(URI.create("http://127.0.0.1:1"), ""))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("leave it out");
  }

  @Test
  void everyHandleOfAClosedClientThrows() {
    RawServer[] self = new RawServer[1];
    try (RawServer server =
        new RawServer(
            (head, out) -> {
              if (!isOpening(head, out)) {
                if (head.line().contains("/feed")) {
                  RawServer.head(out, 200, -1, "Connection: close");
                  self[0].fallSilent();
                }
                value(out);
              }
            })) {
      self[0] = server;
      Client client = Client.of(ClientOptions.of(server.uri()).deadline(DEADLINE));
      Namespace namespace = client.namespace("n");
      Watch watch = namespace.watch(Bytes.EMPTY, new Version(7));

      client.close();

      assertThatThrownBy(() -> namespace.getText("k")).isInstanceOf(ClosedException.class);
      assertThatThrownBy(() -> namespace.put("k", "v")).isInstanceOf(ClosedException.class);
      assertThatThrownBy(() -> client.namespace("n").getText("k"))
          .isInstanceOf(ClosedException.class);
      assertThatThrownBy(() -> watch.next(DEADLINE)).isInstanceOf(ClosedException.class);
    }
  }

  @Test
  void aServerOfAnotherReleaseIsNamedAtOnce() {
    byte[] frame = {0, 0, 0, 1, 99, 0, 0, 0, 0};
    var checksum = new CRC32C();
    checksum.update(99);
    ByteBuffer.wrap(frame).putInt(5, (int) checksum.getValue());
    try (RawServer server =
            new RawServer(
                (head, out) -> {
                  if (head.line().contains("/count")) {
                    RawServer.reply(
                        out,
                        404,
                        "{\"error\":{\"code\":\"no_route\",\"message\":\"no such path\"}}");
                  } else if (!isOpening(head, out)) {
                    RawServer.head(out, 200, frame.length);
                    out.write(frame);
                  }
                });
        Client client = Client.of(ClientOptions.of(server.uri()).deadline(DEADLINE))) {
      Namespace namespace = client.namespace("n");

      assertThatThrownBy(() -> namespace.count(Bytes.EMPTY))
          .isInstanceOf(IncompatibleException.class)
          .hasMessage("no such path: the server is of an older release than this client");
      assertThatThrownBy(() -> namespace.list(Listing.prefix("", 10)))
          .isInstanceOf(IncompatibleException.class)
          .hasMessageContaining("(a frame of the type 99): the server is of a newer release");
      try (Watch watch = namespace.watch(Bytes.EMPTY, new Version(7))) {
        assertThatThrownBy(() -> watch.next(DEADLINE)).isInstanceOf(IncompatibleException.class);
      }
    }
  }

  @Test
  void manyCallsShareTheConfiguredNumberOfConnections() throws Exception {
    try (RawServer server =
            new RawServer(
                (head, out) -> {
                  if (!isOpening(head, out)) {
                    value(out);
                  }
                });
        Client client =
            Client.of(ClientOptions.of(server.uri()).deadline(DEADLINE).maxConcurrent(8));
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Namespace namespace = client.namespace("n");
      List<Future<?>> calls = new ArrayList<>();
      for (int i = 0; i < 1000; i++) {
        calls.add(threads.submit(() -> namespace.getText("k")));
      }
      for (Future<?> call : calls) {
        call.get();
      }
      assertThat(server.connections()).isLessThanOrEqualTo(16);
    }
  }

  @Test
  void thePathOfAServerIsKept() {
    List<String> lines = new ArrayList<>();
    try (RawServer server =
            new RawServer(
                (head, out) -> {
                  lines.add(head.line());
                  RawServer.reply(out, 200, "", "Selvedge-Namespace: " + ID);
                });
        Client client = Client.of(ClientOptions.of(URI.create(server.uri() + "/kv/")))) {
      client.namespace("n");
      assertThat(lines).containsExactly("PUT /kv/v1/namespaces/n HTTP/1.1");
    }
  }

  @Test
  void namesAnAddressThatIsNoSelvedgeServer() {
    try (RawServer server = new RawServer((head, out) -> RawServer.reply(out, 200, "hello"));
        Client client = Client.of(ClientOptions.of(server.uri()))) {
      assertThatThrownBy(() -> client.namespace("n"))
          .isInstanceOf(RefusedException.class)
          .hasMessageContaining("no Selvedge server");
      assertThatThrownBy(
              () -> client.namespace("n").put(Key.of("k"), Bytes.EMPTY, WriteOptions.PLAIN))
          .isInstanceOf(RefusedException.class);
    }
  }
}
