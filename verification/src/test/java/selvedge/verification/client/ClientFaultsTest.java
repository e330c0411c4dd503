package selvedge.verification.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import selvedge.client.Client;
import selvedge.client.ClientOptions;
import selvedge.client.Observer;
import selvedge.client.RefusedException;
import selvedge.client.UncertainException;
import selvedge.client.UnreachableException;
import selvedge.model.Bytes;
import selvedge.model.Change;
import selvedge.model.Key;
import selvedge.model.Lookup;
import selvedge.model.Namespace;
import selvedge.model.Selvedge;
import selvedge.model.StaleException;
import selvedge.model.Watch;
import selvedge.model.WatchLostException;
import selvedge.model.WriteOptions;
import selvedge.verification.process.Launch;
import selvedge.verification.process.Polling;
import selvedge.verification.process.Relay;
import selvedge.verification.process.ServerProcess;
import selvedge.verification.process.Servers;

final class ClientFaultsTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  @RegisterExtension final Servers servers = new Servers();
  @TempDir Path folder;

  private ServerProcess origin() {
    return servers.start(folder.resolve("origin"));
  }

  @Test
  void retriesUntilTheServerHasStarted() throws Exception {
    ServerProcess first = origin();
    int port = first.uri().getPort();
    try (Selvedge client = Selvedge.connect(first.uri())) {
      Namespace namespace = client.namespace("n");
      namespace.put("k", "v");
      first.kill();
      try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
        Future<?> read = threads.submit(() -> namespace.getText("k"));
        Future<?> write = threads.submit(() -> namespace.put("k", "w"));
        servers.start(Launch.on(folder.resolve("origin")).listen(port));
        read.get();
        write.get();
      }
      assertThat(namespace.getText("k")).contains("w");
    }
  }

  @Test
  void theTimeoutNamesTheServersThatDidNotAnswer() {
    URI unreachable = URI.create("http://127.0.0.1:1");
    var options = ClientOptions.of(unreachable).deadline(Duration.ofMillis(300));
    try (Selvedge client = Client.of(options)) {
      assertThatThrownBy(() -> client.namespace("n"))
          .isInstanceOf(UnreachableException.class)
          .hasMessageContaining("http://127.0.0.1:1");
    }
  }

  @Test
  void doesNotRetryAChangeWithAnUnknownOutcome() throws Exception {
    ServerProcess origin = origin();
    try (Relay relay = Relay.to(origin.address(), Duration.ofMillis(200));
        Selvedge client = Client.of(ClientOptions.of(relay.uri()).deadline(TIMEOUT));
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Namespace namespace = client.namespace("n");
      Future<?> change =
          threads.submit(() -> namespace.increment(Key.of("count"), 1, WriteOptions.PLAIN));
      try (Selvedge direct = Selvedge.connect(origin.uri())) {
        Namespace there = direct.namespace("n");
        Polling.await("the change", () -> there.getText("count").isPresent());
        relay.cut();
        assertThatThrownBy(change::get).hasCauseInstanceOf(UncertainException.class);
        assertThat(there.getText("count")).contains("1");
        relay.restore();
        assertThat(namespace.getText("count")).contains("1");
      }
    }
  }

  @Test
  void theNextServerHasAllThatTheSessionHasSeen() throws Exception {
    ServerProcess origin = origin();
    ServerProcess near =
        servers.start(Launch.on(folder.resolve("fra")).follow(origin.uri(), "fra"));
    try (Relay slow = Relay.to(origin.address(), Duration.ofMillis(300))) {
      ServerProcess far = servers.start(Launch.on(folder.resolve("syd")).follow(slow.uri(), "syd"));
      try (Selvedge client = Client.of(ClientOptions.of(near.uri(), far.uri()))) {
        Namespace namespace = client.namespace("n");
        for (int i = 0; i < 5; i++) {
          namespace.put("k" + i, "v" + i);
        }
        near.kill();
        for (int i = 0; i < 5; i++) {
          assertThat(namespace.getText("k" + i)).contains("v" + i);
        }
        namespace.put("last", "v");
        assertThat(namespace.getText("last")).contains("v");
      }
    }
  }

  @Test
  void waitsAsLongAsRetryAfterSays() throws IOException {
    var requests = new AtomicInteger();
    HttpServer busy =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    busy.createContext(
        "/",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          boolean done = requests.incrementAndGet() > 1;
          exchange.getResponseHeaders().set("Retry-After", "1");
          exchange.getResponseHeaders().set("Selvedge-Namespace", "a".repeat(32));
          exchange.sendResponseHeaders(done ? 200 : 503, -1);
          exchange.close();
        });
    busy.start();
    List<String> seen = new CopyOnWriteArrayList<>();
    Observer observer =
        attempt -> {
          seen.add("sent " + attempt.operation() + " " + attempt.number());
          return (status, time) -> seen.add("ended " + status);
        };
    URI uri = URI.create("http://127.0.0.1:" + busy.getAddress().getPort());
    try (Selvedge client = Client.of(ClientOptions.of(uri).observer(observer))) {
      long start = System.nanoTime();
      client.namespace("n");
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofSeconds(1));
      assertThat(seen)
          .containsExactly("sent namespace 1", "ended 503", "sent namespace 2", "ended 200");
    } finally {
      busy.stop(0);
    }
  }

  @Test
  void aWatchContinuesAfterEachBrokenConnection() throws Exception {
    ServerProcess origin = origin();
    try (Relay relay = Relay.to(origin.address(), Duration.ofMillis(5));
        Selvedge client = Selvedge.connect(relay.uri());
        Selvedge direct = Selvedge.connect(origin.uri())) {
      Namespace namespace = client.namespace("n");
      Namespace there = direct.namespace("n");
      try (Watch watch = namespace.watch(Bytes.EMPTY, namespace.latest())) {
        for (int i = 0; i < 6; i++) {
          there.put("k" + i, "v");
          if (i % 2 == 0) {
            relay.cut();
          }
          there.put("l" + i, "v");
          relay.restore();
          assertThat(key(watch)).isEqualTo("k" + i);
          assertThat(key(watch)).isEqualTo("l" + i);
        }
      }
    }
  }

  private static String key(Watch watch) {
    Change change = watch.next(TIMEOUT).orElseThrow();
    return ((selvedge.model.Mutation.Put) change.mutation()).key().name();
  }

  @Test
  void aWatchFromBeforeTheHorizonFails() throws Exception {
    ServerProcess origin =
        servers.start(Launch.on(folder.resolve("origin")).limit("feed-bytes", 1 << 20));
    try (Selvedge client = Selvedge.connect(origin.uri())) {
      Namespace namespace = client.namespace("n");
      var start = namespace.latest();
      Polling.await(
          "a horizon",
          () -> {
            for (int i = 0; i < 50; i++) {
              namespace.put("k", "v".repeat(60_000));
            }
            try (Watch watch = namespace.watch(Bytes.EMPTY, start)) {
              watch.next(TIMEOUT);
              return false;
            } catch (WatchLostException e) {
              return true;
            }
          });
    }
  }

  @Test
  void aLargeValueIsReadAsOfTheTimeOfItsLookup() throws Exception {
    ServerProcess origin = origin();
    byte[] large = new byte[5_000_000];
    new Random(1).nextBytes(large);
    try (Selvedge client = Selvedge.connect(origin.uri())) {
      Namespace namespace = client.namespace("n");
      namespace.put(Key.of("large"), Bytes.adopt(large), WriteOptions.PLAIN);
      var found = (Lookup.Found) namespace.get(Key.of("large"));
      assertThat(found.entry().value().length()).isEqualTo(large.length);
      try (InputStream stream = found.entry().value().open()) {
        assertThat(stream.readAllBytes()).isEqualTo(large);
      }
      namespace.put("large", "other");
      assertThatThrownBy(() -> found.entry().value().open()).isInstanceOf(StaleException.class);
    }
  }

  @Test
  void aMissingRightIsReported() {
    ServerProcess origin =
        servers.start(
            Launch.on(folder.resolve("origin"))
                .with("--root-token", "the-root-token-of-the-tests-of-clients"));
    try (Selvedge stranger = Selvedge.connect(origin.uri(), "wrong");
        Selvedge root = Selvedge.connect(origin.uri(), "the-root-token-of-the-tests-of-clients")) {
      assertThatThrownBy(() -> stranger.namespace("n"))
          .isInstanceOfSatisfying(
              RefusedException.class, e -> assertThat(e.status()).isEqualTo(401));
      root.namespace("n").put("k", "v");
      assertThat(root.namespace("n").getText("k")).contains("v");
    }
  }
}
