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
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import selvedge.engine.replication.Descent;
import selvedge.engine.replication.GoneException;
import selvedge.engine.replication.Lineage;
import selvedge.engine.replication.Openings;
import selvedge.engine.replication.Source;
import selvedge.engine.store.Snapshot;
import selvedge.engine.store.rocks.RocksStore;
import selvedge.model.Bytes;
import selvedge.model.Change;
import selvedge.model.Entry;
import selvedge.model.Expiry;
import selvedge.model.Key;
import selvedge.model.Limits;
import selvedge.model.Metadata;
import selvedge.model.Mutation;
import selvedge.model.NamespaceId;
import selvedge.model.Profile;
import selvedge.model.Version;

final class BootstrapTest {
  private static final Limits LIMITS = Limits.of(Profile.OPEN);
  private static final InstantSource CLOCK = InstantSource.fixed(Instant.ofEpochSecond(1_800_000));
  private static final NamespaceId ONE = new NamespaceId("1".repeat(32));
  private static final NamespaceId TWO = new NamespaceId("2".repeat(32));
  private static final int KEYS = 3000;

  @TempDir Path folder;

  private final long seed = Long.getLong("seed", new Random().nextLong());
  private final RandomGenerator random = new Random(seed);
  private RocksStore origin;
  private long version;

  @BeforeEach
  void fill() {
    origin = open("origin");
    for (int i = 0; i < KEYS; i++) {
      change(i % 2 == 0 ? ONE : TWO, put(i));
    }
  }

  @AfterEach
  void close() {
    origin.close();
  }

  private RocksStore open(String name) {
    return RocksStore.open(folder.resolve(name), LIMITS, CLOCK, random);
  }

  private void change(NamespaceId namespace, Mutation mutation) {
    version++;
    origin.commit(List.of(new Change(new Version(version), CLOCK.instant(), namespace, mutation)));
  }

  private Mutation put(int key) {
    int length = key % 100 == 0 ? 300_000 : random.nextInt(100);
    byte[] value = new byte[length];
    random.nextBytes(value);
    Expiry expiry =
        random.nextInt(10) == 0 ? Expiry.at(CLOCK.instant().plusSeconds(60 + key)) : Expiry.NEVER;
    return new Mutation.Put(key(key), Bytes.adopt(value), Metadata.json("" + key), expiry);
  }

  private static Key key(int number) {
    return Key.of("key " + number);
  }

  private void changeSome() {
    for (int i = 0; i < 200; i++) {
      NamespaceId namespace = random.nextBoolean() ? ONE : TWO;
      int key = random.nextInt(KEYS);
      switch (random.nextInt(20)) {
        case 0 -> change(namespace, new Mutation.Clear(Bytes.utf8("key " + key)));
        case 1, 2, 3 -> change(namespace, new Mutation.Delete(key(key)));
        default -> change(namespace, put(key));
      }
    }
  }

  private void load(RocksStore store, Source source) throws IOException {
    load(store, source, null);
  }

  private void load(RocksStore store, Source source, @Nullable Descent known) throws IOException {
    try (var bootstrap = new Bootstrap(store, source, LIMITS, CLOCK, Selection.EVERYTHING)) {
      bootstrap.load(known, _ -> {});
      while (!bootstrap.isComplete()) {
        bootstrap.follow();
      }
    }
  }

  private static List<Entry> entries(RocksStore store) {
    List<Entry> entries = new ArrayList<>();
    try (Snapshot snapshot = store.snapshot()) {
      for (Optional<Snapshot.Placed> next = snapshot.next();
          next.isPresent();
          next = snapshot.next()) {
        Entry each = next.get().entry();
        entries.add(
            new Entry(
                each.key(), each.value().bytes(), each.metadata(), each.expiry(), each.version()));
      }
    }
    return entries;
  }

  private void requireSame(RocksStore store) {
    assertThat(entries(store)).as("seed %s", seed).isEqualTo(entries(origin));
    assertThat(store.latest()).isEqualTo(origin.latest());
    assertThat(store.epoch()).isEqualTo(origin.epoch());
  }

  @Test
  void aStoreEqualsItsOriginAfterASnapshot() throws IOException {
    try (RocksStore store = open("edge")) {
      load(store, new CutSource(origin, Integer.MAX_VALUE));
      requireSame(store);
    }
  }

  @Test
  void aSnapshotThatBreaksRepeatedlyIsContinuedWhileTheOriginChanges() throws IOException {
    int attempts = 0;
    while (true) {
      var line =
          new CutSource(
              origin, attempts < 4 ? 2_500_000 + random.nextInt(1_000_000) : Integer.MAX_VALUE);
      try (RocksStore store = open("edge")) {
        attempts++;
        load(store, line);
        requireSame(store);
        break;
      } catch (IOException e) {
        changeSome();
      }
    }
    assertThat(attempts).as("seed %s", seed).isGreaterThan(1);
    try (RocksStore store = open("edge")) {
      requireSame(store);
    }
  }

  @Test
  void theLoadedPartOfASnapshotIsNotSentAgain() throws IOException {
    var whole = new CutSource(origin, Integer.MAX_VALUE);
    try (InputStream snapshot = whole.snapshot()) {
      assertThat(snapshot.read()).isZero();
    }
    int most = whole.sent() * 3 / 4;
    try (RocksStore store = open("edge")) {
      assertThatThrownBy(() -> load(store, new CutSource(origin, most)))
          .isInstanceOf(IOException.class);
    }
    var rest = new CutSource(origin, Integer.MAX_VALUE);
    try (RocksStore store = open("edge")) {
      load(store, rest);
      requireSame(store);
    }
    assertThat(rest.sent()).isLessThan(whole.sent() / 2);
  }

  @Test
  void aSnapshotOfAnotherOrderOfChangesIsRefused() throws IOException {
    try (RocksStore store = open("edge")) {
      assertThatThrownBy(() -> load(store, new CutSource(origin, 5_000_000)))
          .isInstanceOf(IOException.class);
    }
    origin.adopt(origin.epoch() + 1);
    try (RocksStore store = open("edge")) {
      assertThatThrownBy(() -> load(store, new CutSource(origin, Integer.MAX_VALUE)))
          .isInstanceOf(GoneException.class);
    }
  }

  @Test
  void aSnapshotCannotBeContinuedWithoutTheChangesSince() throws IOException {
    try (RocksStore store = open("edge")) {
      assertThatThrownBy(() -> load(store, new CutSource(origin, 5_000_000)))
          .isInstanceOf(IOException.class);
    }
    while (origin.horizon().number() <= KEYS) {
      changeSome();
      while (origin.trim(Duration.ZERO, 0, CLOCK.instant().plusSeconds(1))) {}
    }
    try (RocksStore store = open("edge")) {
      assertThatThrownBy(() -> load(store, new CutSource(origin, Integer.MAX_VALUE)))
          .isInstanceOf(GoneException.class);
    }
  }

  @Test
  void aSnapshotOfAReplacedOriginIsRefused() throws IOException {
    try (RocksStore store = open("edge")) {
      var past = new Lineage(List.of(new Lineage.Ancestor(origin.epoch(), new Version(1))));
      var known = new Descent(1, new Version(1), past, Openings.NONE);
      assertThatThrownBy(() -> load(store, new CutSource(origin, Integer.MAX_VALUE), known))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("another server has continued");
      assertThat(entries(store)).isEmpty();
    }
  }
}
