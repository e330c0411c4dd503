package selvedge.engine.store.rocks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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
import selvedge.model.StoreDamagedException;
import selvedge.model.Version;

/** A flipped bit in a table that RocksDB meets while it merges files. */
final class DamagedTableTest {
  private static final NamespaceId NAMESPACE = new NamespaceId("77".repeat(16));
  private static final int KEYS = 1000;
  private static final int COMMITS_MAX = 1000;

  private final InstantSource clock = InstantSource.fixed(Instant.parse("2026-01-01T00:00:00Z"));
  @TempDir Path directory;
  private long version;

  private RocksStore open() {
    return RocksStore.open(directory, Limits.of(Profile.OPEN), clock, new Random(1));
  }

  /** Writes keys with that name into files of their own. */
  private void write(RocksStore store, String name) {
    version = store.latest().number();
    List<Change> changes = new ArrayList<>();
    for (int i = 0; i < KEYS; i++) {
      version++;
      byte[] value = new byte[200];
      new Random(version).nextBytes(value);
      var put =
          new Mutation.Put(
              Key.of("key" + i + name), Bytes.adopt(value), Metadata.NONE, Expiry.NEVER);
      changes.add(new Change(new Version(version), clock.instant(), NAMESPACE, put));
    }
    store.commit(changes);
    store.adopt(store.epoch());
  }

  private Path largestTable() throws IOException {
    try (Stream<Path> files = Files.list(directory.resolve("db"))) {
      return files
          .filter(file -> file.toString().endsWith(".sst"))
          .max(Comparator.comparingLong(file -> file.toFile().length()))
          .orElseThrow();
    }
  }

  private static void flip(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 3] ^= 1;
    Files.write(file, bytes);
  }

  private void writeUntilAMergeMeetsIt(RocksStore store) {
    assertThatThrownBy(
            () -> {
              for (int i = 0; i < COMMITS_MAX; i++) {
                write(store, "." + i);
              }
            })
        .isInstanceOf(StoreDamagedException.class);
  }

  private static int found(RocksStore store) {
    int found = 0;
    for (int i = 0; i < KEYS; i++) {
      try {
        assertThat(store.get(NAMESPACE, Key.of("key" + i))).isInstanceOf(Lookup.Found.class);
        found++;
      } catch (StoreDamagedException _) {
        // It is in the damaged block.
      }
    }
    return found;
  }

  @Test
  void aStoreWithADamagedTableClosesOpensReadsWhatIsWholeAndTakesWrites() throws IOException {
    Path table;
    try (RocksStore store = open()) {
      write(store, "");
      table = largestTable();
      flip(table);
      writeUntilAMergeMeetsIt(store);
      assertThat(store.damage()).singleElement().asString().contains(table + " offset ");
    }

    for (int opening = 0; opening < 2; opening++) {
      try (RocksStore store = open()) {
        assertThat(found(store)).isBetween(KEYS / 2, KEYS - 1);
        write(store, "after" + opening);
        assertThat(store.get(NAMESPACE, Key.of("key1after" + opening)))
            .isInstanceOf(Lookup.Found.class);
        assertThat(store.damage()).singleElement().asString().contains(table + " offset ");
      }
    }

    flip(table);
    try (RocksStore store = open()) {
      assertThat(store.damage()).isEmpty();
      assertThat(found(store)).isEqualTo(KEYS);
      write(store, "mended");
    }
  }
}
