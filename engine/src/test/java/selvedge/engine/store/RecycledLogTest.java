package selvedge.engine.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import selvedge.model.Bytes;
import selvedge.model.Change;
import selvedge.model.Entry;
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

/** A store so far on that a log is written over an older one, of which something is behind it. */
final class RecycledLogTest {
  private static final NamespaceId NAMESPACE = new NamespaceId("77".repeat(16));
  private static final int VALUE_BYTES = 30_000;
  private static final int BATCH = 100;
  private static final int FLIPS = Integer.getInteger("flips", 8);

  private final long seed = Long.getLong("seed", new Random().nextLong());
  private final Random random = new Random(seed);
  private final Limits limits = Limits.of(Profile.OPEN);
  private final InstantSource clock = InstantSource.fixed(Instant.parse("2026-01-01T00:00:00Z"));

  /** The names that a log's file has had. */
  private final Map<Object, String> names = new HashMap<>();

  private long last;

  private RocksStore open(Path directory) {
    return RocksStore.open(directory, limits, clock, new Random(1));
  }

  @Test
  void nothingIsMissingAfterACrashAndDamageIsTold(@TempDir Path parent) throws IOException {
    Path running = parent.resolve("running");
    Path crashed = parent.resolve("crashed");
    try (RocksStore store = open(running)) {
      while (!isRecycled(running)) {
        commit(store);
      }
      commit(store);
      RocksStoreTest.copy(running, crashed);
    }

    Path copy = parent.resolve("copy");
    RocksStoreTest.copy(crashed, copy);
    assertThat(open(copy, "nothing")).as("-Dseed=%d", seed).isEqualTo("whole");
    for (int i = 0; i < FLIPS; i++) {
      FlippedBitTest.delete(copy);
      RocksStoreTest.copy(crashed, copy);
      String where = flip(copy);
      assertThat(open(copy, where)).as("-Dseed=%d, %s", seed, where).isIn("told", "whole");
    }
  }

  private boolean isRecycled(Path directory) throws IOException {
    boolean recycled = false;
    for (Path log : logs(directory)) {
      Object file = Files.readAttributes(log, "fileKey").get("fileKey");
      String before = names.putIfAbsent(file, log.getFileName().toString());
      recycled |= before != null && !before.equals(log.getFileName().toString());
    }
    return recycled;
  }

  private static List<Path> logs(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.filter(file -> file.toString().endsWith(".log")).sorted().toList();
    }
  }

  private void commit(RocksStore store) {
    List<Change> changes = new ArrayList<>();
    for (int i = 0; i < BATCH; i++) {
      last++;
      var put = new Mutation.Put(key(last), value(last), Metadata.NONE, Expiry.NEVER);
      changes.add(new Change(new Version(last), clock.instant(), NAMESPACE, put));
    }
    store.commit(changes);
  }

  private static Key key(long number) {
    return Key.of("key " + number);
  }

  private static Bytes value(long number) {
    byte[] value = new byte[VALUE_BYTES];
    new Random(number).nextBytes(value);
    return Bytes.adopt(value);
  }

  private String flip(Path copy) throws IOException {
    List<Path> logs = logs(copy);
    Path log = logs.get(random.nextInt(logs.size()));
    byte[] bytes = Files.readAllBytes(log);
    int at = random.nextInt(bytes.length);
    bytes[at] ^= (byte) (1 << random.nextInt(8));
    Files.write(log, bytes);
    return "byte " + at + " of " + copy.relativize(log);
  }

  /** What a store is like: whole, damaged as it says itself, or wrong. */
  private String open(Path directory, String damaged) {
    try (RocksStore store = open(directory)) {
      if (store.latest().number() != last) {
        return "with " + damaged + " damaged it ends with " + store.latest();
      }
      for (long number = 1; number <= last; number++) {
        boolean there =
            store.get(NAMESPACE, key(number)) instanceof Lookup.Found(Entry entry, Version _)
                && entry.value().bytes().equals(value(number));
        if (!there) {
          return "with " + damaged + " damaged it has no " + number;
        }
      }
      return "whole";
    } catch (StoreDamagedException e) {
      return "told";
    }
  }
}
