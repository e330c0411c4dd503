package selvedge.engine.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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
import selvedge.model.Listed;
import selvedge.model.Listing;
import selvedge.model.Lookup;
import selvedge.model.Metadata;
import selvedge.model.Mutation;
import selvedge.model.NamespaceId;
import selvedge.model.Profile;
import selvedge.model.StoreDamagedException;
import selvedge.model.StoreUnusableException;
import selvedge.model.Version;

/**
 * Flips bits all over the files of a store: what comes back is right, or an error that says where.
 */
final class FlippedBitTest {
  private static final NamespaceId NAMESPACE = new NamespaceId("77".repeat(16));
  private static final int CHANGES = 60;
  private static final int FLIPS_PER_FILE = Integer.getInteger("flips", 24);

  private final long seed = Long.getLong("seed", new Random().nextLong());
  private final Random random = new Random(seed);
  private final Limits limits =
      Limits.of(Profile.OPEN).with(Limit.INLINE_BYTES, 64).with(Limit.CHUNK_BYTES, 4096);
  private final InstantSource clock = InstantSource.fixed(Instant.parse("2026-01-01T00:00:00Z"));
  private int detected;

  @Test
  void aFlippedBitInAClosedStoreIsReportedOrHarmless(@TempDir Path parent) throws Exception {
    Path original = parent.resolve("original");
    RocksStore store = open(original);
    fill(store);
    Map<String, String> expected = read(store);
    store.close();
    flipThrough(original, parent, Set.of(expected));
  }

  @Test
  void aFlippedBitInACrashedStoreIsReportedOrHarmless(@TempDir Path parent) throws Exception {
    Path running = parent.resolve("running");
    Path original = parent.resolve("original");
    try (RocksStore store = open(running)) {
      fill(store);
      Map<String, String> expected = read(store);
      RocksStoreTest.copy(running, original);
      flipThrough(original, parent, Set.of(expected));
    }
  }

  /** Only the last commit may be missing: nothing behind it proves that it was durable. */
  @Test
  void aFlippedBitAfterAPowerCutIsReportedOrHarmless(@TempDir Path parent) throws Exception {
    Path running = parent.resolve("running");
    Path original = parent.resolve("original");
    Path watermark = parent.resolve("watermark");
    try (RocksStore store = open(running)) {
      fill(store, 1, 1);
      Files.copy(running.resolve("watermark"), watermark);
      fill(store, 2, CHANGES - 1);
      Map<String, String> allButOne = read(store);
      fill(store, CHANGES, CHANGES);
      Map<String, String> all = read(store);
      RocksStoreTest.copy(running, original);
      Files.copy(watermark, original.resolve("watermark"), StandardCopyOption.REPLACE_EXISTING);
      flipThrough(original, parent, Set.of(all, allButOne));
    }
  }

  /** RocksDB would read such a manifest for ever. */
  @Test
  void aRecordOfATypeThatNoManifestHasIsTold(@TempDir Path parent) throws Exception {
    Path running = parent.resolve("running");
    Path copy = parent.resolve("copy");
    try (RocksStore store = open(running)) {
      fill(store);
      RocksStoreTest.copy(running, copy);
    }
    Path manifest =
        files(copy).stream()
            .filter(each -> each.getFileName().toString().startsWith("MANIFEST-"))
            .findFirst()
            .orElseThrow();
    byte[] bytes = Files.readAllBytes(manifest);
    int second = 7 + ((bytes[4] & 0xff) | ((bytes[5] & 0xff) << 8));
    bytes[second + 6] = 5;
    Files.write(manifest, bytes);

    assertThatThrownBy(() -> open(copy))
        .isInstanceOf(StoreDamagedException.class)
        .hasMessageContaining(
            manifest.getFileName()
                + " is damaged: the record at byte "
                + second
                + " has an impossible type");
  }

  private void flipThrough(Path original, Path parent, Set<Map<String, String>> expected)
      throws IOException {
    List<String> wrong = new ArrayList<>();
    for (Path file : files(original)) {
      for (int flip = 0; flip < FLIPS_PER_FILE; flip++) {
        Path copy = parent.resolve("copy");
        RocksStoreTest.copy(original, copy);
        long at = flip(copy.resolve(original.relativize(file)), flip);
        String outcome = outcome(copy, expected);
        if (!outcome.isEmpty()) {
          wrong.add(original.relativize(file) + " at byte " + at + ": " + outcome);
        }
        delete(copy);
      }
    }
    assertThat(wrong).as("-Dseed=%d", seed).isEmpty();
    assertThat(detected).isGreaterThan(10);
  }

  /** The first and last bytes of a file are the delicate ones, so half of the flips go there. */
  private long flip(Path file, int number) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    if (bytes.length == 0) {
      return 0;
    }
    int at =
        switch (number % 4) {
          case 0 -> random.nextInt(Math.min(bytes.length, 64));
          case 1 -> bytes.length - 1 - random.nextInt(Math.min(bytes.length, 64));
          default -> random.nextInt(bytes.length);
        };
    bytes[at] ^= (byte) (1 << random.nextInt(8));
    Files.write(file, bytes);
    return at;
  }

  private String outcome(Path copy, Set<Map<String, String>> expected) {
    try (RocksStore store = open(copy)) {
      Map<String, String> actual = read(store);
      if (!expected.contains(actual)) {
        return "the data is wrong, and no error says so";
      }
      return feedIsWrong(store) ? "the feed is wrong, and no error says so" : "";
    } catch (StoreDamagedException | StoreUnusableException e) {
      detected++;
      String message = String.valueOf(e.getMessage());
      return message.contains("/") ? "" : "names no file: " + message;
    } catch (RuntimeException e) {
      return "fails with " + e;
    }
  }

  /** Changes may be missing where the store says so; those that are there are right. */
  private boolean feedIsWrong(RocksStore store) {
    Version after = store.horizon();
    long found = 0;
    while (after.compareTo(store.latest()) < 0) {
      switch (store.read(after, 7)) {
        case FeedRead.Changes(List<Change> changes) -> {
          for (Change change : changes) {
            if (!change.version().equals(after.next()) || !isRight(change)) {
              return true;
            }
            after = after.next();
            found++;
          }
          if (changes.isEmpty()) {
            return true;
          }
        }
        case FeedRead.Trimmed(Version next) -> {
          if (next.compareTo(after) <= 0) {
            return true;
          }
          after = next;
        }
      }
    }
    return found < store.latest().number() && store.damage().isEmpty();
  }

  private boolean isRight(Change change) {
    return change.namespace().equals(NAMESPACE)
        && change.at().equals(clock.instant())
        && change.mutation() instanceof Mutation.Put put
        && put.key().equals(Key.of("key" + change.version()))
        && put.value().bytes().equals(value((int) change.version().number()));
  }

  private static Bytes value(int version) {
    byte[] value = new byte[version % 10 == 0 ? 9000 : 40];
    new Random(version).nextBytes(value);
    return Bytes.adopt(value);
  }

  private RocksStore open(Path directory) {
    return RocksStore.open(directory, limits, clock, new Random(1));
  }

  private void fill(RocksStore store) {
    fill(store, 1, CHANGES);
  }

  private void fill(RocksStore store, int first, int last) {
    for (int i = first; i <= last; i++) {
      var put =
          new Mutation.Put(Key.of("key" + i), value(i), Metadata.json("[" + i + "]"), Expiry.NEVER);
      store.commit(List.of(new Change(new Version(i), clock.instant(), NAMESPACE, put)));
    }
  }

  private static Map<String, String> read(RocksStore store) {
    Map<String, String> all = new TreeMap<>();
    all.put("", store.latest() + " of " + store.horizon());
    for (Listed listed : store.list(NAMESPACE, Listing.all(1000)).entries()) {
      if (store.get(NAMESPACE, listed.key()) instanceof Lookup.Found(Entry entry, Version _)) {
        all.put(
            listed.key().name(),
            listed.metadata() + " " + listed.version() + " " + entry.value().bytes().hex());
      }
    }
    return all;
  }

  private static List<Path> files(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> !List.of("LOG", "LOCK", "lock").contains(file.getFileName().toString()))
          .sorted()
          .toList();
    }
  }

  static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
