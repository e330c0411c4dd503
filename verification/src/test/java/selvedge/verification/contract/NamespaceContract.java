package selvedge.verification.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import selvedge.model.Bytes;
import selvedge.model.Change;
import selvedge.model.Codec;
import selvedge.model.Condition;
import selvedge.model.ConflictException;
import selvedge.model.Counted;
import selvedge.model.Entry;
import selvedge.model.Expiry;
import selvedge.model.InvalidKeyException;
import selvedge.model.InvalidRequestException;
import selvedge.model.Key;
import selvedge.model.Limit;
import selvedge.model.LimitExceededException;
import selvedge.model.Limits;
import selvedge.model.Listed;
import selvedge.model.Listing;
import selvedge.model.Lookup;
import selvedge.model.Metadata;
import selvedge.model.Mutation;
import selvedge.model.Namespace;
import selvedge.model.Outcome;
import selvedge.model.Page;
import selvedge.model.Profile;
import selvedge.model.ReadOptions;
import selvedge.model.Subscription;
import selvedge.model.Version;
import selvedge.model.Watch;
import selvedge.model.WriteOptions;
import selvedge.model.testing.SettableClock;

/** The contract of {@link Namespace}, for all implementations. */
abstract class NamespaceContract {
  static final Key GREETING = Key.of("greeting");
  static final Bytes HELLO = Bytes.utf8("hello");

  final SettableClock clock = new SettableClock(Instant.parse("2026-01-01T00:00:00.250Z"));
  final Limits limits = Limits.of(Profile.OPEN);

  /** A new namespace of the subject, on {@link #clock} and {@link #limits}. */
  abstract Namespace open(String title);

  private Namespace create() {
    return open("fresh");
  }

  @Test
  void aKeyThatWasNeverPutIsMissing() {
    assertThat(create().get(GREETING)).isInstanceOf(Lookup.Missing.class);
  }

  @Test
  void returnsWhatWasPut() {
    Namespace namespace = create();
    Metadata metadata = Metadata.json("{\"lang\":\"en\"}");

    Version version =
        accepted(namespace.put(GREETING, HELLO, WriteOptions.PLAIN.metadata(metadata)));

    Entry entry = found(namespace, GREETING);
    assertThat(entry.value().bytes()).isEqualTo(HELLO);
    assertThat(entry.metadata()).isEqualTo(metadata);
    assertThat(entry.expiry()).isEqualTo(Expiry.NEVER);
    assertThat(entry.version()).isEqualTo(version);
  }

  @Test
  void aPutReplacesValueMetadataAndExpiryTogether() {
    Namespace namespace = create();
    namespace.put(
        GREETING,
        HELLO,
        WriteOptions.PLAIN.expiresAt(clock.instant().plusSeconds(60)).metadata(Metadata.json("1")));

    namespace.put(GREETING, Bytes.EMPTY, WriteOptions.PLAIN);

    Entry entry = found(namespace, GREETING);
    assertThat(entry.value().bytes()).isEqualTo(Bytes.EMPTY);
    assertThat(entry.metadata()).isEqualTo(Metadata.NONE);
    assertThat(entry.expiry()).isEqualTo(Expiry.NEVER);
  }

  /** Returns the smallest step of {@link #clock} that the subject detects. */
  Duration clockStep() {
    return Duration.ofMillis(1);
  }

  /** Waits until the subject has detected that the clock has passed the expiry of an entry. */
  void awaitExpiry(Namespace namespace, Key key) throws Exception {}

  @Test
  void anEntryIsMissingFromItsExpiryOn() throws Exception {
    Namespace namespace = create();
    namespace.put(GREETING, HELLO, WriteOptions.PLAIN.expiresAt(clock.instant().plusSeconds(60)));

    clock.advance(Duration.ofSeconds(60).minus(clockStep()));
    assertThat(namespace.get(GREETING)).isInstanceOf(Lookup.Found.class);

    clock.advance(clockStep());
    awaitExpiry(namespace, GREETING);
    assertThat(namespace.get(GREETING)).isInstanceOf(Lookup.Missing.class);
    assertThat(namespace.list(Listing.all(10)).entries()).isEmpty();
    assertThat(namespace.count(Bytes.EMPTY)).isZero();
  }

  @Test
  void deletesAKeyWhetherItExistsOrNot() {
    Namespace namespace = create();
    namespace.put(GREETING, HELLO, WriteOptions.PLAIN);

    accepted(namespace.delete(GREETING, Condition.ALWAYS));
    accepted(namespace.delete(GREETING, Condition.ALWAYS));

    assertThat(namespace.get(GREETING)).isInstanceOf(Lookup.Missing.class);
  }

  @Test
  void versionsIncrease() {
    Namespace namespace = create();

    Version first = accepted(namespace.put(GREETING, HELLO, WriteOptions.PLAIN));
    Version second = accepted(namespace.delete(GREETING, Condition.ALWAYS));
    Version third = accepted(namespace.put(GREETING, HELLO, WriteOptions.PLAIN));

    assertThat(List.of(first, second, third)).isSorted().doesNotHaveDuplicates();
    assertThat(namespace.get(GREETING).asOf()).isGreaterThanOrEqualTo(third);
  }

  @Test
  void putsIfAbsentOnlyOnce() {
    Namespace namespace = create();

    Version version = accepted(namespace.put(GREETING, HELLO, WriteOptions.PLAIN.ifAbsent()));
    Outcome again = namespace.put(GREETING, Bytes.utf8("other"), WriteOptions.PLAIN.ifAbsent());

    assertThat(again).isEqualTo(new Outcome.Conflict(version));
    assertThat(found(namespace, GREETING).value().bytes()).isEqualTo(HELLO);
  }

  @Test
  void anExpiredEntryCountsAsAbsent() {
    Namespace namespace = create();
    namespace.put(GREETING, HELLO, WriteOptions.PLAIN.expiresAt(clock.instant().plusSeconds(60)));

    clock.advance(Duration.ofSeconds(60));

    accepted(namespace.put(GREETING, HELLO, WriteOptions.PLAIN.ifAbsent()));
  }

  @Test
  void comparesAndSetsByVersion() {
    Namespace namespace = create();
    Version first = accepted(namespace.put(GREETING, HELLO, WriteOptions.PLAIN));

    Version second = accepted(namespace.put(GREETING, HELLO, WriteOptions.PLAIN.ifVersion(first)));
    Outcome late = namespace.put(GREETING, Bytes.EMPTY, WriteOptions.PLAIN.ifVersion(first));
    Outcome lateDelete = namespace.delete(GREETING, Condition.version(first));

    assertThat(late).isEqualTo(new Outcome.Conflict(second));
    assertThat(lateDelete).isEqualTo(new Outcome.Conflict(second));
    accepted(namespace.delete(GREETING, Condition.version(second)));
    assertThat(namespace.delete(GREETING, Condition.version(second)))
        .isEqualTo(new Outcome.Conflict(Version.NONE));
  }

  @Test
  void countsExactlyUnderConcurrency() throws Exception {
    Namespace namespace = create();
    List<Callable<Counted>> tasks = new ArrayList<>();
    for (int i = 0; i < 64; i++) {
      tasks.add(() -> namespace.increment(GREETING, 3, WriteOptions.PLAIN));
    }

    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Counted> counted : threads.invokeAll(tasks)) {
        assertThat(counted.get().value() % 3).isZero();
      }
    }

    assertThat(found(namespace, GREETING).value().bytes().utf8()).isEqualTo("192");
  }

  @Test
  void oneOfManyConcurrentPutsIfAbsentSucceeds() throws Exception {
    Namespace namespace = create();
    List<Callable<Outcome>> tasks = new ArrayList<>();
    for (int i = 0; i < 32; i++) {
      Bytes value = Bytes.utf8("writer " + i);
      tasks.add(() -> namespace.put(GREETING, value, WriteOptions.PLAIN.ifAbsent()));
    }

    int winners = 0;
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Outcome> outcome : threads.invokeAll(tasks)) {
        winners += outcome.get() instanceof Outcome.Accepted ? 1 : 0;
      }
    }

    assertThat(winners).isEqualTo(1);
  }

  @Test
  void anIncrementKeepsExpiryAndMetadata() {
    Namespace namespace = create();
    Instant later = Instant.parse("2027-01-01T00:00:00Z");
    namespace.increment(
        GREETING, 5, WriteOptions.PLAIN.expiresAt(later).metadata(Metadata.json("7")));

    Counted counted = namespace.increment(GREETING, -7, WriteOptions.PLAIN);

    Entry entry = found(namespace, GREETING);
    assertThat(counted).isEqualTo(new Counted(-2, entry.version()));
    assertThat(entry.expiry()).isEqualTo(Expiry.at(later));
    assertThat(entry.metadata()).isEqualTo(Metadata.json("7"));
  }

  @Test
  void refusesToIncrementTextAndToOverflow() {
    Namespace namespace = create();
    namespace.put(GREETING, HELLO, WriteOptions.PLAIN);
    namespace.put(Key.of("full"), Bytes.utf8(Long.toString(Long.MAX_VALUE)), WriteOptions.PLAIN);

    assertThatThrownBy(() -> namespace.increment(GREETING, 1, WriteOptions.PLAIN))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("greeting");
    assertThatThrownBy(() -> namespace.increment(Key.of("full"), 1, WriteOptions.PLAIN))
        .isInstanceOf(InvalidRequestException.class);
    assertThat(found(namespace, GREETING).value().bytes()).isEqualTo(HELLO);
  }

  @Test
  void listsInUnsignedByteOrder() {
    Namespace namespace = create();
    List<String> names = List.of("\uD83D\uDE00", "Z", "a", "\u0000", "\uFFFD", "aa", "a/b", "é");
    names.forEach(name -> namespace.put(Key.of(name), HELLO, WriteOptions.PLAIN));

    Page page = namespace.list(Listing.all(100));

    assertThat(page.complete()).isTrue();
    assertThat(page.entries().stream().map(Listed::key)).isSorted().hasSameSizeAs(names);
    assertThat(page.lastKey().name()).isEqualTo("\uD83D\uDE00");
  }

  @Test
  void pagesThroughAPrefixWithManyExpiredEntriesAndNoEmptyPages() throws Exception {
    Namespace namespace = create();
    for (int i = 0; i < 50; i++) {
      WriteOptions how =
          i % 5 == 0
              ? WriteOptions.PLAIN
              : WriteOptions.PLAIN.expiresAt(clock.instant().plusSeconds(60));
      namespace.put(Key.of(String.format("page/%03d", i)), HELLO, how);
    }
    namespace.put(Key.of("other"), HELLO, WriteOptions.PLAIN);
    clock.advance(Duration.ofSeconds(60));
    awaitExpiry(namespace, Key.of("page/001"));

    List<String> names = new ArrayList<>();
    Listing listing = Listing.prefix("page/", 3);
    Page page = namespace.list(listing);
    while (true) {
      page.entries().forEach(listed -> names.add(listed.key().name()));
      if (page.complete()) {
        break;
      }
      assertThat(page.entries()).hasSize(3);
      page = namespace.list(listing.after(page.lastKey()));
    }

    assertThat(names)
        .containsExactly(
            "page/000",
            "page/005",
            "page/010",
            "page/015",
            "page/020",
            "page/025",
            "page/030",
            "page/035",
            "page/040",
            "page/045");
    assertThat(namespace.count(Bytes.utf8("page/"))).isEqualTo(10);
  }

  @Test
  void aListingHasAllButTheValue() {
    Namespace namespace = create();
    Instant later = Instant.parse("2027-01-01T00:00:00Z");
    Version version =
        accepted(
            namespace.put(
                GREETING,
                HELLO,
                WriteOptions.PLAIN.expiresAt(later).metadata(Metadata.json("[1]"))));

    assertThat(namespace.list(Listing.all(1)).entries())
        .containsExactly(new Listed(GREETING, Metadata.json("[1]"), Expiry.at(later), version, 5));
  }

  @Test
  void streamsALargeValueInAndOut() throws Exception {
    Namespace namespace = create();
    byte[] large = new byte[3_000_000];
    new Random(1).nextBytes(large);

    accepted(namespace.put(GREETING, new ByteArrayInputStream(large), WriteOptions.PLAIN));

    Entry entry = found(namespace, GREETING);
    assertThat(entry.value().length()).isEqualTo(large.length);
    try (InputStream stream = entry.value().open()) {
      assertThat(Arrays.equals(stream.readAllBytes(), large)).isTrue();
    }
  }

  @Test
  void aFailedUploadKeepsThePreviousEntry() {
    Namespace namespace = create();
    namespace.put(GREETING, HELLO, WriteOptions.PLAIN);

    assertThatThrownBy(
            () -> namespace.put(GREETING, new FailingStream(1_000_000), WriteOptions.PLAIN))
        .isInstanceOf(UncheckedIOException.class);

    assertThat(found(namespace, GREETING).value().bytes()).isEqualTo(HELLO);
  }

  @Test
  void limitsTheSizeOfAValue() {
    Namespace namespace = create();
    int most = limits.size(Limit.VALUE_BYTES);

    accepted(namespace.put(GREETING, Bytes.adopt(new byte[most]), WriteOptions.PLAIN));

    assertThatThrownBy(
            () -> namespace.put(GREETING, Bytes.adopt(new byte[most + 1]), WriteOptions.PLAIN))
        .isInstanceOf(LimitExceededException.class);
    assertThat(found(namespace, GREETING).value().length()).isEqualTo(most);
  }

  @Test
  void limitsTheSizesOfKeysAndMetadata() {
    Namespace namespace = create();
    Metadata longest = Metadata.json("\"" + "m".repeat(1022) + "\"");
    Metadata tooLong = Metadata.json("\"" + "m".repeat(1023) + "\"");

    accepted(namespace.put(Key.of("k".repeat(512)), HELLO, WriteOptions.PLAIN.metadata(longest)));

    assertThatThrownBy(() -> namespace.put(Key.of("k".repeat(513)), HELLO, WriteOptions.PLAIN))
        .isInstanceOf(LimitExceededException.class);
    assertThatThrownBy(() -> namespace.put(GREETING, HELLO, WriteOptions.PLAIN.metadata(tooLong)))
        .isInstanceOf(LimitExceededException.class);
  }

  @Test
  void writesManyInOrder() {
    Namespace namespace = create();
    namespace.put(Key.of("old"), HELLO, WriteOptions.PLAIN);

    Version last =
        namespace.write(
            List.of(
                new Mutation.Put(GREETING, HELLO, Metadata.NONE, Expiry.NEVER),
                new Mutation.Delete(Key.of("old")),
                new Mutation.Put(GREETING, Bytes.utf8("last"), Metadata.NONE, Expiry.NEVER)));

    assertThat(found(namespace, GREETING).version()).isEqualTo(last);
    assertThat(found(namespace, GREETING).value().bytes()).isEqualTo(Bytes.utf8("last"));
    assertThat(namespace.get(Key.of("old"))).isInstanceOf(Lookup.Missing.class);
  }

  @Test
  void aTimeToLiveInAWriteOfManyBeginsWhenTheStoreDecidesIt() throws Exception {
    Namespace namespace = create();
    WriteOptions minute =
        WriteOptions.PLAIN.expiresIn(Duration.ofSeconds(60)).metadata(Metadata.json("[1]"));
    Mutation.Put put = Mutation.put("greeting", HELLO, minute);
    clock.advance(Duration.ofSeconds(60));

    Instant before = clock.instant();
    namespace.write(List.of(Mutation.put("kept", HELLO, WriteOptions.PLAIN), put));

    Entry entry = found(namespace, GREETING);
    assertThat(entry.metadata()).isEqualTo(Metadata.json("[1]"));
    assertThat(entry.expiry()).isEqualTo(Expiry.at(before.plusSeconds(60)));
    clock.advance(Duration.ofSeconds(60));
    awaitExpiry(namespace, GREETING);
    assertThat(namespace.keys("").map(listed -> listed.key().name())).containsExactly("kept");
  }

  @Test
  void aWriteOfManyWithAnInvalidTimeToLiveChangesNothing() {
    Namespace namespace = create();
    Mutation first = Mutation.put("first", HELLO, WriteOptions.PLAIN);
    Duration forEver = Duration.ofSeconds(Long.MAX_VALUE);

    for (Duration invalid : List.of(forEver, Duration.ofMillis(500))) {
      Mutation last = Mutation.put("greeting", HELLO, WriteOptions.PLAIN.expiresIn(invalid));
      assertThatThrownBy(() -> namespace.write(List.of(first, last)))
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining("a time to live must");
    }
    WriteOptions options = WriteOptions.PLAIN.expiresIn(forEver);
    assertThatThrownBy(() -> namespace.put(GREETING, HELLO, options))
        .isInstanceOf(InvalidRequestException.class);
    assertThatThrownBy(() -> namespace.increment(Key.of("count"), 1, options))
        .isInstanceOf(InvalidRequestException.class);

    assertThat(namespace.count(Bytes.EMPTY)).isZero();
    assertThat(namespace.increment("count")).isEqualTo(1);
  }

  @Test
  void aSubscriptionReceivesEachChangeOfItsPrefixInOrder() throws Exception {
    Namespace namespace = create();
    namespace.put("s/before", "v");
    Version start = namespace.latest();
    var received = new LinkedBlockingQueue<String>();

    Version last;
    try (Subscription subscription =
        namespace.subscribe("s/", start, change -> received.add(name(change)))) {
      for (int i = 0; i < 20; i++) {
        namespace.put("s/" + i, "v");
        namespace.put("other/" + i, "v");
      }
      for (int i = 0; i < 20; i++) {
        assertThat(received.poll(30, TimeUnit.SECONDS)).isEqualTo("s/" + i);
      }
      last = namespace.put("s/last", "v").orElseThrow();
      assertThat(received.poll(30, TimeUnit.SECONDS)).isEqualTo("s/last");
      assertThat(subscription.isActive()).isTrue();
      assertThat(subscription.failure()).isEmpty();
    }

    namespace.put("s/after", "v");
    try (Subscription continued =
        namespace.subscribe("s/", last, change -> received.add(name(change)))) {
      assertThat(received.poll(30, TimeUnit.SECONDS)).isEqualTo("s/after");
      assertThat(continued.isActive()).isTrue();
    }
  }

  private static String name(Change change) {
    return ((Mutation.Put) change.mutation()).key().name();
  }

  @Test
  void anExceptionOfTheConsumerEndsItsSubscription() throws Exception {
    Namespace namespace = create();
    var failure = new CompletableFuture<RuntimeException>();
    var thrown = new IllegalStateException("the consumer is broken");
    Version start = namespace.latest();

    try (Subscription subscription =
        namespace.subscribe(
            "",
            start,
            change -> {
              throw thrown;
            },
            failure::complete)) {
      namespace.put("k", "v");

      assertThat(failure.get(30, TimeUnit.SECONDS)).isSameAs(thrown);
      assertThat(subscription.failure()).containsSame(thrown);
      assertThat(subscription.version()).isEqualTo(start);
    }
  }

  @Test
  void aLargeValueCannotBePartOfABatch() {
    Namespace namespace = create();
    Bytes large = Bytes.adopt(new byte[limits.size(Limit.INLINE_BYTES) + 1]);
    Bytes most = Bytes.adopt(new byte[limits.size(Limit.INLINE_BYTES)]);

    assertThatThrownBy(
            () ->
                namespace.write(
                    List.of(
                        new Mutation.Put(Key.of("a"), HELLO, Metadata.NONE, Expiry.NEVER),
                        new Mutation.Put(GREETING, large, Metadata.NONE, Expiry.NEVER))))
        .isInstanceOf(LimitExceededException.class);
    assertThat(namespace.count(Bytes.EMPTY)).isZero();
    namespace.write(List.of(new Mutation.Put(GREETING, most, Metadata.NONE, Expiry.NEVER)));
    accepted(namespace.put(GREETING, large, WriteOptions.PLAIN));
    assertThat(found(namespace, GREETING).value().bytes()).isEqualTo(large);
  }

  @Test
  void readsManyInTheOrderOfTheKeys() {
    Namespace namespace = create();
    namespace.put("a", "1");
    namespace.put("c", "3");

    List<Lookup> found =
        namespace.getAll(List.of(Key.of("c"), Key.of("b"), Key.of("a")), ReadOptions.PLAIN);

    assertThat(found).hasSize(3);
    assertThat(found.get(0))
        .isInstanceOfSatisfying(
            Lookup.Found.class,
            each -> assertThat(each.entry().value().bytes()).isEqualTo(Bytes.utf8("3")));
    assertThat(found.get(1)).isInstanceOf(Lookup.Missing.class);
    assertThat(found.get(2))
        .isInstanceOfSatisfying(
            Lookup.Found.class, each -> assertThat(each.entry().key()).isEqualTo(Key.of("a")));
  }

  @Test
  void readsTextAndNumbers() {
    Namespace namespace = create();
    namespace.put("text", "grüße");
    namespace.increment(Key.of("number"), 42, WriteOptions.PLAIN);

    assertThat(namespace.getText("text")).contains("grüße");
    assertThat(namespace.get("text")).contains(Bytes.utf8("grüße"));
    assertThat(namespace.get("number", Codec.NUMBER)).contains(42L);
    assertThat(namespace.getText("none")).isEmpty();
    assertThatThrownBy(() -> namespace.get("text", Codec.NUMBER))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("grüße");
    namespace.delete("text");
    assertThat(namespace.getText("text")).isEmpty();
  }

  @Test
  void aTimeToLiveIsExactToTheMillisecondAndNeverShorter() throws Exception {
    Namespace namespace = create();
    clock.advance(Duration.ofNanos(600_000));
    Duration timeToLive = Duration.ofSeconds(1).plusNanos(1_000);
    namespace.put("lock", "mine", WriteOptions.PLAIN.expiresIn(timeToLive));

    assertThat(found(namespace, Key.of("lock")).expiry())
        .isEqualTo(Expiry.at(clock.instant().plusNanos(1_000_400_000)));
    clock.advance(timeToLive.minus(Duration.ofMillis(1)));
    assertThat(namespace.getText("lock")).contains("mine");
    clock.advance(clockStep().plusMillis(1));
    awaitExpiry(namespace, Key.of("lock"));
    assertThat(namespace.getText("lock")).isEmpty();
  }

  @Test
  void aTimeToLiveBeginsAtTheWrite() throws Exception {
    Namespace namespace = create();
    namespace.put("k", "v", WriteOptions.PLAIN.expiresIn(Duration.ofSeconds(90)));
    namespace.increment(Key.of("n"), 1, WriteOptions.PLAIN.expiresIn(Duration.ofSeconds(90)));

    assertThat(found(namespace, Key.of("k")).expiry())
        .isEqualTo(Expiry.at(clock.instant().plusSeconds(90)));
    clock.advance(Duration.ofSeconds(90).minus(clockStep()));
    assertThat(namespace.getText("k")).isPresent();
    clock.advance(clockStep());
    awaitExpiry(namespace, Key.of("k"));
    assertThat(namespace.getText("k")).isEmpty();
    assertThat(namespace.getText("n")).isEmpty();
    assertThatThrownBy(() -> WriteOptions.PLAIN.expiresIn(Duration.ZERO))
        .isInstanceOf(InvalidRequestException.class);
    assertThatThrownBy(() -> WriteOptions.PLAIN.expiresIn(Duration.ofSeconds(-1)))
        .isInstanceOf(InvalidRequestException.class);
  }

  @Test
  void iteratesOverAllKeysInOrder() {
    Namespace namespace = create();
    List<Mutation> puts = new ArrayList<>();
    for (int i = 0; i < 2500; i++) {
      Key key = Key.of(String.format("all/%04d", i));
      puts.add(new Mutation.Put(key, HELLO, Metadata.NONE, Expiry.NEVER));
    }
    namespace.write(puts);
    namespace.put("other", "x");

    assertThat(namespace.keys("all/").map(listed -> listed.key().name())).hasSize(2500).isSorted();
    assertThat(namespace.keys("").limit(3).map(listed -> listed.key().name()))
        .containsExactly("all/0000", "all/0001", "all/0002");
    assertThat(namespace.keys("none")).isEmpty();
  }

  @Test
  void watchesMatchingChangesInOrder() {
    Namespace namespace = create();
    namespace.put("a/1", "before");
    Version start = namespace.latest();
    try (Watch watch = namespace.watch(Bytes.utf8("a/"), start)) {
      assertThat(watch.next(Duration.ZERO)).isEmpty();
      Version put = namespace.put("a/1", "one").version();
      namespace.put("b/1", "unwatched");
      namespace.delete("a/1");
      namespace.clear("a");

      Duration timeout = Duration.ofSeconds(20);
      Change first = watch.next(timeout).orElseThrow();
      assertThat(first.version()).isEqualTo(put);
      assertThat(first.mutation())
          .isInstanceOfSatisfying(
              Mutation.Put.class,
              change -> assertThat(change.value().bytes()).isEqualTo(Bytes.utf8("one")));
      assertThat(watch.next(timeout).orElseThrow().mutation())
          .isEqualTo(new Mutation.Delete(Key.of("a/1")));
      assertThat(watch.next(timeout).orElseThrow().mutation())
          .isEqualTo(new Mutation.Clear(Bytes.utf8("a")));
      assertThat(watch.version()).isEqualTo(namespace.latest());
      assertThat(watch.next(Duration.ZERO)).isEmpty();
    }
  }

  @Test
  void aWatchWaitsForFutureChanges() throws Exception {
    Namespace namespace = create();
    Watch watch = namespace.watch(Bytes.EMPTY, namespace.latest());
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Optional<Change>> next = threads.submit(() -> watch.next(Duration.ofSeconds(20)));
      namespace.put("k", "v");
      assertThat(next.get().orElseThrow().mutation())
          .isInstanceOfSatisfying(
              Mutation.Put.class, put -> assertThat(put.key()).isEqualTo(Key.of("k")));
      Future<Optional<Change>> last =
          threads.submit(() -> watch.next(ChronoUnit.FOREVER.getDuration()));
      watch.close();
      assertThat(last.get()).isEmpty();
    }
  }

  @Test
  void everyPutReportsAFailedConditionAsAConflict() {
    Namespace namespace = create();
    Version version = namespace.put("k", "v").orElseThrow();
    WriteOptions absent = WriteOptions.PLAIN.ifAbsent();

    assertThat(
            List.of(
                namespace.put("k", "other", absent),
                namespace.put("k", 7L, Codec.NUMBER, absent),
                namespace.put(Key.of("k"), Bytes.utf8("other"), absent),
                namespace.put(Key.of("k"), new ByteArrayInputStream(new byte[1]), absent)))
        .allMatch(outcome -> outcome.equals(new Outcome.Conflict(version)))
        .allMatch(outcome -> !outcome.isAccepted())
        .allMatch(outcome -> outcome.version().equals(version));
    assertThatThrownBy(() -> namespace.put("k", "other", absent).orElseThrow())
        .isInstanceOfSatisfying(
            ConflictException.class, e -> assertThat(e.current()).isEqualTo(version));
    assertThat(namespace.put("k", "new", WriteOptions.PLAIN.ifVersion(version)).isAccepted())
        .isTrue();
  }

  @Test
  void findsEntriesAndCountsByName() {
    Namespace namespace = create();
    Version version = namespace.put("k", "v").version();

    assertThat(namespace.find("k").orElseThrow().version()).isEqualTo(version);
    assertThat(namespace.find("none")).isEmpty();
    assertThat(namespace.get(Key.of("k")).orElseThrow().value().bytes()).isEqualTo(Bytes.utf8("v"));
    assertThatThrownBy(() -> namespace.get(Key.of("none")).orElseThrow())
        .isInstanceOf(NoSuchElementException.class);
    assertThat(namespace.increment("n")).isEqualTo(1);
    assertThat(namespace.increment("n")).isEqualTo(2);
  }

  @Test
  void concurrentUpdatesLoseNoChange() throws Exception {
    Namespace namespace = create();
    List<Callable<Long>> tasks = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      tasks.add(() -> namespace.update("n", Codec.NUMBER, 100L, number -> number + 1));
    }

    List<Long> results = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Long> result : threads.invokeAll(tasks)) {
        results.add(result.get());
      }
    }

    assertThat(results).doesNotHaveDuplicates().hasSize(16).contains(101L, 116L);
    assertThat(namespace.get("n", Codec.NUMBER)).contains(116L);
  }

  @Test
  void anUpdateKeepsMetadataAndExpiryAndMayFail() {
    Namespace namespace = create();
    Instant later = Instant.parse("2027-01-01T00:00:00Z");
    WriteOptions options = WriteOptions.PLAIN.expiresAt(later).metadata(Metadata.json("7"));
    namespace.put("k", "a", options);

    assertThat(namespace.update("k", Codec.TEXT, "", text -> text + "b")).isEqualTo("ab");
    assertThatThrownBy(
            () ->
                namespace.update(
                    "k",
                    Codec.TEXT,
                    "",
                    text -> {
                      throw new IllegalStateException(text);
                    }))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("ab");

    Entry entry = found(namespace, Key.of("k"));
    assertThat(entry.value().bytes()).isEqualTo(Bytes.utf8("ab"));
    assertThat(entry.metadata()).isEqualTo(Metadata.json("7"));
    assertThat(entry.expiry()).isEqualTo(Expiry.at(later));
  }

  @Test
  void aReadIsAsFreshAsRequested() {
    Namespace namespace = create();
    Version version = namespace.put("k", "v").version();

    assertThat(namespace.get(Key.of("k"), ReadOptions.PLAIN.atLeast(version)))
        .isInstanceOf(Lookup.Found.class);
    assertThat(namespace.get(Key.of("k"), ReadOptions.STRONG)).isInstanceOf(Lookup.Found.class);
    assertThat(namespace.getAged(Key.of("k"), ReadOptions.PLAIN).age()).isPresent();
    assertThatThrownBy(() -> ReadOptions.PLAIN.maxAge(Duration.ofMillis(-1)))
        .isInstanceOf(InvalidRequestException.class);
  }

  @Test
  void clearsAPrefixAndNothingElse() {
    Namespace namespace = create();
    List.of("a", "b", "b\u0000", "b/1", "bb", "c")
        .forEach(name -> namespace.put(Key.of(name), HELLO, WriteOptions.PLAIN));

    namespace.write(List.of(new Mutation.Clear(Bytes.utf8("b"))));

    assertThat(namespace.list(Listing.all(10)).entries())
        .extracting(listed -> listed.key().name())
        .containsExactly("a", "c");
  }

  @Test
  void namespacesDoNotSeeEachOther() {
    Namespace one = open("one");
    Namespace two = open("two");

    one.put(GREETING, HELLO, WriteOptions.PLAIN);

    assertThat(two.get(GREETING)).isInstanceOf(Lookup.Missing.class);
    assertThat(two.list(Listing.all(10)).entries()).isEmpty();
  }

  @Test
  void limitsKeysAndPrefixesOfEveryOperation() {
    Namespace namespace = create();
    Key key = Key.of("k".repeat(513));
    Bytes prefix = key.bytes();
    Version before = namespace.latest();

    List<ThrowingCallable> calls =
        List.of(
            () -> namespace.get(key),
            () -> namespace.getAged(key, ReadOptions.PLAIN),
            () -> namespace.getAll(List.of(GREETING, key), ReadOptions.PLAIN),
            () -> namespace.delete(key, Condition.ALWAYS),
            () -> namespace.increment(key, 1, WriteOptions.PLAIN),
            () -> namespace.write(List.of(new Mutation.Delete(key))),
            () -> namespace.write(List.of(new Mutation.Clear(prefix))),
            () -> namespace.list(new Listing(prefix, Bytes.EMPTY, 1)),
            () -> namespace.count(prefix),
            () -> {
              try (Watch watch = namespace.watch(prefix, before)) {
                watch.next(Duration.ofSeconds(20));
              }
            });
    for (ThrowingCallable call : calls) {
      assertThatThrownBy(call)
          .isInstanceOf(LimitExceededException.class)
          .hasMessageContainingAll("512", "513");
    }
    assertThat(namespace.latest()).isEqualTo(before);
  }

  @Test
  void aClearOfALongPrefixDoesNotFailOtherWrites() throws Exception {
    Namespace namespace = create();
    List<Callable<Outcome>> puts = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      Key key = Key.of("k" + i);
      puts.add(() -> namespace.put(key, HELLO, WriteOptions.PLAIN));
    }

    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Version> clear = threads.submit(() -> namespace.clear("p".repeat(70_000)));
      for (Future<Outcome> put : threads.invokeAll(puts)) {
        assertThat(put.get().isAccepted()).isTrue();
      }
      assertThatThrownBy(clear::get).hasCauseInstanceOf(LimitExceededException.class);
    }
  }

  @Test
  void anIncrementCannotHaveACondition() {
    Namespace namespace = create();

    assertThatThrownBy(() -> namespace.increment(GREETING, 1, WriteOptions.PLAIN.ifAbsent()))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("condition");
    assertThat(namespace.get(GREETING)).isInstanceOf(Lookup.Missing.class);
  }

  @Test
  void refusesTextThatIsNotUnicode() {
    Namespace namespace = create();
    String half = "a\uD83D";

    assertThatThrownBy(() -> namespace.put(half, "v")).isInstanceOf(InvalidKeyException.class);
    List<ThrowingCallable> calls =
        List.of(
            () -> namespace.put("k", half),
            () -> namespace.clear(half),
            () -> namespace.keys(half).toList());
    for (ThrowingCallable call : calls) {
      assertThatThrownBy(call)
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining("surrogate");
    }
    assertThat(namespace.count(Bytes.EMPTY)).isZero();
  }

  static Version accepted(Outcome outcome) {
    assertThat(outcome).isInstanceOf(Outcome.Accepted.class);
    return ((Outcome.Accepted) outcome).version();
  }

  static Entry found(Namespace namespace, Key key) {
    Lookup lookup = namespace.get(key);
    assertThat(lookup).isInstanceOf(Lookup.Found.class);
    return ((Lookup.Found) lookup).entry();
  }

  /** Fails after the given number of bytes, like the body of a client that disconnects. */
  private static final class FailingStream extends InputStream {
    private int left;

    FailingStream(int left) {
      this.left = left;
    }

    @Override
    public int read() throws IOException {
      return read(new byte[1], 0, 1) < 0 ? -1 : 0;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      if (left == 0) {
        throw new IOException("the client closed the connection");
      }
      int count = Math.min(left, length);
      left -= count;
      return count;
    }
  }
}
