package selvedge.patterns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import selvedge.model.Bytes;
import selvedge.model.Codec;
import selvedge.model.Entry;
import selvedge.model.InvalidRequestException;
import selvedge.model.Key;
import selvedge.model.Lookup;
import selvedge.model.Metadata;
import selvedge.model.ReadOptions;
import selvedge.model.Version;
import selvedge.model.WriteOptions;

/**
 * The recorded bytes of all stored forms can be read, and the newest ones are written. The files
 * have a line for each entry: key, value and metadata, separated by tabs. A value of binary bytes
 * begins with {@code 0x}.
 */
final class FormsTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration DAY = Duration.ofDays(1);
  private static final String SESSION = "ab".repeat(24);

  private final Fixture at = new Fixture();
  private final Cache<String> cache =
      new Cache<>(at.namespace, "cache/", Codec.TEXT, CacheOptions.fresh(HOUR).clock(at.clock));
  private final Sessions sessions =
      new Sessions(
          at.namespace,
          "session/",
          SessionOptions.lifetime(HOUR).clock(at.clock).random(new Random(1)));
  private final Flags flags = new Flags(at.namespace, "flag/", new Random(1), at.clock);
  private final EventStore events =
      new EventStore(at.namespace, "events/", new Random(1), at.clock);
  private final Analytics analytics =
      new Analytics(at.namespace, "count/", DAY, new Random(1), at.clock);
  private final RateLimiter fixed = new FixedWindow(at.namespace, "fixed/", 3, HOUR, at.clock);
  private final RateLimiter sliding =
      new SlidingWindow(at.namespace, "sliding/", 3, HOUR, at.clock);
  private final RateLimiter bucket = new TokenBucket(at.namespace, "bucket/", 3, HOUR, at.clock);
  private final Locks locks = new Locks(at.namespace, "lock/", new Random(1), at.clock);
  private final Locks.Guarded guarded = new Locks.Guarded(at.namespace, Key.of("guarded"));
  private final Regional regional = new Regional(at.namespace, "fra", at.clock);
  private final WorkQueue queue = new WorkQueue(at.namespace, "queue/", new Random(1), at.clock);

  private static List<String> recorded(int form) throws IOException {
    try (var in = FormsTest.class.getResourceAsStream("form" + form + ".txt")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
  }

  private void store(int form) throws IOException {
    for (String line : recorded(form)) {
      String[] parts = line.split("\t", -1);
      Bytes value =
          parts[1].startsWith("0x")
              ? Bytes.copyOf(HexFormat.of().parseHex(parts[1].substring(2)))
              : Bytes.utf8(parts[1].replace("\\n", "\n"));
      WriteOptions options = WriteOptions.PLAIN.expiresAt(at.clock.instant().plus(HOUR));
      Metadata metadata = parts[2].isEmpty() ? Metadata.NONE : Metadata.json(parts[2]);
      at.namespace.put(Key.of(parts[0]), value, options.metadata(metadata));
    }
  }

  private List<String> lines() {
    List<String> lines = new ArrayList<>();
    at.namespace.keys("").forEach(listed -> lines.add(line(listed.key())));
    return lines;
  }

  private String line(Key key) {
    Entry entry = at.namespace.get(key).find().orElseThrow();
    Bytes value = entry.value().bytes();
    boolean isText = value.utf8().chars().allMatch(c -> c >= ' ' && c < 127);
    String text = isText ? value.utf8() : "0x" + value.hex();
    return key.name() + "\t" + text + "\t" + entry.metadata();
  }

  @Test
  void theBytesOfForm1AreWritten() throws IOException {
    cache.put("page", "<h1>");
    cache.putMissing("none");
    Session session = sessions.create("alice", Map.of("cart", "a book"));
    flags.change(
        "beta",
        flag ->
            flag.allowing("alice")
                .rolledOutTo(12.5)
                .allowing(
                    FlagRule.all(
                        FlagRule.attribute("country", "DE"),
                        FlagRule.between(Instant.EPOCH, Instant.ofEpochSecond(60))))
                .metadata("owner", "search"));
    events.append("orders", new EventStore.Draft("placed", "order-7", Bytes.utf8("7")));
    events.snapshot("orders", new EventStore.Folded<>(7L, 1), Codec.NUMBER);
    analytics.record(
        new Analytics.Draft("buy", "alice", Bytes.utf8("a book"), "buy-7", Duration.ofDays(2)));
    fixed.tryAcquire("alice");
    sliding.tryAcquire("alice");
    bucket.tryAcquire("alice");
    guarded.write(locks.tryAcquire("job", HOUR).orElseThrow(), Bytes.utf8("100"));
    regional.put(
        "profile", Bytes.utf8("alice"), WriteOptions.PLAIN.metadata(Metadata.json("{\"n\":1}")));
    queue.put(Bytes.utf8("m"));

    assertThat(lines().stream().map(line -> line.replace(session.id(), SESSION)).toList())
        .containsExactlyInAnyOrderElementsOf(recorded(1));
  }

  @Test
  void theBytesOfForm1AreRead() throws IOException {
    store(1);

    requireCommonParts();
    Session session = sessions.get(SESSION).orElseThrow();
    assertThat(session.createdAt()).isEqualTo(at.clock.instant());
    assertThat(session.lastAccessed()).isEqualTo(at.clock.instant());
    Flag flag = flags.get("beta");
    assertThat(flag.rules()).hasSize(3);
    assertThat(flag.metadata()).isEqualTo(Map.of("owner", "search"));
    EventStore.Event event = events.read("orders", 1).findFirst().orElseThrow();
    assertThat(event)
        .isEqualTo(
            new EventStore.Event(1, "placed", "order-7", at.clock.instant(), Bytes.utf8("7")));
    assertThat(analytics.events("buy", at.clock.instant(), Instant.MAX))
        .containsExactly(
            new Analytics.Event("buy", "buy-7", at.clock.instant(), "alice", Bytes.utf8("a book")));
    assertThat(regional.get("profile", ReadOptions.PLAIN).orElseThrow().stamp())
        .isEqualTo(new Regional.Stamp("fra", at.clock.instant(), Metadata.json("{\"n\":1}")));
    assertThat(queue.take(HOUR).orElseThrow().data()).isEqualTo(Bytes.utf8("m"));
  }

  @Test
  void theBytesOfForm0AreRead() throws IOException {
    store(0);

    requireCommonParts();
    EventStore.Event event = events.read("orders", 1).findFirst().orElseThrow();
    assertThat(event).isEqualTo(new EventStore.Event(1, "", "", Instant.EPOCH, Bytes.utf8("7")));
    assertThat(regional.get("profile", ReadOptions.PLAIN).orElseThrow().stamp())
        .isEqualTo(new Regional.Stamp("fra", Instant.EPOCH, Metadata.NONE));
  }

  /** Checks what both forms have. */
  private void requireCommonParts() {
    assertThat(cache.find("page").orElseThrow().value()).contains("<h1>");
    assertThat(cache.find("none").orElseThrow().value()).isEmpty();
    assertThat(sessions.of("alice")).containsExactly(SESSION);
    Session session = sessions.get(SESSION).orElseThrow();
    assertThat(session.user()).isEqualTo("alice");
    assertThat(session.data()).isEqualTo(Map.of("cart", "a book"));
    Flag flag = flags.get("beta");
    assertThat(flag.enabled()).isTrue();
    assertThat(flag.users()).containsExactly("alice");
    assertThat(flag.percent()).isEqualTo(12.5);
    assertThat(events.last("orders")).isEqualTo(1);
    assertThat(events.latestSnapshot("orders", Codec.NUMBER))
        .contains(new EventStore.Folded<>(7L, 1));
    assertThat(analytics.top(LocalDate.of(2026, 1, 1), 1))
        .containsExactly(new Analytics.Ranked("buy", 1));
    for (RateLimiter limiter : List.of(fixed, sliding, bucket)) {
      assertThat(limiter.tryAcquire("alice").remaining()).isEqualTo(1);
    }
    assertThat(locks.tryAcquire("job", HOUR)).isEmpty();
    Version now = at.namespace.latest();
    var older = new Lease(Key.of("lock/job"), "x", Version.NONE, now, at.clock.instant());
    assertThat(guarded.write(older, Bytes.utf8("late"))).isFalse();
    var newer = new Lease(Key.of("lock/job"), "x", now, now, at.clock.instant());
    assertThat(guarded.write(newer, Bytes.utf8("new"))).isTrue();
    assertThat(regional.get("profile", ReadOptions.PLAIN).orElseThrow().value())
        .isEqualTo(Bytes.utf8("alice"));
  }

  @Test
  void aLaterFormIsNotReadAsAnEarlierOne() throws IOException {
    store(1);
    for (String line : lines()) {
      Key key = Key.of(line.substring(0, line.indexOf('\t')));
      Entry entry = at.namespace.get(key).find().orElseThrow();
      String value = entry.value().bytes().utf8();
      String metadata = entry.metadata().toString();
      Bytes later =
          value.startsWith("{\"form\":1")
              ? Bytes.utf8(value.replace("\"form\":1", "\"form\":2"))
              : entry.value().bytes();
      at.namespace.put(
          key,
          later,
          WriteOptions.PLAIN.metadata(
              entry.metadata().isPresent()
                  ? Metadata.json(metadata.replace("\"form\":1", "\"form\":2"))
                  : Metadata.NONE));
    }

    assertThat(cache.find("page")).isEmpty();
    assertThat(flags.isOn("beta", "alice")).isFalse();
    List<Callable<?>> reads =
        List.of(
            () -> sessions.get(SESSION),
            () -> events.read("orders", 1).toList(),
            () -> events.latestSnapshot("orders", Codec.NUMBER),
            () -> sliding.tryAcquire("alice"),
            () -> bucket.tryAcquire("alice"),
            () -> regional.get("profile", ReadOptions.PLAIN));
    for (Callable<?> read : reads) {
      assertThatThrownBy(read::call)
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining("form 2 is not 0 or 1");
    }
  }

  @Test
  void aForeignEntryIsNoForm() {
    assertThat(Form.read(Bytes.utf8("{\"a\":1}"))).isEqualTo(Optional.empty());
    assertThat(Form.read(Bytes.utf8("{not JSON"))).isEqualTo(Optional.empty());
    assertThat(at.namespace.get(Key.of("none"))).isInstanceOf(Lookup.Missing.class);
  }
}
