package selvedge.engine.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import selvedge.engine.cache.HotStore;
import selvedge.engine.encryption.AesMasterKey;
import selvedge.engine.encryption.MasterKeys;
import selvedge.engine.feed.FeedRead;
import selvedge.engine.store.rocks.RocksStore;
import selvedge.engine.store.rocks.RocksStoreTest;
import selvedge.model.Bytes;
import selvedge.model.Change;
import selvedge.model.Entry;
import selvedge.model.Expiry;
import selvedge.model.Key;
import selvedge.model.Limit;
import selvedge.model.Limits;
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

/**
 * Random operations on the store on disk and on the one in memory: they must never differ.
 *
 * <p>Replay a failure with {@code -Dseed=}; take longer with {@code -Dsteps=}.
 */
final class StoreComparisonTest {
  private static final List<NamespaceId> NAMESPACES =
      List.of(
          new NamespaceId("00".repeat(16)),
          new NamespaceId("aa".repeat(16)),
          new NamespaceId("ff".repeat(16)));

  private final long seed = Long.getLong("seed", new Random().nextLong());
  private final int steps = Integer.getInteger("steps", 1500);
  private final Random random = new Random(seed);
  private final Limits limits =
      Limits.of(Profile.OPEN).with(Limit.INLINE_BYTES, 64).with(Limit.CHUNK_BYTES, 4096);
  private final SettableClock clock = new SettableClock(Instant.parse("2026-01-01T00:00:00Z"));
  private final MemoryStore memory = new MemoryStore(1);
  private final Path parent;
  private MasterKeys keys = MasterKeys.NONE;
  private Path directory;
  private int crashes;
  private RocksStore rocks;
  private HotStore hot;
  private long version;

  StoreComparisonTest(@TempDir Path parent) {
    this.parent = parent;
    directory = parent.resolve("store");
    rocks = RocksStore.open(directory, limits, clock, random, keys);
    hot = new HotStore(rocks, limits);
  }

  @Test
  void theStoreOnDiskAgreesWithTheOneInMemory() {
    compare(steps, () -> {});
  }

  /** Encryption is switched on at some reopen, and rows are encrypted anew now and then. */
  @Test
  void anEncryptedStoreDoesWhatTheOneInMemoryDoes() {
    String key = AesMasterKey.generate();
    compare(
        steps / 2,
        () -> {
          if (random.nextInt(40) == 0) {
            keys = MasterKeys.text(key, "the test");
          }
          if (rocks.encryption().isPresent() && random.nextInt(40) == 0) {
            rocks.rotateKey(true);
          }
        });
    assertThat(keys).isNotEqualTo(MasterKeys.NONE);
  }

  private void compare(int count, Runnable between) {
    try {
      for (int step = 0; step < count; step++) {
        step();
        between.run();
      }
      compareAll();
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError("with -Dseed=" + seed, e);
    } finally {
      hot.close();
    }
  }

  private void step() {
    switch (random.nextInt(20)) {
      case 0 -> {
        if (random.nextBoolean()) {
          reopen();
        } else {
          crash();
        }
      }
      case 1 -> clock.advance(Duration.ofSeconds(random.nextInt(120)));
      case 2 -> sweep();
      case 3 -> trim();
      case 4 -> hot.upload().close();
      case 5, 6, 7 -> compareListing();
      case 8, 9, 10, 11 -> compareGet(namespace(), key());
      case 12 -> compareFeed();
      default -> commit();
    }
  }

  private void reopen() {
    hot.close();
    rocks = RocksStore.open(directory, limits, clock, random, keys);
    hot = new HotStore(rocks, limits);
    assertThat(hot.latest()).isEqualTo(memory.latest());
  }

  /** What is on disk at this moment goes on, as after a crash, which a sweep does not survive. */
  private void crash() {
    crashes++;
    Path copy = parent.resolve("crash " + crashes);
    try {
      while (!copiedAtOneMoment(copy)) {
        if (Files.exists(copy)) {
          FlippedBitTest.delete(copy);
        }
      }
      hot.close();
      FlippedBitTest.delete(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    directory = copy;
    rocks = RocksStore.open(directory, limits, clock, random, keys);
    hot = new HotStore(rocks, limits);
    assertThat(hot.latest()).isEqualTo(memory.latest());
    sweep();
  }

  /** RocksDB's own threads may make and delete files meanwhile. */
  private boolean copiedAtOneMoment(Path copy) throws IOException {
    try {
      boolean idle = isIdle();
      List<String> before = names();
      RocksStoreTest.copy(directory, copy);
      return idle && isIdle() && names().equals(before);
    } catch (NoSuchFileException | UncheckedIOException _) {
      return false;
    }
  }

  private boolean isIdle() {
    return Stream.of("compaction_pending", "num_running_compactions", "num_running_flushes")
        .allMatch(name -> rocks.properties().getOrDefault(name, 0L) == 0);
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.map(Path::toString).sorted().toList();
    }
  }

  private void sweep() {
    while (hot.sweep(clock.instant(), 10)) {}
    while (memory.sweep(clock.instant(), 10)) {}
  }

  /** Where the feed is cut is the store's own business, so the oracle keeps all of it. */
  private void trim() {
    var age = Duration.ofSeconds(random.nextInt(1000));
    int bytes = random.nextInt(100_000);
    while (rocks.trim(age, bytes, clock.instant())) {}
  }

  private void commit() {
    List<Mutation> onDisk = new ArrayList<>();
    List<Mutation> inMemory = new ArrayList<>();
    int count = 1 + random.nextInt(5);
    for (int i = 0; i < count; i++) {
      mutation(onDisk, inMemory);
    }
    NamespaceId namespace = namespace();
    Pending pending = hot.begin(changes(namespace, onDisk));
    memory.commit(changes(namespace, inMemory));
    version += count + random.nextInt(3);
    finish(pending);
  }

  /** Sometimes with others, or only when others are begun, as the writer does. */
  private void finish(Pending pending) {
    Pending together = random.nextInt(4) == 0 ? another() : () -> {};
    pending.await();
    together.await();
    Pending next = random.nextInt(4) == 0 ? another() : () -> {};
    next.startSync();
    pending.finish();
    together.finish();
    next.complete();
  }

  private Pending another() {
    List<Mutation> onDisk = new ArrayList<>();
    List<Mutation> inMemory = new ArrayList<>();
    mutation(onDisk, inMemory);
    NamespaceId namespace = namespace();
    Pending pending = hot.begin(changes(namespace, onDisk));
    memory.commit(changes(namespace, inMemory));
    version++;
    return pending;
  }

  private List<Change> changes(NamespaceId namespace, List<Mutation> mutations) {
    List<Change> changes = new ArrayList<>();
    for (Mutation mutation : mutations) {
      changes.add(
          new Change(
              new Version(version + changes.size() + 1), clock.instant(), namespace, mutation));
    }
    return changes;
  }

  private void mutation(List<Mutation> onDisk, List<Mutation> inMemory) {
    switch (random.nextInt(8)) {
      case 0 -> both(onDisk, inMemory, new Mutation.Delete(key()));
      case 1 -> {
        Bytes name = key().bytes();
        both(
            onDisk,
            inMemory,
            new Mutation.Clear(
                random.nextInt(20) == 0 ? Bytes.EMPTY : Bytes.copyOf(name.toArray(), 0, 1)));
      }
      default -> {
        byte[] value =
            new byte[random.nextInt(4) == 0 ? random.nextInt(20_000) : random.nextInt(64)];
        random.nextBytes(value);
        Bytes bytes = Bytes.adopt(value);
        Key key = key();
        Metadata metadata = random.nextBoolean() ? Metadata.NONE : Metadata.json("{\"a\":1}");
        Expiry expiry =
            random.nextBoolean()
                ? Expiry.NEVER
                : Expiry.at(clock.instant().plusSeconds(random.nextInt(200)));
        inMemory.add(new Mutation.Put(key, bytes, metadata, expiry));
        onDisk.add(new Mutation.Put(key, uploaded(bytes), metadata, expiry));
      }
    }
  }

  private static void both(List<Mutation> onDisk, List<Mutation> inMemory, Mutation mutation) {
    onDisk.add(mutation);
    inMemory.add(mutation);
  }

  private Value uploaded(Bytes bytes) {
    if (bytes.size() <= limits.size(Limit.INLINE_BYTES)) {
      return bytes;
    }
    Upload upload = hot.upload();
    byte[] whole = bytes.toArray();
    for (int at = 0; at < whole.length; at += 4096) {
      upload.write(Bytes.copyOf(whole, at, Math.min(4096, whole.length - at)));
    }
    return upload.finish();
  }

  private NamespaceId namespace() {
    return NAMESPACES.get(random.nextInt(NAMESPACES.size()));
  }

  private Key key() {
    String[] letters = {"a", "b", "\u0000", "\u007f", "é", "\uffff", "\ud83d\ude00"};
    StringBuilder name = new StringBuilder();
    int length = 1 + random.nextInt(3);
    for (int i = 0; i < length; i++) {
      name.append(letters[random.nextInt(letters.length)]);
    }
    return Key.of(name.toString());
  }

  private void compareGet(NamespaceId namespace, Key key) {
    Lookup expected = readable(memory.get(namespace, key));
    Lookup actual = readable(hot.get(namespace, key));
    switch (expected) {
      case Lookup.Missing _ -> assertThat(actual).isInstanceOf(Lookup.Missing.class);
      case Lookup.Found(Entry entry, Version _) -> {
        assertThat(actual).isInstanceOf(Lookup.Found.class);
        Entry found = ((Lookup.Found) actual).entry();
        assertThat(found.value().bytes()).isEqualTo(entry.value().bytes());
        assertThat(found.metadata()).isEqualTo(entry.metadata());
        assertThat(found.expiry()).isEqualTo(entry.expiry());
        assertThat(found.version()).isEqualTo(entry.version());
      }
    }
  }

  /** What has expired may be swept in one place and not yet in another. */
  private Lookup readable(Lookup lookup) {
    return lookup instanceof Lookup.Found(Entry entry, Version asOf)
            && entry.expiry().hasPassed(clock.instant())
        ? new Lookup.Missing(asOf)
        : lookup;
  }

  private void compareListing() {
    NamespaceId namespace = namespace();
    Bytes prefix = random.nextBoolean() ? Bytes.EMPTY : key().bytes();
    Bytes from = random.nextBoolean() ? Bytes.EMPTY : key().bytes();
    var listing = new Listing(prefix, from, 1 + random.nextInt(10));
    assertThat(hot.list(namespace, listing)).isEqualTo(memory.list(namespace, listing));
  }

  private void compareFeed() {
    Version after = new Version(random.nextLong(memory.latest().number() + 1));
    if (rocks.read(after, 20) instanceof FeedRead.Changes(List<Change> actual)) {
      FeedRead.Changes expected = (FeedRead.Changes) memory.read(after, 20);
      assertThat(actual)
          .extracting(Change::version)
          .isEqualTo(expected.changes().stream().map(Change::version).toList());
    } else {
      assertThat(after).isLessThan(rocks.horizon());
    }
  }

  private void compareAll() {
    for (NamespaceId namespace : NAMESPACES) {
      Page page = memory.list(namespace, Listing.all(10_000));
      assertThat(hot.list(namespace, Listing.all(10_000))).isEqualTo(page);
      page.entries().forEach(listed -> compareGet(namespace, listed.key()));
    }
  }
}
