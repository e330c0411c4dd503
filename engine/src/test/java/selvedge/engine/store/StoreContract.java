package selvedge.engine.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import selvedge.engine.feed.Feed;
import selvedge.engine.feed.FeedRead;
import selvedge.model.Bytes;
import selvedge.model.Change;
import selvedge.model.Expiry;
import selvedge.model.Key;
import selvedge.model.Limit;
import selvedge.model.Limits;
import selvedge.model.Listed;
import selvedge.model.Listing;
import selvedge.model.Lookup;
import selvedge.model.Metadata;
import selvedge.model.Mutation;
import selvedge.model.NamespaceId;
import selvedge.model.Page;
import selvedge.model.Profile;
import selvedge.model.Value;
import selvedge.model.Version;
import selvedge.model.testing.SettableClock;

/** What every {@link Store} promises, and every {@link Feed} beside it. */
public abstract class StoreContract {
  public static final NamespaceId NAMESPACE = new NamespaceId("11".repeat(16));
  private static final NamespaceId NEIGHBOUR = new NamespaceId("12".repeat(16));

  public final Limits limits =
      Limits.of(Profile.OPEN).with(Limit.INLINE_BYTES, 100).with(Limit.CHUNK_BYTES, 4096);
  public final SettableClock clock = new SettableClock(Instant.parse("2026-01-01T00:00:00Z"));
  private long version;

  public abstract Store store();

  public abstract Feed feed();

  @AfterEach
  void close() {
    store().close();
  }

  private Version commit(Mutation... mutations) {
    return commit(NAMESPACE, mutations);
  }

  private Version commit(NamespaceId namespace, Mutation... mutations) {
    List<Change> changes =
        Arrays.stream(mutations)
            .map(m -> new Change(new Version(++version), clock.instant(), namespace, m))
            .toList();
    store().commit(changes);
    return new Version(version);
  }

  private static Mutation put(String key, String value) {
    return new Mutation.Put(Key.of(key), Bytes.utf8(value), Metadata.NONE, Expiry.NEVER);
  }

  private List<String> names(Listing listing) {
    return store().list(NAMESPACE, listing).entries().stream()
        .map(listed -> listed.key().name())
        .toList();
  }

  @Test
  void findsCommittedEntries() {
    Version committed = commit(put("a", "1"), put("b", "2"), put("a", "3"));

    assertThat(store().latest()).isEqualTo(committed);
    assertThat(value("a")).isEqualTo(Bytes.utf8("3"));
    assertThat(store().get(NEIGHBOUR, Key.of("a"))).isInstanceOf(Lookup.Missing.class);
  }

  @Test
  void refusesVersionsThatDoNotAscend() {
    commit(put("a", "1"));
    var again =
        new Change(new Version(1), clock.instant(), NAMESPACE, new Mutation.Delete(Key.of("a")));

    assertThatThrownBy(() -> store().commit(List.of(again)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(value("a")).isEqualTo(Bytes.utf8("1"));
  }

  @Test
  void doesNotJudgeExpiry() {
    Expiry past = Expiry.at(clock.instant().minusSeconds(1));
    commit(new Mutation.Put(Key.of("a"), Bytes.utf8("1"), Metadata.NONE, past));

    assertThat(value("a")).isEqualTo(Bytes.utf8("1"));
    assertThat(names(Listing.all(1))).containsExactly("a");
  }

  @Test
  void listsFromAKeyWithinAPrefix() {
    commit(put("a", ""), put("b/1", ""), put("b/2", ""), put("b/3", ""), put("c", ""));

    assertThat(names(Listing.prefix("b/", 9).from(Bytes.utf8("b/2"))))
        .containsExactly("b/2", "b/3");
    assertThat(names(Listing.prefix("b/", 9).from(Bytes.utf8("a"))))
        .containsExactly("b/1", "b/2", "b/3");
    assertThat(names(Listing.prefix("b/", 9).from(Bytes.utf8("c")))).isEmpty();
    assertThat(names(Listing.prefix("b/", 9).after(Key.of("b/3")))).isEmpty();
  }

  @Test
  void reportsWhetherAPageIsTheLast() {
    commit(put("a", ""), put("b", ""));

    assertThat(store().list(NAMESPACE, Listing.all(1)).complete()).isFalse();
    assertThat(store().list(NAMESPACE, Listing.all(2)).complete()).isTrue();
    assertThat(store().list(NEIGHBOUR, Listing.all(2))).isEqualTo(new Page(List.of(), true));
  }

  @Test
  void listsKeysWhosePrefixIsTheLastCharacterOfUnicode() {
    String last = "\udbff\udfff";
    commit(put(last, ""), put(last + last, ""), put("a", ""));
    commit(NEIGHBOUR, put("z", ""));

    assertThat(names(Listing.prefix(last, 9))).containsExactly(last, last + last);
  }

  @Test
  void clearsTheKeysWithAPrefix() {
    commit(put("a", ""), put("b", ""), put("ba", ""), put("c", ""));
    commit(NEIGHBOUR, put("b", ""));

    commit(new Mutation.Clear(Bytes.utf8("b")), put("bb", ""));

    assertThat(names(Listing.all(9))).containsExactly("a", "bb", "c");
    assertThat(store().get(NAMESPACE, Key.of("b"))).isInstanceOf(Lookup.Missing.class);
    assertThat(store().get(NEIGHBOUR, Key.of("b"))).isInstanceOf(Lookup.Found.class);
  }

  @Test
  void keepsLargeValuesByteForByte() throws Exception {
    Bytes large = random(50_000);
    Value uploaded = upload(large);

    commit(new Mutation.Put(Key.of("a"), uploaded, Metadata.json("1"), Expiry.NEVER));

    assertThat(value("a")).isEqualTo(large);
    Listed listed = store().list(NAMESPACE, Listing.all(1)).entries().getFirst();
    assertThat(listed.valueBytes()).isEqualTo(50_000);
    try (InputStream stream = found("a").open()) {
      stream.skipNBytes(12_345);
      assertThat(Bytes.copyOf(stream.readNBytes(100)))
          .isEqualTo(Bytes.copyOf(large.toArray(), 12_345, 100));
    }
  }

  @Test
  void aClosedUploadIsNeverVisible() {
    try (Upload upload = store().upload()) {
      upload.write(random(4096));
    }

    assertThat(store().get(NAMESPACE, Key.of("a"))).isInstanceOf(Lookup.Missing.class);
    assertThat(store().latest()).isEqualTo(Version.NONE);
  }

  @Test
  void aReplacedLargeValueCanBeReadToItsEnd() throws Exception {
    Bytes large = random(50_000);
    commit(new Mutation.Put(Key.of("a"), upload(large), Metadata.NONE, Expiry.NEVER));
    try (InputStream stream = found("a").open()) {
      Bytes start = Bytes.copyOf(stream.readNBytes(10));

      commit(put("a", "small"));
      clock.advance(Duration.ofDays(2));
      while (feed().trim(Duration.ofSeconds(60), 0, clock.instant())) {}

      assertThat(start.plus(Bytes.copyOf(stream.readAllBytes()))).isEqualTo(large);
    }
    assertThat(value("a")).isEqualTo(Bytes.utf8("small"));
  }

  @Test
  void sweepsExpiredEntriesAndNoOthers() {
    Expiry soon = Expiry.at(clock.instant().plusSeconds(10));
    commit(
        new Mutation.Put(Key.of("a"), Bytes.utf8("1"), Metadata.NONE, soon),
        new Mutation.Put(Key.of("b"), Bytes.utf8("1"), Metadata.NONE, soon),
        put("b", "2"),
        put("c", "3"));

    assertThat(store().sweep(clock.instant().plusSeconds(9), 10)).isFalse();
    assertThat(names(Listing.all(9))).containsExactly("a", "b", "c");

    while (store().sweep(clock.instant().plusSeconds(10), 1)) {}
    assertThat(names(Listing.all(9))).containsExactly("b", "c");
    assertThat(store().latest()).isEqualTo(new Version(4));
  }

  @Test
  void feedsChangesInOrderWithoutGaps() {
    commit(put("a", "1"));
    commit(NEIGHBOUR, new Mutation.Delete(Key.of("b")));
    commit(new Mutation.Clear(Bytes.utf8("a")), put("c", "x".repeat(200)));

    List<Change> all = changes(Version.NONE, 10);
    assertThat(all).extracting(change -> change.version().number()).containsExactly(1L, 2L, 3L, 4L);
    assertThat(all.get(1).namespace()).isEqualTo(NEIGHBOUR);
    assertThat(all.get(2).mutation()).isEqualTo(new Mutation.Clear(Bytes.utf8("a")));
    assertThat(all.get(0).at()).isEqualTo(clock.instant());
    assertThat(((Mutation.Put) all.get(3).mutation()).value().bytes().size()).isEqualTo(200);
    assertThat(changes(new Version(1), 2)).isEqualTo(all.subList(1, 3));
    assertThat(changes(new Version(4), 10)).isEmpty();
  }

  @Test
  void trimsTheFeedByAgeAndSaysSo() {
    for (int i = 0; i < 10; i++) {
      commit(put("a", "" + i));
      clock.advance(Duration.ofMinutes(10));
    }

    while (feed().trim(Duration.ofMinutes(35), Long.MAX_VALUE, clock.instant())) {}

    Version horizon = feed().horizon();
    assertThat(horizon.number()).isBetween(5L, 7L);
    assertThat(feed().read(Version.NONE, 10)).isEqualTo(new FeedRead.Trimmed(horizon));
    assertThat(changes(horizon, 20)).hasSize(10 - (int) horizon.number());
  }

  protected Value upload(Bytes large) {
    Upload upload = store().upload();
    int chunk = limits.size(Limit.CHUNK_BYTES);
    byte[] bytes = large.toArray();
    for (int at = 0; at < bytes.length; at += chunk) {
      upload.write(Bytes.copyOf(bytes, at, Math.min(chunk, bytes.length - at)));
    }
    return upload.finish();
  }

  protected static Bytes random(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return Bytes.adopt(bytes);
  }

  private Value found(String key) {
    Lookup lookup = store().get(NAMESPACE, Key.of(key));
    assertThat(lookup).isInstanceOf(Lookup.Found.class);
    return ((Lookup.Found) lookup).entry().value();
  }

  private Bytes value(String key) {
    return found(key).bytes();
  }

  private List<Change> changes(Version after, int limit) {
    FeedRead read = feed().read(after, limit);
    assertThat(read).isInstanceOf(FeedRead.Changes.class);
    return ((FeedRead.Changes) read).changes();
  }
}
