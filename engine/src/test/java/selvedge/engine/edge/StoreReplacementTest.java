package selvedge.engine.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import selvedge.engine.replication.Descent;
import selvedge.engine.replication.NewLineage;
import selvedge.engine.store.rocks.RocksStore;
import selvedge.engine.store.rocks.StoreDirectory;
import selvedge.model.Bytes;
import selvedge.model.Change;
import selvedge.model.Expiry;
import selvedge.model.Key;
import selvedge.model.Limits;
import selvedge.model.Lookup;
import selvedge.model.Metadata;
import selvedge.model.Mutation;
import selvedge.model.NamespaceId;
import selvedge.model.Profile;
import selvedge.model.Version;

/** A store whose origin was started again more often than openings are kept. */
final class StoreReplacementTest {
  private static final Limits LIMITS = Limits.of(Profile.OPEN);
  private static final InstantSource CLOCK = InstantSource.fixed(Instant.ofEpochSecond(1_800_000));
  private static final NamespaceId NAMESPACE = new NamespaceId("1".repeat(32));
  private static final int OPENINGS = 65;

  @TempDir private Path folder;
  private final Random random = new Random(1);
  private StoreOpener stores;
  private Path loaded;
  private Version latest;

  /** Puts a change into the store in use that the loaded one, a copy from before it, lacks. */
  @BeforeEach
  void fork() throws IOException {
    var directory = new StoreDirectory(folder);
    stores = new StoreOpener(directory, LIMITS, CLOCK, random);
    loaded = directory.loading();
    try (RocksStore store = stores.open()) {
      NewLineage.open(store, CLOCK.instant(), random);
      put(store, "early");
    }
    copy(directory.store(), loaded);
    try (RocksStore store = stores.open()) {
      put(store, "only here");
      latest = store.latest();
    }
    try (RocksStore store = openLoaded()) {
      for (int i = 0; i < OPENINGS; i++) {
        NewLineage.open(store, CLOCK.instant(), random);
      }
    }
  }

  private static void copy(Path source, Path target) throws IOException {
    try (Stream<Path> all = Files.walk(source)) {
      for (Path each : all.toList()) {
        Files.copy(each, target.resolve(source.relativize(each).toString()));
      }
    }
  }

  private static void put(RocksStore store, String key) {
    Mutation put = new Mutation.Put(Key.of(key), Bytes.utf8("v"), Metadata.NONE, Expiry.NEVER);
    store.commit(List.of(new Change(store.latest().next(), CLOCK.instant(), NAMESPACE, put)));
  }

  private RocksStore openLoaded() {
    return RocksStore.open(loaded, LIMITS, CLOCK, random);
  }

  @Test
  void aStoreThatForkedBeforeAllKeptOpeningsIsKeptBesideItsReplacement() throws IOException {
    Descent replacement;
    try (RocksStore store = openLoaded()) {
      NewLineage.begin(store, CLOCK.instant(), random);
      replacement = Descent.of(store);
    }

    assertThat(new StoreReplacement(stores).install())
        .contains(folder.resolve("store.unseen-0-" + latest));

    assertThat(stores.descent()).contains(replacement);
    try (RocksStore kept =
        RocksStore.open(folder.resolve("store.unseen-0-" + latest), LIMITS, CLOCK, random)) {
      assertThat(kept.get(NAMESPACE, Key.of("only here"))).isInstanceOf(Lookup.Found.class);
    }
  }

  /** The origin was restored from an old backup, and doubts its clock. */
  @Test
  void theClockHereIsComparedWithTheTimeAtWhichItWasTrustedHere() throws IOException {
    try (RocksStore store = stores.open()) {
      store.trusted(CLOCK.instant());
    }
    try (RocksStore store = openLoaded()) {
      NewLineage.begin(store, CLOCK.instant(), random);
      store.trusted(CLOCK.instant().minus(Duration.ofDays(8)));
    }

    new StoreReplacement(stores).install();

    try (RocksStore store = stores.open()) {
      assertThat(store.trustedAt()).isEqualTo(CLOCK.instant());
    }
  }

  @Test
  void aStoreThatForkedBeforeAllKeptOpeningsIsNotReplacedWithinItsEpoch() {
    assertThatThrownBy(() -> new StoreReplacement(stores).install())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("must begin a new lineage");

    assertThat(stores.descent()).map(Descent::latest).contains(latest);
    assertThat(stores.directory().isLoading()).isFalse();
  }
}
