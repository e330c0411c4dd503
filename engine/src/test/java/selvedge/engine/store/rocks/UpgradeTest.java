package selvedge.engine.store.rocks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import selvedge.engine.feed.FeedRead;
import selvedge.model.Bytes;
import selvedge.model.Change;
import selvedge.model.Expiry;
import selvedge.model.Key;
import selvedge.model.Limit;
import selvedge.model.Limits;
import selvedge.model.Lookup;
import selvedge.model.Metadata;
import selvedge.model.Mutation;
import selvedge.model.NamespaceId;
import selvedge.model.Profile;
import selvedge.model.Version;

/**
 * A store of each form that an earlier commit wrote opens, and becomes one of this format: form 2
 * by the commit 4ed4e10b, and form 3 by the commit d3615707.
 *
 * <p>It was copied while it was open, after 72 changes in two openings: puts of the keys 1 to 30
 * and 21 to 60, of which every tenth is chunked, a delete of key 7, and a clear of all that begins
 * with {@code key2}. The second opening is in the journal only.
 */
final class UpgradeTest {
  private static final NamespaceId NAMESPACE = new NamespaceId("77".repeat(16));
  private static final Version LAST = new Version(72);

  private final Limits limits =
      Limits.of(Profile.OPEN).with(Limit.INLINE_BYTES, 64).with(Limit.CHUNK_BYTES, 4096);
  private final InstantSource clock = InstantSource.fixed(Instant.parse("2026-01-01T00:00:00Z"));
  @TempDir Path parent;

  private Path unpack(int form) throws IOException {
    Path directory = parent.resolve("old");
    String name = "format-" + form + ".zip";
    try (InputStream in = UpgradeTest.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new UncheckedIOException(new IOException(name + " is missing"));
      }
      var zip = new ZipInputStream(in);
      for (ZipEntry each = zip.getNextEntry(); each != null; each = zip.getNextEntry()) {
        Path file = directory.resolve(each.getName());
        Files.createDirectories(file.getParent());
        Files.copy(zip, file);
      }
    }
    return directory;
  }

  private RocksStore open(Path directory) {
    return RocksStore.open(directory, limits, clock, new Random(1));
  }

  private static void requireAll(RocksStore store, Version latest) {
    assertThat(store.latest()).isEqualTo(latest);
    for (int i = 1; i <= 60; i++) {
      Lookup lookup = store.get(NAMESPACE, Key.of("key" + i));
      if (i == 2 || i == 7 || i / 10 == 2) {
        assertThat(lookup).as("key%d", i).isInstanceOf(Lookup.Missing.class);
      } else {
        byte[] value = new byte[i % 10 == 0 ? 9000 : 40];
        new Random(i).nextBytes(value);
        assertThat(lookup)
            .as("key%d", i)
            .isInstanceOfSatisfying(
                Lookup.Found.class,
                found -> assertThat(found.entry().value().bytes()).isEqualTo(Bytes.adopt(value)));
      }
    }
    assertThat(store.read(Version.NONE, 1000))
        .isInstanceOfSatisfying(
            FeedRead.Changes.class,
            read -> assertThat(read.changes()).hasSize((int) latest.number()));
  }

  private void commit(RocksStore store, long version) {
    var put = new Mutation.Put(Key.of("new" + version), Bytes.EMPTY, Metadata.NONE, Expiry.NEVER);
    store.commit(List.of(new Change(new Version(version), clock.instant(), NAMESPACE, put)));
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void opensAndGoesOnInTheNewFormat(int form) throws IOException {
    Path old = unpack(form);
    assertThat(Files.readString(old.resolve("format"))).startsWith("selvedge store " + form);
    try (RocksStore store = open(old)) {
      requireAll(store, LAST);
      commit(store, 73);
      requireAll(store, new Version(73));
    }
    assertThat(Files.readString(old.resolve("format"))).startsWith("selvedge store 3\n");

    try (RocksStore store = open(old)) {
      requireAll(store, new Version(73));
      assertThat(store.get(NAMESPACE, Key.of("new73"))).isInstanceOf(Lookup.Found.class);
    }
  }

  @Test
  void survivesAKillBeforeAndAfterTheFormatIsReplaced() throws IOException {
    Path old = unpack(2);
    String format = Files.readString(old.resolve("format"));
    Files.writeString(old.resolve("format.new"), "selvedge st");
    Path after = parent.resolve("after");
    Path later = parent.resolve("later");

    try (RocksStore store = open(old)) {
      RocksStoreTest.copy(old, after);
      commit(store, 73);
      RocksStoreTest.copy(old, later);
    }
    assertThat(format).startsWith("selvedge store 2\n");

    try (RocksStore store = open(after)) {
      requireAll(store, LAST);
      commit(store, 73);
      requireAll(store, new Version(73));
    }
    try (RocksStore store = open(later)) {
      requireAll(store, new Version(73));
    }
  }
}
