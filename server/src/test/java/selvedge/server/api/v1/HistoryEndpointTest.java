package selvedge.server.api.v1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import selvedge.engine.feed.Feed;
import selvedge.engine.feed.FeedRead;
import selvedge.engine.feed.FeedSignal;
import selvedge.model.AccountId;
import selvedge.model.Bytes;
import selvedge.model.Change;
import selvedge.model.Key;
import selvedge.model.Limit;
import selvedge.model.Limits;
import selvedge.model.Mutation;
import selvedge.model.Namespace;
import selvedge.model.NamespaceId;
import selvedge.model.Profile;
import selvedge.model.Version;
import selvedge.model.testing.MemoryNamespaces;
import selvedge.model.testing.SettableClock;
import selvedge.server.api.Body;
import selvedge.server.api.Response;
import selvedge.server.api.TestRequest;

/** A history that its reader cancels ends, and leaves its place to the next one. */
final class HistoryEndpointTest {
  private static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");
  private static final AccountId ACCOUNT = new AccountId("0".repeat(32));
  private static final Key KEY = Key.of("k");
  private static final int CHANGES = 1000;

  private final MemoryNamespaces memory = new MemoryNamespaces(new SettableClock(NOW));
  private final NamespaceId id = memory.create(ACCOUNT, "n").id();
  private final AtomicInteger reads = new AtomicInteger();
  private final AtomicLong seconds = new AtomicLong();
  private Version horizon = Version.NONE;
  private final Limits limits =
      Limits.of(Profile.OPEN).with(Limit.HISTORIES, 1).with(Limit.FEED_PAGE_CHANGES, 1);

  private final HistoryEndpoint endpoint =
      new HistoryEndpoint(
          new LongFeed(),
          new FeedSignal(Version.NONE),
          limits,
          () -> Duration.ofSeconds(seconds.getAndIncrement()).toNanos());

  HistoryEndpointTest() {
    Namespace namespace = memory.open(id);
    for (int i = 0; i < CHANGES; i++) {
      namespace.put("k", "v");
    }
  }

  /** Has one delete of the key at each version. */
  private final class LongFeed implements Feed {
    @Override
    public FeedRead read(Version after, int limit) {
      reads.incrementAndGet();
      Version version = new Version(after.number() + 1);
      return new FeedRead.Changes(List.of(new Change(version, NOW, id, new Mutation.Delete(KEY))));
    }

    @Override
    public Version horizon() {
      return horizon;
    }

    @Override
    public boolean trim(Duration age, long bytes, Instant now) {
      return false;
    }
  }

  /** A connection that ends after some flushes. */
  private static final class Ending extends OutputStream {
    private int flushes;

    @Override
    public void write(int piece) {}

    @Override
    public void write(byte[] pieces, int offset, int length) {}

    @Override
    public void flush() throws IOException {
      flushes++;
      if (flushes > 3) {
        throw new IOException("the client has disconnected");
      }
    }
  }

  private void history(OutputStream out) throws IOException {
    ((Body.Live) read("/").body()).output().writeTo(out);
  }

  private Response read(String path) {
    return endpoint.read(
        new NamespaceRequest(
            new TestRequest("GET", path), ACCOUNT, id, memory.open(id), Bytes.EMPTY),
        KEY);
  }

  @Test
  void aVersionThatIsNoPutOfTheKeyIsNamedAndWhereTheFeedBegins() {
    assertThatThrownBy(() -> read("/?version=7"))
        .hasMessage("the feed has no put of \"k\" with the version 7");
    horizon = new Version(7);
    assertThatThrownBy(() -> read("/?version=7"))
        .hasMessage("the feed has no put of \"k\" with the version 7; it begins after version 7");
  }

  @Test
  void aCancelledHistoryStopsReadingTheFeedAndFreesItsPlace() throws IOException {
    assertThatThrownBy(() -> history(new Ending())).hasMessage("the client has disconnected");
    assertThat(reads).hasValueLessThan(10);

    var out = new ByteArrayOutputStream();
    history(out);

    assertThat(out.toString(StandardCharsets.UTF_8))
        .doesNotContain("overloaded")
        .endsWith("{\"complete\":true,\"changes\":" + CHANGES + ",\"from_start\":true}\n");
  }
}
