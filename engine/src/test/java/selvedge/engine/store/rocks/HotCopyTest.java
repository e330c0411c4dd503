package selvedge.engine.store.rocks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
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

/** Copies of a directory that were made file by file while the store was changing. */
final class HotCopyTest {
  private static final NamespaceId NAMESPACE = new NamespaceId("77".repeat(16));
  private static final int CHANGES = 50;

  private final Limits limits = Limits.of(Profile.OPEN);
  private final InstantSource clock = InstantSource.fixed(Instant.parse("2026-01-01T00:00:00Z"));
  private final Path running;
  private final Path copy;
  private RocksStore store;
  private long latest;

  HotCopyTest(@TempDir Path parent) {
    running = parent.resolve("running");
    copy = parent.resolve("copy");
  }

  @BeforeEach
  void open() {
    store = open(running);
    change();
  }

  @AfterEach
  void close() {
    store.close();
  }

  private RocksStore open(Path directory) {
    return RocksStore.open(directory, limits, clock, new Random(1));
  }

  /** Makes some changes, and moves them to new files. */
  private void change() {
    List<Change> changes = new ArrayList<>();
    for (int i = 0; i < CHANGES; i++) {
      byte[] value = new byte[2000];
      new Random(latest).nextBytes(value);
      var put =
          new Mutation.Put(Key.of("key" + latest), Bytes.adopt(value), Metadata.NONE, Expiry.NEVER);
      changes.add(new Change(new Version(++latest), clock.instant(), NAMESPACE, put));
    }
    store.commit(changes);
    store.compact();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "db journal watermark",
        "db watermark journal",
        "journal db watermark",
        "journal watermark db",
        "watermark db journal",
        "watermark journal db"
      })
  void opensWithAllItsChangesOrIsNamedAsACopy(String order) throws IOException {
    for (String part : order.split(" ", -1)) {
      copy(part);
      change();
    }
    for (String part : names(running)) {
      copy(part);
    }

    try (RocksStore opened = open(copy)) {
      for (long i = 0; i < opened.latest().number(); i++) {
        assertThat(opened.get(NAMESPACE, Key.of("key" + i))).isInstanceOf(Lookup.Found.class);
      }
    } catch (StoreDamagedException e) {
      assertThat(e).hasMessageContaining("copied from a running server");
    }
  }

  /** Copies what the copy lacks of a file or of a directory. */
  private void copy(String part) throws IOException {
    try (Stream<Path> files = Files.walk(running.resolve(part))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path target = copy.resolve(running.relativize(file));
        Files.createDirectories(target.resolveSibling(""));
        if (!Files.exists(target)) {
          Files.copy(file, target);
        }
      }
    }
  }

  private static List<String> names(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }
}
