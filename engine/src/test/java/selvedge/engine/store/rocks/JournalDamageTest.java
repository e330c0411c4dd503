package selvedge.engine.store.rocks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import selvedge.engine.feed.FeedRead;
import selvedge.engine.store.Pending;
import selvedge.engine.store.journal.JournalScan;
import selvedge.engine.store.journal.Watermark;
import selvedge.engine.store.row.FeedRow;
import selvedge.engine.store.row.JournalRow;
import selvedge.engine.work.Threads;
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
import selvedge.model.StoreDamagedException;
import selvedge.model.Version;

/**
 * What a power cut leaves, with a bit flipped besides: the watermark is as old as its last sync,
 * and acknowledged changes are there or reported as damaged.
 */
final class JournalDamageTest {
  private static final NamespaceId NAMESPACE = new NamespaceId("77".repeat(16));
  private static final int CHANGES = 20;

  private final Limits limits =
      Limits.of(Profile.OPEN).with(Limit.INLINE_BYTES, 64).with(Limit.CHUNK_BYTES, 4096);
  private final InstantSource clock = InstantSource.fixed(Instant.parse("2026-01-01T00:00:00Z"));
  private final Path running;
  private final Path crashed;
  private final Path watermark;
  private RocksStore store;

  JournalDamageTest(@TempDir Path parent) {
    running = parent.resolve("running");
    crashed = parent.resolve("crashed");
    watermark = parent.resolve("watermark");
  }

  @BeforeEach
  void open() throws IOException {
    store = open(running);
    commit(1, new byte[40]);
    Files.copy(running.resolve("watermark"), watermark);
  }

  @AfterEach
  void close() {
    store.close();
  }

  private RocksStore open(Path directory) {
    return RocksStore.open(directory, limits, clock, new Random(1));
  }

  private void commit(long version, byte[] value) {
    store.commit(List.of(put(version, value)));
  }

  private Change put(long version, byte[] value) {
    var put =
        new Mutation.Put(Key.of("key" + version), Bytes.copyOf(value), Metadata.NONE, Expiry.NEVER);
    return new Change(new Version(version), clock.instant(), NAMESPACE, put);
  }

  private void commitAll(int bytes) {
    for (int version = 2; version <= CHANGES; version++) {
      byte[] value = new byte[bytes];
      new Random(version).nextBytes(value);
      commit(version, value);
    }
  }

  /** Leaves in the copy what a power cut leaves at worst. */
  private Path cutPower() throws IOException {
    RocksStoreTest.copy(running, crashed);
    Files.copy(watermark, crashed.resolve("watermark"), StandardCopyOption.REPLACE_EXISTING);
    return crashed.resolve("journal").resolve("0000000001.journal");
  }

  /** Returns where the name of the key of that version is in the file. */
  private static int find(Path file, String name) throws IOException {
    String text = Files.readString(file, StandardCharsets.ISO_8859_1);
    assertThat(text).contains(name);
    return text.indexOf(name);
  }

  private static void flip(Path file, long at) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      ByteBuffer one = ByteBuffer.allocate(1);
      channel.read(one, at);
      channel.write(one.put(0, (byte) (one.get(0) ^ 1)).flip(), at);
    }
  }

  @Test
  void aFlippedBitBelowALaterBatchIsReportedWithFileAndOffset() throws IOException {
    commitAll(40);
    Path file = cutPower();
    flip(file, find(file, "key10") + 1);

    assertThatThrownBy(() -> open(crashed))
        .isInstanceOf(StoreDamagedException.class)
        .hasMessageMatching(file + " is damaged: the batch at byte \\d+ .*");
  }

  @Test
  void damageInTheLogOfTheDatabaseDoesNotCutTheJournal() throws IOException {
    commitAll(9000);
    cutPower();
    Path log;
    try (Stream<Path> files = Files.list(crashed.resolve("db"))) {
      log = files.filter(file -> file.toString().endsWith(".log")).sorted().toList().getLast();
    }
    flip(log, Files.size(log) / 2);

    assertThatThrownBy(() -> open(crashed))
        .isInstanceOf(StoreDamagedException.class)
        .hasMessageContaining(crashed.resolve("db").toString())
        .hasMessageContaining("chunks");
  }

  @Test
  void aTornLastBatchIsNoDamage() throws IOException {
    commitAll(40);
    Path file = cutPower();
    flip(file, find(file, "key" + CHANGES) + 1);

    try (RocksStore opened = open(crashed)) {
      assertThat(opened.latest()).isEqualTo(new Version(CHANGES - 1));
      assertThat(opened.get(NAMESPACE, Key.of("key19"))).isInstanceOf(Lookup.Found.class);
    }
  }

  @Test
  void batchesThatWereSyncedTogetherDoNotProveOneAnother() throws IOException {
    commitAll(40);
    Pending first = store.begin(List.of(put(CHANGES + 1, new byte[40])));
    Pending second = store.begin(List.of(put(CHANGES + 2, new byte[40])));
    first.await();
    second.await();
    Path file = cutPower();
    flip(file, find(file, "key" + (CHANGES + 1)) + 1);

    try (RocksStore opened = open(crashed)) {
      assertThat(opened.latest()).isEqualTo(new Version(CHANGES));
    }
    first.finish();
    second.finish();
  }

  @Test
  void zerosBehindTheLastBatchAreNoDamage() throws IOException {
    commitAll(40);
    Path file = cutPower();
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(find(file, "key" + CHANGES));
      channel.write(ByteBuffer.allocate(1 << 20), channel.size());
    }

    for (int opening = 0; opening < 2; opening++) {
      try (RocksStore opened = open(crashed)) {
        assertThat(opened.latest()).isEqualTo(new Version(CHANGES - 1));
      }
      Files.delete(crashed.resolve("seal"));
    }
  }

  /** The attacker does not know the mark of the file, but all else. */
  @Test
  void aValueThatLooksLikeABatchProvesNothing() throws IOException {
    commitAll(40);
    JournalRow row =
        new JournalRow(
            new Version(CHANGES + 100),
            new FeedRow(clock.instant(), NAMESPACE, new FeedRow.Action.Delete(Key.of("x"))));
    ByteBuffer forged = ByteBuffer.allocate(JournalScan.HEADER_BYTES + row.size());
    JournalScan.pack(
        forged, 0, new Version(CHANGES + 99), 0, new Version(CHANGES + 99), List.of(row));
    store.commit(List.of(put(CHANGES + 1, forged.array())));
    Path file = cutPower();
    flip(file, find(file, "key" + (CHANGES + 1)) + 1);

    try (RocksStore opened = open(crashed)) {
      assertThat(opened.latest()).isEqualTo(new Version(CHANGES));
    }
  }

  @Test
  void theWatermarkIsSyncedWhileTheStoreIsIdle() throws Exception {
    Watermark own = new Watermark(crashed, Threads.PLATFORM);
    own.write(new Version(1));

    while (!own.isSynced()) {
      Thread.onSpinWait();
    }
    own.close();

    assertThat(new Watermark(crashed, Threads.PLATFORM).found()).isEqualTo(new Version(1));
  }

  @Test
  void aFlippedBitInTheRetainedFeedAffectsOnlyReadersThatNeedIt() throws IOException {
    commitAll(40);
    store.close();
    Path file = running.resolve("journal").resolve("0000000001.journal");
    flip(file, find(file, "key10") + 1);
    store = open(running);

    assertThat(versions(Version.NONE)).isEqualTo(LongStream.rangeClosed(1, 9).boxed().toList());
    assertThat(store.read(new Version(9), 100)).isEqualTo(new FeedRead.Trimmed(new Version(10)));
    commit(CHANGES + 1, new byte[40]);
    assertThat(versions(new Version(10)))
        .isEqualTo(LongStream.rangeClosed(11, CHANGES + 1).boxed().toList());
    assertThat(store.damage()).hasSize(1).first().asString().contains(file + " is damaged at byte");
  }

  /** A crash does not make it worse: the tables have what the feed has lost. */
  @Test
  void aStoreWithADamagedFeedOpensAfterACrash() throws IOException {
    commitAll(40);
    store.close();
    store = open(running);
    Path file = cutPower();
    flip(file, find(file, "key10") + 1);

    try (RocksStore opened = open(crashed)) {
      assertThat(opened.latest()).isEqualTo(new Version(CHANGES));
      assertThat(opened.read(new Version(9), 100)).isEqualTo(new FeedRead.Trimmed(new Version(10)));
      assertThat(opened.damage()).hasSize(1);
    }
  }

  private List<Long> versions(Version after) {
    return store.read(after, 100) instanceof FeedRead.Changes(List<Change> changes)
        ? changes.stream().map(change -> change.version().number()).toList()
        : List.of();
  }
}
