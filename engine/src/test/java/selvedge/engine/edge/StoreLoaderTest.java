package selvedge.engine.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import selvedge.engine.replication.ClusterId;
import selvedge.engine.replication.Descent;
import selvedge.engine.replication.GoneException;
import selvedge.engine.replication.NewLineage;
import selvedge.engine.replication.Position;
import selvedge.engine.replication.Source;
import selvedge.engine.store.rocks.RocksStore;
import selvedge.engine.store.rocks.StoreDirectory;
import selvedge.model.Bytes;
import selvedge.model.Change;
import selvedge.model.Expiry;
import selvedge.model.Key;
import selvedge.model.Limits;
import selvedge.model.Listing;
import selvedge.model.Lookup;
import selvedge.model.Metadata;
import selvedge.model.Mutation;
import selvedge.model.NamespaceId;
import selvedge.model.Profile;
import selvedge.model.StorageFullException;
import selvedge.model.Version;

final class StoreLoaderTest {
  private static final Limits LIMITS = Limits.of(Profile.OPEN);
  private static final InstantSource CLOCK = InstantSource.fixed(Instant.ofEpochSecond(1_800_000));
  private static final NamespaceId NAMESPACE = new NamespaceId("1".repeat(32));
  private static final int KEYS = 20;
  private static final int WHOLE = Integer.MAX_VALUE;

  @TempDir Path folder;

  private final List<Duration> waits = new ArrayList<>();
  private final Reports reports = new Reports();
  private RocksStore origin;
  private StoreDirectory directory;
  private int pausesMax = 100;

  @BeforeEach
  void open() {
    origin = RocksStore.open(folder.resolve("origin"), LIMITS, CLOCK, new Random(1));
    directory = new StoreDirectory(folder.resolve("edge"));
    for (int i = 1; i <= KEYS; i++) {
      Mutation put =
          new Mutation.Put(key(i), Bytes.utf8("value " + i), Metadata.NONE, Expiry.NEVER);
      origin.commit(List.of(new Change(new Version(i), CLOCK.instant(), NAMESPACE, put)));
    }
  }

  @AfterEach
  void close() {
    origin.close();
  }

  private static Key key(int number) {
    return Key.of("key " + number);
  }

  private StoreOpener stores() {
    return new StoreOpener(directory, LIMITS, CLOCK, new Random(2));
  }

  private StoreLoader loader(@Nullable ClusterId cluster) {
    return new StoreLoader(stores(), Selection.EVERYTHING, cluster, this::pause, reports);
  }

  private boolean pause(Duration time) {
    waits.add(time);
    return waits.size() < pausesMax;
  }

  private static final class Reports implements StoreLoader.Progress {
    private final List<Boolean> started = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();
    private @Nullable Version completed;

    @Override
    public void started(boolean continued) {
      started.add(continued);
    }

    @Override
    public void received(long entries) {}

    @Override
    public void failed(String reason) {
      failures.add(reason);
    }

    @Override
    public void completed(Version version) {
      completed = version;
    }
  }

  /** Gives each request for a snapshot to the next of some sources. */
  private record Sequence(List<Source> sources) implements Source {
    private Source next() {
      return sources.size() > 1 ? sources.removeFirst() : sources.getFirst();
    }

    @Override
    public InputStream snapshot() throws IOException {
      return next().snapshot();
    }

    @Override
    public InputStream snapshotBehind(NamespaceId namespace, Key key) throws IOException {
      return next().snapshotBehind(namespace, key);
    }

    @Override
    public InputStream feed(Descent after) throws IOException {
      return sources.getFirst().feed(after);
    }

    @Override
    public Descent descent() throws IOException {
      return sources.getFirst().descent();
    }

    @Override
    public Reading read(NamespaceId namespace, List<Key> keys, Least least) throws IOException {
      return sources.getFirst().read(namespace, keys, least);
    }

    @Override
    public Optional<Instant> trustedAt() throws IOException {
      return sources.getFirst().trustedAt();
    }

    @Override
    public Position position() throws IOException {
      return sources.getFirst().position();
    }
  }

  private Source breakingAt(int... bytes) {
    List<Source> sources = new ArrayList<>();
    for (int each : bytes) {
      sources.add(new CutSource(origin, each));
    }
    return new Sequence(sources);
  }

  private void requireLoaded() {
    directory.install();
    try (RocksStore store = RocksStore.open(directory.store(), LIMITS, CLOCK, new Random(3))) {
      assertThat(store.latest()).isEqualTo(origin.latest());
      assertThat(store.epoch()).isEqualTo(origin.epoch());
      assertThat(store.list(NAMESPACE, Listing.all(2 * KEYS)).entries()).hasSize(KEYS);
      assertThat(store.get(NAMESPACE, key(KEYS))).isInstanceOf(Lookup.Found.class);
    }
  }

  @Test
  void aBrokenConnectionIsRetriedUntilTheStoreIsComplete() {
    boolean complete = loader(null).load(breakingAt(0, 400, 500, WHOLE), null);

    assertThat(complete).isTrue();
    assertThat(reports.failures).hasSize(3);
    assertThat(waits.subList(0, 3))
        .containsExactly(Duration.ofMillis(250), Duration.ofMillis(500), Duration.ofSeconds(1));
    assertThat(reports.completed).isEqualTo(origin.latest());
    requireLoaded();
  }

  @Test
  void aSnapshotThatCannotBeContinuedIsDeletedAndBegunAgain() {
    pausesMax = 1;
    assertThat(loader(null).load(breakingAt(600), null)).isFalse();
    assertThat(directory.isLoading()).isTrue();
    origin.adopt(origin.epoch() + 1);
    pausesMax = 100;

    boolean complete = loader(null).load(breakingAt(WHOLE), null);

    assertThat(complete).isTrue();
    assertThat(reports.started).containsExactly(false, true, false);
    assertThat(reports.failures.getLast()).contains("another order of changes");
    requireLoaded();
  }

  @Test
  void aSnapshotOfAnotherClusterThanTheRequiredOneIsDeleted() {
    pausesMax = 1;

    boolean complete = loader(new ClusterId(7)).load(breakingAt(WHOLE), null);

    assertThat(complete).isFalse();
    assertThat(reports.failures.getFirst()).contains("cluster-id names " + new ClusterId(7));
    assertThat(directory.isLoading()).isFalse();
  }

  @Test
  void aFullDiskIsRetriedLikeABrokenConnection() {
    var full =
        new CutSource(origin, WHOLE) {
          @Override
          public InputStream snapshot() {
            throw new StorageFullException("the disk is full");
          }
        };
    List<Source> sources = new ArrayList<>(List.of(full, new CutSource(origin, WHOLE)));

    boolean complete = loader(null).load(new Sequence(sources), null);

    assertThat(complete).isTrue();
    assertThat(reports.failures).containsExactly("the disk is full");
    requireLoaded();
  }

  @Test
  void loadingEndsWhenThePauseEndsIt() {
    pausesMax = 6;

    boolean complete = loader(null).load(breakingAt(0), null);

    assertThat(complete).isFalse();
    assertThat(waits)
        .containsExactly(
            Duration.ofMillis(250),
            Duration.ofMillis(500),
            Duration.ofSeconds(1),
            Duration.ofSeconds(2),
            Duration.ofSeconds(4),
            Duration.ofSeconds(4));
    assertThat(reports.completed).isNull();
  }

  /**
   * Returns the descent of an edge with a change that the origin lost with its newest directory.
   */
  private Descent fork() {
    NewLineage.open(origin, CLOCK.instant(), new Random(4));
    loader(null).load(breakingAt(WHOLE), null);
    directory.install();
    try (RocksStore store = directory.open(LIMITS, CLOCK, new Random(5))) {
      var lost = new Mutation.Delete(key(1));
      store.commit(List.of(new Change(store.latest().next(), CLOCK.instant(), NAMESPACE, lost)));
      NewLineage.open(origin, CLOCK.instant(), new Random(6));
      return Descent.of(store);
    }
  }

  @Test
  void anOriginWithOtherChangesOfTheSameEpochBeginsANewLineageFirst() throws IOException {
    Descent own = fork();
    var old =
        new CutSource(origin, WHOLE) {
          @Override
          public InputStream feed(Descent from) throws IOException {
            if (from.epoch() == origin.epoch()) {
              NewLineage.begin(origin, CLOCK.instant(), new Random(7));
              throw new GoneException("lineage changed");
            }
            return super.feed(from);
          }
        };

    boolean complete = loader(null).load(old, own);

    assertThat(complete).isTrue();
    assertThat(reports.failures).containsExactly("lineage changed");
    assertThat(new StoreReplacement(stores()).install()).isPresent();
    assertThat(stores().descent().orElseThrow().epoch())
        .isEqualTo(origin.epoch())
        .isNotEqualTo(own.epoch());
  }

  @Test
  void aSnapshotWithOtherChangesOfTheSameEpochIsNotInstalled() {
    Descent own = fork();
    loader(null).load(breakingAt(WHOLE), null);

    assertThatThrownBy(() -> new StoreReplacement(stores()).install())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("other changes after version 21 under the same epoch");
    assertThat(directory.isLoading()).isFalse();
    assertThat(stores().descent()).contains(own);
  }

  /** A clock that is ahead would be trusted by the next start, as an origin for example. */
  @Test
  void theTimeOfTheSourceCountsIfTheClockHereIsAhead() {
    InstantSource ahead = InstantSource.fixed(CLOCK.instant().plus(Duration.ofDays(3650)));
    var stores = new StoreOpener(directory, LIMITS, ahead, new Random(2));
    var loader = new StoreLoader(stores, Selection.EVERYTHING, null, this::pause, reports);

    assertThat(loader.load(breakingAt(WHOLE), null)).isTrue();

    directory.install();
    try (RocksStore store = directory.open(LIMITS, ahead, new Random(3))) {
      assertThat(store.trustedAt()).isEqualTo(CLOCK.instant());
    }
  }

  /** A store cannot record such a time, and the loading must not end because of it. */
  @Test
  void aTimeOfTheSourceThatIsNotAfter1970DoesNotCount() {
    for (Instant odd : List.of(Instant.MIN, Instant.EPOCH, Instant.MAX)) {
      Source source =
          new CutSource(origin, WHOLE) {
            @Override
            public Optional<Instant> trustedAt() {
              return Optional.of(odd);
            }
          };

      assertThat(loader(null).load(source, null)).isTrue();

      try (RocksStore store = directory.openLoaded(LIMITS, CLOCK, new Random(3))) {
        assertThat(store.trustedAt()).isEqualTo(CLOCK.instant());
      }
      directory.forget();
    }
  }

  /** A power cut has set the server back, such as another edge. */
  @Test
  void aSnapshotIsBegunAgainIfItsServerLacksWhatItSentBefore() throws IOException {
    NewLineage.open(origin, CLOCK.instant(), new Random(4));
    try (RocksStore older = copy()) {
      requireBegunAgain(older);
    }
  }

  /** The server was started with an older directory, and gave the same versions again. */
  @Test
  void aSnapshotIsBegunAgainIfItsServerHasOtherChangesThanItSentBefore() throws IOException {
    NewLineage.open(origin, CLOCK.instant(), new Random(4));
    try (RocksStore older = copy()) {
      NewLineage.open(older, CLOCK.instant(), new Random(6));
      for (int i = 0; i < 3 * KEYS; i++) {
        put(older, key(1), "other");
      }
      requireBegunAgain(older);
    }
  }

  /** The same, when only the first entries of a first snapshot have come before. */
  @Test
  void aFirstSnapshotIsBegunAgainIfItsServerHasOtherChangesThanItSentBefore() throws IOException {
    NewLineage.open(origin, CLOCK.instant(), new Random(4));
    try (RocksStore older = copy()) {
      putAll(origin, "newer ");
      NewLineage.open(older, CLOCK.instant(), new Random(6));
      for (int i = 0; i < 3 * KEYS; i++) {
        put(older, key(1), "other");
      }
      requireBegunAgain(older, new CutSource(origin, 700));
    }
  }

  private RocksStore copy() {
    loader(null).load(breakingAt(WHOLE), null);
    directory.install();
    RocksStore copy = directory.open(LIMITS, CLOCK, new Random(5));
    directory = new StoreDirectory(folder.resolve("another edge"));
    return copy;
  }

  private static void putAll(RocksStore store, String value) {
    for (int i = 1; i <= KEYS; i++) {
      put(store, key(i), value + i);
    }
  }

  private static void put(RocksStore store, Key key, String value) {
    var put = new Mutation.Put(key, Bytes.utf8(value), Metadata.NONE, Expiry.NEVER);
    store.commit(List.of(new Change(store.latest().next(), CLOCK.instant(), NAMESPACE, put)));
  }

  /** The first entries come from the origin, the next ones after changes, the last ones from it. */
  private void requireBegunAgain(RocksStore older) throws IOException {
    var changed =
        new CutSource(origin, 900) {
          @Override
          public InputStream snapshotBehind(NamespaceId namespace, Key key) throws IOException {
            putAll(origin, "newer ");
            return super.snapshotBehind(namespace, key);
          }
        };
    requireBegunAgain(older, new CutSource(origin, 700), changed);
  }

  private void requireBegunAgain(RocksStore older, Source... before) throws IOException {
    List<Source> sources = new ArrayList<>(List.of(before));
    sources.add(new CutSource(older, WHOLE));

    assertThat(loader(null).load(new Sequence(sources), null)).isTrue();

    directory.install();
    try (RocksStore store = RocksStore.open(directory.store(), LIMITS, CLOCK, new Random(3))) {
      assertThat(store.latest()).isEqualTo(older.latest());
      for (int i = 1; i <= KEYS; i++) {
        assertThat(store.get(NAMESPACE, key(i))).isEqualTo(older.get(NAMESPACE, key(i)));
      }
    }
    assertThat(reports.failures).last().asString().contains("another order of changes");
  }
}
