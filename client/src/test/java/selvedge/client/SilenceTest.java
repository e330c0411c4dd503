package selvedge.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import selvedge.model.Bytes;
import selvedge.model.Change;
import selvedge.model.Expiry;
import selvedge.model.Key;
import selvedge.model.Lookup;
import selvedge.model.Metadata;
import selvedge.model.Mutation;
import selvedge.model.Namespace;
import selvedge.model.NamespaceId;
import selvedge.model.Version;
import selvedge.model.Watch;
import selvedge.model.WriteOptions;
import selvedge.model.testing.SettableClock;
import selvedge.model.wire.Message;
import selvedge.model.wire.MessageWriter;

/** Connections that stay open while no byte arrives. */
@Timeout(20)
final class SilenceTest {
  private static final String ID = "a".repeat(32);
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  private static Client client(RawServer server, Duration deadline) {
    return Client.of(ClientOptions.of(server.uri()).deadline(deadline));
  }

  private static boolean isOpening(RawServer.Head head, OutputStream out) throws IOException {
    if (head.line().startsWith("PUT /v1/namespaces/n ")) {
      RawServer.reply(out, 200, "", "Selvedge-Namespace: " + ID);
      return true;
    }
    if (head.line().startsWith("GET /v1/namespaces/" + ID + " ")) {
      RawServer.reply(out, 200, "{}", "Selvedge-As-Of: 7");
      return true;
    }
    return false;
  }

  private static void feed(OutputStream out, long version, String... changed) throws IOException {
    RawServer.head(out, 200, -1, "Selvedge-Heartbeat-Seconds: 1", "Connection: close");
    var writer = new MessageWriter(out);
    writer.write(new Message.Hello(1, new Version(version)));
    writer.write(new Message.Heartbeat(new Version(version), Instant.EPOCH));
    for (String key : changed) {
      var put = new Mutation.Put(Key.of(key), Bytes.utf8("new"), Metadata.NONE, Expiry.NEVER);
      writer.write(
          new Message.Changed(
              new Change(new Version(version + 1), Instant.EPOCH, new NamespaceId(ID), put)));
    }
    out.flush();
  }

  @Test
  void aWatchOnASilentConnectionConnectsAgainAndContinues() {
    var feeds = new AtomicInteger();
    RawServer[] self = new RawServer[1];
    try (RawServer server =
            new RawServer(
                (head, out) -> {
                  if (isOpening(head, out)) {
                    return;
                  }
                  if (feeds.incrementAndGet() == 1) {
                    feed(out, 7);
                  } else {
                    feed(out, 7, "k");
                  }
                  self[0].fallSilent();
                });
        Client client = client(server, PATIENCE)) {
      self[0] = server;
      Namespace namespace = client.namespace("n");

      try (Watch watch = namespace.watch(Bytes.EMPTY, new Version(7))) {
        assertThat(watch.next(PATIENCE)).map(Change::version).contains(new Version(8));
      }
      assertThat(feeds).hasValue(2);
    }
  }

  @Test
  void aNearCacheReadsFromTheServerWhileItsConnectionIsSilent() {
    var value = new AtomicInteger();
    RawServer[] self = new RawServer[1];
    try (RawServer server =
            new RawServer(
                (head, out) -> {
                  if (isOpening(head, out)) {
                    return;
                  }
                  if (head.line().contains("/values/")) {
                    RawServer.reply(
                        out, 200, "v" + value, "Selvedge-Version: 7", "Selvedge-As-Of: 7");
                  } else {
                    feed(out, 7);
                    self[0].fallSilent();
                  }
                });
        Client client = client(server, PATIENCE)) {
      self[0] = server;
      try (NearCache cache = NearCache.of(client.namespace("n"), 10_000)) {
        while (!cache.isCurrent()) {
          Thread.onSpinWait();
        }
        assertThat(cache.getText("k")).contains("v0");

        value.set(1);

        assertThat(cache.getText("k")).contains("v0");
        while (cache.isCurrent()) {
          Thread.onSpinWait();
        }
        assertThat(cache.getText("k")).contains("v1");
      }
    }
  }

  @Test
  void theDeadlineCoversTheBodyOfAnAnswer() {
    RawServer[] self = new RawServer[1];
    try (RawServer server =
            new RawServer(
                (head, out) -> {
                  if (isOpening(head, out)) {
                    return;
                  }
                  RawServer.head(out, 200, 500_000, "Selvedge-Version: 7", "Selvedge-As-Of: 7");
                  RawServer.text(out, "the beginning");
                  self[0].fallSilent();
                });
        Client client = client(server, Duration.ofMillis(500))) {
      self[0] = server;
      Namespace namespace = client.namespace("n");

      assertThatThrownBy(() -> namespace.getText("k"))
          .isInstanceOf(UnreachableException.class)
          .hasMessageContaining("within")
          .hasMessageContaining("PT0.5S");
      assertThatThrownBy(() -> namespace.put(Key.of("k"), Bytes.utf8("v"), WriteOptions.PLAIN))
          .isInstanceOf(UncertainException.class);
    }
  }

  @Test
  void aStreamOfALargeValueEndsWhenNothingArrives() {
    RawServer[] self = new RawServer[1];
    try (RawServer server =
            new RawServer(
                (head, out) -> {
                  if (isOpening(head, out)) {
                    return;
                  }
                  RawServer.head(out, 200, 5_000_000, "Selvedge-Version: 7", "Selvedge-As-Of: 7");
                  RawServer.text(out, "the beginning");
                  self[0].fallSilent();
                });
        Client client = client(server, Duration.ofMillis(500))) {
      self[0] = server;
      var found = (Lookup.Found) client.namespace("n").get(Key.of("k"));

      assertThatThrownBy(
              () -> {
                try (InputStream in = found.entry().value().open()) {
                  in.readAllBytes();
                }
              })
          .isInstanceOf(IOException.class)
          .hasMessageContaining("PT0.5S");
    }
  }

  @Test
  void aNearCacheAnswersAnEntryUntilItExpires() {
    var reads = new AtomicInteger();
    var clock = new SettableClock(Instant.ofEpochSecond(1000));
    RawServer[] self = new RawServer[1];
    try (RawServer server =
            new RawServer(
                (head, out) -> {
                  if (isOpening(head, out)) {
                    return;
                  }
                  if (head.line().contains("/values/")) {
                    reads.incrementAndGet();
                    RawServer.reply(
                        out,
                        200,
                        "v",
                        "Selvedge-Version: 7",
                        "Selvedge-As-Of: 7",
                        "Selvedge-Expires: 1060000");
                  } else {
                    feed(out, 7);
                    self[0].fallSilent();
                  }
                });
        Client client = client(server, PATIENCE)) {
      self[0] = server;
      Namespace namespace = client.namespace("n");
      try (NearCache cache = new NearCache(namespace, 10_000, () -> 0, clock)) {
        cache.getText("k");
        cache.getText("k");
        assertThat(reads).hasValue(1);

        clock.advance(Duration.ofSeconds(60));

        cache.getText("k");
        assertThat(reads).hasValue(2);
      }
    }
  }

  @Test
  void aNearCacheWhoseWatchIsRefusedDoesNotSpin() {
    var feeds = new AtomicInteger();
    try (RawServer server =
            new RawServer(
                (head, out) -> {
                  if (isOpening(head, out)) {
                    return;
                  }
                  if (head.line().contains("/values/")) {
                    RawServer.reply(out, 200, "v", "Selvedge-Version: 7", "Selvedge-As-Of: 7");
                  } else {
                    boolean trimmed = feeds.incrementAndGet() % 2 == 0;
                    String code = trimmed ? "trimmed" : "forbidden";
                    RawServer.reply(
                        out,
                        trimmed ? 410 : 403,
                        "{\"error\":{\"code\":\"" + code + "\",\"message\":\"no\"}}");
                  }
                });
        Client client = client(server, PATIENCE);
        NearCache cache = NearCache.of(client.namespace("n"), 10_000)) {
      while (feeds.get() < 2) {
        Thread.onSpinWait();
      }
      for (int i = 0; i < 100; i++) {
        assertThat(cache.getText("k")).contains("v");
      }

      assertThat(cache.isCurrent()).isFalse();
      assertThat(feeds).hasValueLessThan(10);
    }
  }
}
