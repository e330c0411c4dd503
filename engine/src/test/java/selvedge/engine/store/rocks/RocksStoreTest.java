package selvedge.engine.store.rocks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import selvedge.engine.feed.Feed;
import selvedge.engine.feed.FeedRead;
import selvedge.engine.files.CheckedFile;
import selvedge.engine.store.Pending;
import selvedge.engine.store.Store;
import selvedge.engine.store.StoreContract;
import selvedge.engine.store.Upload;
import selvedge.engine.store.journal.Watermark;
import selvedge.engine.work.Threads;
import selvedge.model.Bytes;
import selvedge.model.Change;
import selvedge.model.Expiry;
import selvedge.model.Key;
import selvedge.model.Limits;
import selvedge.model.Lookup;
import selvedge.model.Metadata;
import selvedge.model.Mutation;
import selvedge.model.Profile;
import selvedge.model.StoreDamagedException;
import selvedge.model.StoreUnusableException;
import selvedge.model.Value;
import selvedge.model.Version;

public final class RocksStoreTest extends StoreContract {
  private final Path directory;
  private RocksStore store;

  public RocksStoreTest(@TempDir Path parent) {
    directory = parent.resolve("store");
    store = open(directory);
  }

  private RocksStore open(Path where) {
    return RocksStore.open(where, limits, clock, new Random(1));
  }

  @Override
  public Store store() {
    return store;
  }

  @Override
  public Feed feed() {
    return store;
  }

  private void commit(long version, String key, String value) {
    store.commit(List.of(put(version, key, Bytes.utf8(value))));
  }

  @Test
  void isEqualAfterAReopen() {
    commit(1, "a", "1");
    commit(2, "b", "x".repeat(300));
    long epoch = store.epoch();
    store.close();

    store = open(directory);

    assertThat(store.epoch()).isEqualTo(epoch);
    assertThat(store.latest()).isEqualTo(new Version(2));
    assertThat(store.get(NAMESPACE, Key.of("b"))).isInstanceOf(Lookup.Found.class);
    commit(3, "c", "3");
  }

  @Test
  void hasEveryCommittedChangeAndNoOrphanAfterACrash(@TempDir Path elsewhere) throws Exception {
    commit(1, "a", "1");
    Upload upload = store.upload();
    upload.write(random(4096));
    commit(2, "b", "2");
    Path copy = elsewhere.resolve("copy");
    copy(directory, copy);
    upload.close();

    try (RocksStore crashed = open(copy)) {
      assertThat(crashed.latest()).isEqualTo(new Version(2));
      assertThat(crashed.get(NAMESPACE, Key.of("b"))).isInstanceOf(Lookup.Found.class);
      assertThat(crashed.chunkRows()).isZero();
    }
  }

  @Test
  void showsNothingThatIsOnlyInTheJournalAndKeepsItThroughACrash(@TempDir Path elsewhere)
      throws Exception {
    Pending pending = store.begin(List.of(put(1, "a", Bytes.utf8("1"))));
    pending.await();
    assertThat(store.latest()).isEqualTo(Version.NONE);
    assertThat(store.get(NAMESPACE, Key.of("a"))).isInstanceOf(Lookup.Missing.class);
    assertThat(store.read(Version.NONE, 10)).isEqualTo(new FeedRead.Changes(List.of()));
    Path copy = elsewhere.resolve("copy");
    copy(directory, copy);

    try (RocksStore crashed = open(copy)) {
      assertThat(crashed.latest()).isEqualTo(new Version(1));
      assertThat(crashed.get(NAMESPACE, Key.of("a"))).isInstanceOf(Lookup.Found.class);
    }
    pending.finish();
    assertThat(store.latest()).isEqualTo(new Version(1));
    assertThat(store.get(NAMESPACE, Key.of("a"))).isInstanceOf(Lookup.Found.class);
  }

  @Test
  void makesDurableWhatWasBegunTogetherAndShowsItBitByBit(@TempDir Path elsewhere)
      throws Exception {
    Pending first = store.begin(List.of(put(1, "a", Bytes.utf8("1"))));
    Pending second = store.begin(List.of(large(2)));
    Pending third = store.begin(List.of(put(3, "c", Bytes.utf8("3"))));
    first.startSync();
    assertThatThrownBy(() -> store.begin(List.of(put(4, "d", Bytes.EMPTY))))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("what was begun before is on its way to the disk");
    first.await();
    Path copy = elsewhere.resolve("copy");
    copy(directory, copy);

    second.await();
    first.finish();
    assertThat(store.latest()).isEqualTo(new Version(1));
    second.finish();
    third.withdraw();
    assertThat(store.latest()).isEqualTo(new Version(2));
    commit(4, "d", "4");
    try (RocksStore crashed = open(copy)) {
      assertThat(crashed.latest()).isEqualTo(new Version(3));
    }
    assertThat(((FeedRead.Changes) store.read(Version.NONE, 10)).changes())
        .extracting(change -> change.version().number())
        .containsExactly(1L, 2L, 4L);
  }

  @Test
  void batchesOfAFailedSyncAreWithdrawnTogether() {
    Pending first = store.begin(List.of(put(1, "a", Bytes.utf8("1"))));
    Pending second = store.begin(List.of(put(2, "b", Bytes.utf8("2"))));
    second.withdraw();

    assertThatThrownBy(first::await).hasMessage("the changes were withdrawn");
    commit(3, "c", "3");
    assertThat(((FeedRead.Changes) store.read(Version.NONE, 10)).changes())
        .extracting(Change::version)
        .containsExactly(new Version(3));
  }

  @Test
  void whatIsWithdrawnHasNeverHappened(@TempDir Path elsewhere) throws Exception {
    Pending first = store.begin(List.of(put(1, "a", Bytes.utf8("1"))));
    first.await();
    Pending second = store.begin(List.of(large(2)));
    second.startSync();
    first.finish();
    second.withdraw();
    commit(3, "b", "3");
    Path copy = elsewhere.resolve("copy");
    copy(directory, copy);

    assertThatThrownBy(second::finish).isInstanceOf(IllegalStateException.class);
    try (RocksStore crashed = open(copy)) {
      assertThat(crashed.chunkRows()).isZero();
      for (RocksStore each : List.of(store, crashed)) {
        assertThat(((FeedRead.Changes) each.read(Version.NONE, 10)).changes())
            .extracting(Change::version)
            .containsExactly(new Version(1), new Version(3));
      }
    }
  }

  @Test
  void leavesNothingBehindOfAWithdrawnCommit() throws Exception {
    commit(1, "a", "1");
    store.begin(List.of(put(2, "b", Bytes.EMPTY))).await();
    store.begin(List.of(large(3))).startSync();
    store.close();

    Files.delete(directory.resolve("seal"));
    store = open(directory);
    assertThat(store.latest()).isEqualTo(new Version(1));
    assertThat(store.chunkRows()).isZero();
  }

  @Test
  void whatCannotBeBegunFailsWithWhatWouldBecomeDurableTogether() {
    Pending first = store.begin(List.of(put(1, "a", Bytes.EMPTY)));
    first.await();
    Pending second = store.begin(List.of(put(2, "b", Bytes.EMPTY)));
    var tooLong = new Mutation.Clear(Bytes.adopt(new byte[70_000]));
    assertThatThrownBy(
            () ->
                store.begin(List.of(new Change(new Version(3), Instant.EPOCH, NAMESPACE, tooLong))))
        .isInstanceOf(IllegalArgumentException.class);

    Pending third = store.begin(List.of(put(4, "d", Bytes.EMPTY)));
    assertThatThrownBy(second::await).isInstanceOf(IllegalArgumentException.class);
    first.finish();
    third.complete();
    assertThat(((FeedRead.Changes) store.read(Version.NONE, 10)).changes())
        .extracting(change -> change.version().number())
        .containsExactly(1L, 4L);
  }

  @Test
  void aWatermarkThatCannotBeWrittenKeepsNobodyFromAnAnswer() throws Exception {
    store.close();
    Files.deleteIfExists(directory.resolve("watermark"));
    Files.createSymbolicLink(directory.resolve("watermark"), Path.of("/dev/full"));
    store = open(directory);

    commit(1, "a", "1");
    assertThat(store.latest()).isEqualTo(new Version(1));
    assertThat(new Watermark(directory.resolve("watermark"), Threads.PLATFORM).found())
        .isEqualTo(Version.NONE);
  }

  @Test
  void endsBeforeAChangeThatNobodyWasToldOfAndWhoseChunksAreMissing(@TempDir Path elsewhere)
      throws Exception {
    commit(1, "a", "1");
    store.begin(List.of(large(2))).await();
    Path copy = elsewhere.resolve("copy");
    copy(directory, copy);
    Path log;
    try (Stream<Path> files = Files.list(copy.resolve("db"))) {
      log = files.filter(file -> file.toString().endsWith(".log")).sorted().toList().getLast();
    }
    try (FileChannel channel = FileChannel.open(log, StandardOpenOption.WRITE)) {
      channel.truncate(channel.size() - 10);
    }

    for (int opening = 0; opening < 2; opening++) {
      try (RocksStore crashed = open(copy)) {
        assertThat(crashed.latest()).isEqualTo(new Version(1 + opening));
        assertThat(crashed.chunkRows()).isZero();
        crashed.commit(List.of(put(2 + opening, "b", Bytes.EMPTY)));
        assertThat(crashed.read(Version.NONE, 10))
            .isInstanceOfSatisfying(
                FeedRead.Changes.class,
                read -> assertThat(read.changes()).hasSize(crashed.latest().number() == 2 ? 2 : 3));
      }
    }
  }

  @Test
  void tellsWhenTheJournalHasLostAcknowledgedChanges(@TempDir Path elsewhere) throws Exception {
    commit(1, "a", "1");
    Path copy = elsewhere.resolve("copy");
    copy(directory, copy);
    commit(2, "b", "2");
    Files.copy(
        directory.resolve("watermark"),
        copy.resolve("watermark"),
        StandardCopyOption.REPLACE_EXISTING);

    assertThatThrownBy(() -> open(copy))
        .isInstanceOf(StoreDamagedException.class)
        .hasMessageContaining("2 to 2")
        .hasMessageContaining("journal");
  }

  @Test
  void aWatermarkIsReadThoughItsProcessWasKilledWhileItWroteIt(@TempDir Path elsewhere)
      throws Exception {
    for (int version = 1; version <= 3; version++) {
      commit(version, "a", "1");
    }
    byte[] bytes = Files.readAllBytes(directory.resolve("watermark"));
    assertThat(new Watermark(elsewhere.resolve("none"), Threads.PLATFORM).found())
        .isEqualTo(Version.NONE);
    Path torn = elsewhere.resolve("torn");
    for (int place = 0; place < 2; place++) {
      byte[] copy = bytes.clone();
      copy[place * 16 + 7] ^= 64;
      Files.write(torn, copy);
      assertThat(new Watermark(torn, Threads.PLATFORM).found().number()).isBetween(2L, 3L);
      assertThat(new Watermark(torn, Threads.PLATFORM).found().number()).isBetween(2L, 3L);
    }
    bytes[7] ^= 64;
    bytes[23] ^= 64;
    Files.write(torn, bytes);
    assertThatThrownBy(() -> new Watermark(torn, Threads.PLATFORM))
        .isInstanceOf(StoreDamagedException.class)
        .hasMessage(torn + " is damaged, so it is unknown whether changes are missing");
  }

  @Test
  void refusesASecondUseOfItsDirectory() {
    assertThatThrownBy(() -> open(directory))
        .isInstanceOf(StoreUnusableException.class)
        .hasMessageContaining("in use by this process");
  }

  @Test
  void refusesAFormatItDoesNotKnow() {
    store.close();
    new CheckedFile(directory.resolve("format")).write("selvedge store 999\n");

    assertThatThrownBy(() -> open(directory))
        .isInstanceOf(StoreUnusableException.class)
        .hasMessageContaining("selvedge store 999");

    new CheckedFile(directory.resolve("format")).write("selvedge store 3\n");
    store = open(directory);
  }

  @Test
  void refusesADirectoryThatIsSomethingElse(@TempDir Path other) throws Exception {
    Files.writeString(other.resolve("letter.txt"), "dear all");

    assertThatThrownBy(() -> open(other))
        .isInstanceOf(StoreUnusableException.class)
        .hasMessageContaining("letter.txt");
  }

  @Test
  void freesReplacedLargeValuesOnceTheFeedIsPastThem() {
    store.commit(List.of(large(1)));
    store.commit(List.of(large(2)));
    long before = store.chunkRows();

    clock.advance(Duration.ofDays(2));
    commit(3, "other", "");
    while (store.trim(Duration.ofHours(1), Long.MAX_VALUE, clock.instant())) {}
    clock.advance(Duration.ofDays(2));
    commit(4, "other", "");
    while (store.trim(Duration.ofHours(1), Long.MAX_VALUE, clock.instant())) {}

    assertThat(before).isEqualTo(26);
    assertThat(store.chunkRows()).isEqualTo(13);
    assertThat(store.get(NAMESPACE, Key.of("big"))).isInstanceOf(Lookup.Found.class);
  }

  /** Otherwise the feed would be kept until the wrong time has come. */
  @Test
  void trimsTheFeedByAgeAlsoIfTheClockWasWrongForAMoment() {
    clock.advance(Duration.ofDays(3650));
    commit(1, "of the future", "");
    clock.advance(Duration.ofDays(-3650));
    for (int version = 2; version < 5; version++) {
      commit(version, "key", "");
      clock.advance(Duration.ofDays(1));
    }

    while (store.trim(Duration.ofHours(36), Long.MAX_VALUE, clock.instant())) {}

    assertThat(store.horizon()).isEqualTo(new Version(3));
  }

  @Test
  void freesALargeValueThatIsReplacedAfterAReopen() {
    store.commit(List.of(large(1)));
    store.close();
    store = open(directory);
    commit(2, "big", "small");

    for (int version = 3; version < 5; version++) {
      clock.advance(Duration.ofDays(2));
      commit(version, "other", "");
      while (store.trim(Duration.ofHours(1), Long.MAX_VALUE, clock.instant())) {}
    }

    assertThat(store.chunkRows()).isZero();
  }

  @Test
  void givesTheFilesOfTheFeedBack(@TempDir Path parent) throws Exception {
    Path other = parent.resolve("store");
    try (var opened = RocksStore.open(other, Limits.of(Profile.OPEN), clock, new Random(1))) {
      for (int change = 1; change <= 1000; change++) {
        opened.commit(List.of(put(change, "key", random(50_000))));
      }
      long before = journalBytes(other);
      clock.advance(Duration.ofDays(2));
      opened.commit(List.of(put(1001, "key", random(50_000))));
      while (opened.trim(Duration.ofHours(1), Long.MAX_VALUE, clock.instant())) {}

      assertThat(before).isGreaterThan(50_000_000);
      assertThat(journalBytes(other)).isLessThan(40_000_000);
      assertThat(opened.read(new Version(50), 10)).isInstanceOf(FeedRead.Trimmed.class);
      assertThat(opened.read(opened.horizon(), 10)).isInstanceOf(FeedRead.Changes.class);
    }
  }

  private Change put(long version, String key, Value value) {
    return new Change(
        new Version(version),
        clock.instant(),
        NAMESPACE,
        new Mutation.Put(Key.of(key), value, Metadata.NONE, Expiry.NEVER));
  }

  private static long journalBytes(Path where) throws IOException {
    try (Stream<Path> files = Files.list(where.resolve("journal"))) {
      return files.mapToLong(file -> file.toFile().length()).sum();
    }
  }

  private Change large(long version) {
    return put(version, "big", upload(random(50_000)));
  }

  public static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(from.relativize(file)));
      }
    }
  }
}
