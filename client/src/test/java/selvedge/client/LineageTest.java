package selvedge.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import selvedge.model.Bytes;
import selvedge.model.Change;
import selvedge.model.Key;
import selvedge.model.Lookup;
import selvedge.model.Mutation;
import selvedge.model.Namespace;
import selvedge.model.NamespaceId;
import selvedge.model.Outcome;
import selvedge.model.ReadOptions;
import selvedge.model.Version;
import selvedge.model.Watch;
import selvedge.model.WatchLostException;
import selvedge.model.WriteOptions;
import selvedge.model.wire.Message;
import selvedge.model.wire.MessageWriter;

/**
 * A server whose lineage changes as after a promotion that lost versions: epoch 1 up to version 20
 * before, and epoch 2 from version 1000 afterwards, which has only the changes up to version 10.
 */
@Timeout(20)
final class LineageTest {
  private static final String ID = "a".repeat(32);
  private static final Duration PATIENCE = Duration.ofSeconds(15);
  private static final Key KEY = Key.of("k");

  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final AtomicInteger feeds = new AtomicInteger();
  private volatile boolean promoted;

  private Client client(RawServer server) {
    return Client.of(ClientOptions.of(server.uri()).deadline(PATIENCE));
  }

  private void answer(RawServer.Head head, OutputStream out) throws IOException {
    String least = head.header("Selvedge-At-Least");
    String match = head.header("If-Match").replace("\"", "");
    String epoch = head.header("Selvedge-Epoch");
    requests.add(
        head.line().substring(0, head.line().indexOf(' '))
            + " "
            + least
            + match
            + " epoch "
            + epoch);
    String here = promoted ? "2" : "1";
    String named = least.isEmpty() ? match : least;
    if (promoted && epoch.equals("1") && !named.isEmpty() && Long.parseLong(named) > 10) {
      refuse(out, 412);
    } else if (head.line().startsWith("PUT /v1/namespaces/n ")) {
      RawServer.reply(out, 200, "", "Selvedge-Namespace: " + ID);
    } else if (head.line().startsWith("PUT ")) {
      RawServer.reply(out, 200, "", "Selvedge-Version: 20", "Selvedge-Epoch: " + here);
    } else if (head.line().contains("/feed")) {
      feed(head, out);
    } else {
      String version = promoted ? "1000" : "20";
      RawServer.reply(
          out,
          head.line().contains("/missing") ? 404 : 200,
          promoted ? "new" : "old",
          "Selvedge-Version: " + version,
          "Selvedge-As-Of: " + version,
          "Selvedge-Epoch: " + here);
    }
  }

  private static void refuse(OutputStream out, int status) throws IOException {
    RawServer.reply(
        out,
        status,
        "{\"error\":{\"code\":\"lineage-changed\",\"message\":\"lost\"}}",
        "Selvedge-Error: lineage-changed",
        "Selvedge-Agreed: 10",
        "Selvedge-Epoch: 2");
  }

  private void feed(RawServer.Head head, OutputStream out) throws IOException {
    if (promoted && head.line().contains("&epoch=1 ")) {
      refuse(out, 410);
      return;
    }
    RawServer.head(out, 200, -1, "Connection: close", "Selvedge-Heartbeat-Seconds: 1");
    var writer = new MessageWriter(out);
    writer.write(new Message.Hello(1, new Version(20)));
    writer.write(new Message.Heartbeat(new Version(20), Instant.EPOCH));
    out.flush();
    feeds.incrementAndGet();
    promoted = true;
    throw new IOException("the server is gone");
  }

  /** Returns a server whose feeds are answered in another way. */
  private RawServer withFeed(RawServer.Answer feed) {
    return new RawServer(
        (head, out) -> {
          RawServer.Answer answer = head.line().contains("/feed") ? feed : this::answer;
          answer.write(head, out);
        });
  }

  private static Message deletion(long version) {
    return new Message.Changed(
        new Change(
            new Version(version), Instant.EPOCH, new NamespaceId(ID), new Mutation.Delete(KEY)));
  }

  @Test
  void readsContinueAfterTheServersLoseTheVersionsOfTheSession() {
    try (RawServer server = new RawServer(this::answer);
        Client client = client(server)) {
      Namespace namespace = client.namespace("n");
      namespace.put("k", "old");
      promoted = true;

      assertThat(namespace.getText("k")).contains("new");
      assertThat(requests).contains("GET 20 epoch 1", "GET 10 epoch 1");
    }
  }

  @Test
  void aReadThatNamesALostVersionIsRefused() {
    try (RawServer server = new RawServer(this::answer);
        Client client = client(server)) {
      Namespace namespace = client.namespace("n");
      Version lost = namespace.put("k", "old").version();
      promoted = true;

      for (int i = 0; i < 2; i++) {
        assertThatThrownBy(() -> namespace.get(KEY, ReadOptions.PLAIN.atLeast(lost)))
            .isInstanceOfSatisfying(
                RefusedException.class, e -> assertThat(e.status()).isEqualTo(412));
        assertThat(namespace.getText("k")).contains("new");
      }
    }
  }

  /** The server has shown the version before, so it is not named again. */
  @Test
  void aReadThatNamesALostVersionIsRefusedByAServerThatHasShownIt() {
    try (RawServer server = new RawServer(this::answer);
        Client client = client(server)) {
      Namespace namespace = client.namespace("n");
      Version lost = namespace.put("k", "old").version();
      assertThat(namespace.getText("k")).contains("old");
      promoted = true;

      for (Key key : List.of(Key.of("missing"), KEY)) {
        assertThatThrownBy(() -> namespace.get(key, ReadOptions.PLAIN.atLeast(lost)))
            .isInstanceOfSatisfying(
                RefusedException.class, e -> assertThat(e.status()).isEqualTo(412));
      }
    }
  }

  @Test
  void anOlderVersionIsNamedUntilAServerOfTheNewEpochHasConfirmedIt() {
    ReadOptions older = ReadOptions.PLAIN.atLeast(new Version(5));
    try (RawServer server = new RawServer(this::answer);
        Client client = client(server)) {
      Namespace namespace = client.namespace("n");
      namespace.put("k", "old");
      assertThat(namespace.getText("k")).contains("old");
      promoted = true;

      assertThat(namespace.get(KEY, older)).isInstanceOf(Lookup.Found.class);
      assertThat(namespace.get(KEY, older)).isInstanceOf(Lookup.Found.class);
    }
    assertThat(requests.stream().filter(each -> each.equals("GET 5 epoch 1"))).hasSize(1);
  }

  @Test
  void aConditionOnALostVersionIsAConflictWithTheEntryInPlace() {
    try (RawServer server = new RawServer(this::answer);
        Client client = client(server)) {
      Namespace namespace = client.namespace("n");
      Version lost = namespace.put("k", "old").version();
      promoted = true;

      assertThat(namespace.put(KEY, Bytes.utf8("v"), WriteOptions.PLAIN.ifVersion(lost)))
          .isEqualTo(new Outcome.Conflict(new Version(1000)));
      assertThat(requests).contains("PUT 20 epoch 1");
    }
  }

  @Test
  void aWatchNamesTheEpochAndTheOpeningThatTheFeedHasReached() {
    String opening = "00000000000000ab 2 20 1000";
    List<String> asked = new CopyOnWriteArrayList<>();
    try (RawServer server =
            withFeed(
                (head, out) -> {
                  asked.add(
                      head.line().replaceAll(".*&after=| HTTP.*", "")
                          + ", "
                          + head.header("Selvedge-Openings"));
                  RawServer.head(out, 200, -1, "Connection: close");
                  var writer = new MessageWriter(out);
                  if (asked.size() < 3) {
                    writer.write(new Message.Hello(1, new Version(20)));
                    writer.write(
                        new Message.Hello(
                            2, new Version(1000), asked.size() == 1 ? "a\nb" : opening));
                    out.flush();
                    throw new IOException("the connection is cut");
                  }
                  writer.write(deletion(1002));
                  out.flush();
                });
        Client client = client(server);
        Watch watch = client.namespace("n").watch(Bytes.EMPTY, new Version(20))) {
      assertThat(watch.next(PATIENCE)).isPresent();
    }
    assertThat(asked.subList(0, 3))
        .containsExactly("20&epoch=1, ", "1000&epoch=2, ", "1000&epoch=2, " + opening);
  }

  /** Otherwise it is refused for good by servers that do not know the epoch. */
  @Test
  void aWatchOfEverythingNamesNoEpoch() {
    List<String> asked = new CopyOnWriteArrayList<>();
    try (RawServer server =
            withFeed(
                (head, out) -> {
                  asked.add(head.line().replaceAll(".*&after=| HTTP.*", ""));
                  RawServer.head(out, 200, -1, "Connection: close");
                  var writer = new MessageWriter(out);
                  writer.write(deletion(3));
                  out.flush();
                });
        Client client = client(server)) {
      Namespace namespace = client.namespace("n");
      namespace.put("k", "old");
      try (Watch watch = namespace.watch(Bytes.EMPTY, Version.NONE)) {
        assertThat(watch.next(PATIENCE)).isPresent();
      }
    }
    assertThat(asked.getFirst()).isEqualTo("0");
  }

  @Test
  void aWatchThatHasReturnedALostVersionIsLost() {
    try (RawServer server = new RawServer(this::answer);
        Client client = client(server)) {
      Namespace namespace = client.namespace("n");

      try (Watch watch = namespace.watch(Bytes.EMPTY, new Version(20))) {
        assertThatThrownBy(() -> watch.next(PATIENCE)).isInstanceOf(WatchLostException.class);
      }
      assertThat(feeds).hasValue(1);
    }
  }
}
