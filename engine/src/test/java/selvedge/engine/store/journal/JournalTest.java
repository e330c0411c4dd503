package selvedge.engine.store.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import selvedge.engine.store.row.FeedRow;
import selvedge.engine.store.row.JournalRow;
import selvedge.engine.store.row.Stored;
import selvedge.engine.work.Threads;
import selvedge.model.Bytes;
import selvedge.model.Expiry;
import selvedge.model.Key;
import selvedge.model.Metadata;
import selvedge.model.NamespaceId;
import selvedge.model.StoreDamagedException;
import selvedge.model.Version;

final class JournalTest {
  private static final int LARGE = 5_000_000;
  private static final int FILE_BYTES = 16 << 20;

  private final long seed = Long.getLong("seed", new Random().nextLong());
  private final Random random = new Random(seed);
  private final Path directory;
  private Journal journal;
  private long last;

  JournalTest(@TempDir Path directory) {
    this.directory = directory;
    this.journal = open(1, Version.NONE);
  }

  private void reopen() {
    journal.close();
    journal = open(2, Version.NONE);
  }

  @AfterEach
  void close() {
    journal.close();
  }

  /** Appends a batch of so many rows of so many bytes. */
  private Journal.Place append(int rows, int bytes) {
    Journal.Place place = begin(rows, bytes);
    journal.sync();
    return place;
  }

  /** Likewise, without a sync. */
  private Journal.Place begin(int rows, int bytes) {
    var after = new Version(last);
    List<JournalRow> batch = new ArrayList<>();
    for (int i = 0; i < rows; i++) {
      last++;
      batch.add(new JournalRow(new Version(last), put(bytes)));
    }
    return journal.append(after, batch);
  }

  private FeedRow put(int bytes) {
    byte[] value = new byte[bytes];
    new Random(last).nextBytes(value);
    var put =
        new FeedRow.Action.Put(
            Key.of("key"), Expiry.NEVER, Metadata.NONE, new Stored.Inline(Bytes.adopt(value)));
    return new FeedRow(Instant.EPOCH, NamespaceId.SYSTEM, put);
  }

  private Journal open(long opening, Version horizon) {
    return new Journal(
        directory, horizon, opening, 16 + opening, Threads.PLATFORM, Journal.FILE_BYTES);
  }

  private static List<Long> numbers(List<JournalRow> rows) {
    return rows.stream().map(row -> row.version().number()).toList();
  }

  private static List<Long> fromTo(long first, long last) {
    return LongStream.rangeClosed(first, last).boxed().toList();
  }

  private List<Long> replayed(long after) {
    List<Long> numbers = new ArrayList<>();
    journal.replay(
        new Version(after),
        Version.NONE,
        new JournalReplay.Taker() {
          @Override
          public boolean take(List<JournalRow> commit) {
            return numbers.addAll(numbers(commit));
          }

          @Override
          public String lacking() {
            return "nothing is missing";
          }
        });
    return numbers;
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(file -> !file.endsWith("spare")).sorted().toList();
    }
  }

  private static void flip(Path file, long at) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[(int) at] ^= 1;
    Files.write(file, bytes);
  }

  @Test
  void readsWhatWasAppendedInHoweverManyFiles() throws IOException {
    while (files().size() < 3) {
      append(1 + random.nextInt(3), random.nextInt(LARGE));
    }
    for (Journal each : List.of(journal, open(2, Version.NONE))) {
      for (long after = 0; after < last; after++) {
        assertThat(numbers(each.read(new Version(after), new Version(last), 1000)))
            .as("-Dseed=%d", seed)
            .isEqualTo(fromTo(after + 1, last));
      }
      assertThat(numbers(each.read(Version.NONE, new Version(last - 1), 2)))
          .isEqualTo(fromTo(1, 2));
    }
  }

  @Test
  void endsWithTheLastWholeBatchWhereverItBreaksOff() throws IOException {
    List<Long> ends = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      ends.add(append(1, 1 + random.nextInt(9000)).position());
    }
    Path file = files().getFirst();

    for (int i = 0; i < 20; i++) {
      long cut = ends.getFirst() + random.nextLong(ends.getLast() - ends.getFirst());
      truncate(file, cut);
      reopen();
      long whole = ends.stream().filter(end -> end <= cut).count() - 1;
      assertThat(replayed(0)).as("-Dseed=%d, cut at %d", seed, cut).isEqualTo(fromTo(1, whole));
      ends.removeIf(end -> end > cut);
      if (ends.size() < 2) {
        return;
      }
    }
  }

  private static void truncate(Path file, long size) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(size);
    }
  }

  @Test
  void aCommitInPartsIsAtomic() throws IOException {
    append(1, 100);
    long start = append(40, 200_000).position();
    long end = append(1, 100).position();
    assertThat(replayed(0)).isEqualTo(fromTo(1, 42));
    assertThat(numbers(journal.read(new Version(20), new Version(42), 3)))
        .isEqualTo(fromTo(21, 23));

    for (long cut : new long[] {end, end - 1, start + random.nextLong(end - start), start}) {
      truncate(files().getFirst(), cut);
      reopen();
      assertThat(replayed(0))
          .as("-Dseed=%d, cut at %d", seed, cut)
          .isEqualTo(fromTo(1, cut == end ? 41 : 1));
    }
  }

  @Test
  void tellsDamageInAFileThatIsNotTheLast() throws IOException {
    append(1, LARGE);
    Journal.Place second = append(1, LARGE);
    while (files().size() < 2) {
      append(1, LARGE);
    }
    Path first = files().getFirst();
    flip(first, LARGE + 2000);
    reopen();

    String message = first + " is damaged: the batch at byte " + second.position();
    assertThatThrownBy(() -> replayed(0))
        .isInstanceOf(StoreDamagedException.class)
        .hasMessageContaining(message);
    assertThat(numbers(journal.read(Version.NONE, new Version(last), 10))).isEqualTo(List.of(1L));
    assertThat(journal.read(new Version(1), new Version(last), 10)).isEmpty();
    assertThat(journal.gap(new Version(1))).contains(new Version(2));
    assertThat(numbers(journal.read(new Version(2), new Version(last), 10)))
        .isEqualTo(fromTo(3, last));
    assertThat(journal.damage(Version.NONE))
        .containsExactly(
            first + " is damaged at byte " + second.position() + ": changes 2 to 2 cannot be read");
  }

  @Test
  void tellsThatAFileIsMissing() throws IOException {
    while (files().size() < 3) {
      append(1, LARGE);
    }
    Path second = files().get(1);
    Files.delete(second);

    assertThatThrownBy(() -> open(2, Version.NONE))
        .isInstanceOf(StoreDamagedException.class)
        .hasMessage(second + " is missing");
  }

  @Test
  void aFileThatAPowerCutBringsBackAfterACutIsDeletedAgain() throws IOException {
    while (files().size() < 4) {
      append(1, LARGE);
    }
    Path first = files().getFirst();
    byte[] bytes = Files.readAllBytes(first);
    long kept = journal.files().get(2).after().number();
    journal.cut(new Version(kept));
    Files.write(first, bytes);
    assertThatThrownBy(() -> open(2, Version.NONE)).hasMessageContaining("is missing");

    journal = open(2, new Version(kept));

    assertThat(first).doesNotExist();
    assertThat(journal.start(Version.NONE)).isEqualTo(new Version(kept));
    assertThat(replayed(kept)).isEqualTo(fromTo(kept + 1, last));
  }

  @Test
  void aFileThatACrashHasLeftWithoutAHeaderIsNone() throws IOException {
    append(2, 100);
    for (int bytes : new int[] {0, 10, 4096}) {
      Path next = directory.resolve("0000000002.journal");
      Files.write(next, new byte[bytes]);
      reopen();
      assertThat(replayed(0)).isEqualTo(fromTo(1, 2));
      assertThat(next).doesNotExist();
    }
    append(1, 100);
    reopen();
    assertThat(replayed(0)).isEqualTo(fromTo(1, 3));
  }

  @Test
  void goesOnInAFileThatWasPrepared() throws IOException {
    append(1, 2 * LARGE);
    while (!journal.isPrepared()) {
      Thread.onSpinWait();
    }
    append(1, 2 * LARGE);
    assertThat(files()).hasSize(2);
    long before = Files.size(files().getLast());
    append(1, 100);

    assertThat(before).isEqualTo(FILE_BYTES);
    assertThat(Files.size(files().getLast())).isEqualTo(before);
    assertThat(replayed(0)).isEqualTo(fromTo(1, 3));
    assertThat(numbers(journal.read(Version.NONE, new Version(last), 10))).isEqualTo(fromTo(1, 3));
  }

  @Test
  void whatWasPreparedAndNotNeededGoes() throws IOException {
    append(1, 2 * LARGE);
    Journal.Place end = begin(1, 100);
    journal.sync();
    journal.close();
    assertThat(files()).hasSize(1);
    assertThat(directory.resolve("spare")).doesNotExist();
    assertThat(Files.size(files().getFirst()))
        .isBetween(end.position() + 100, end.position() + 250);

    Files.write(directory.resolve("spare"), new byte[FILE_BYTES]);
    reopen();
    assertThat(directory.resolve("spare")).doesNotExist();
    assertThat(replayed(0)).isEqualTo(fromTo(1, 2));
  }

  @Test
  void tellsADamagedHeader() throws IOException {
    append(1, 100);
    Path file = files().getFirst();
    flip(file, random.nextInt(JournalFile.HEADER_BYTES));

    assertThatThrownBy(this::reopen)
        .isInstanceOf(StoreDamagedException.class)
        .hasMessage(file + " is damaged: its header is not what was written");
  }

  @Test
  void takesBackWhatWasBegunInAnotherFileToo() throws IOException {
    append(3, 100);
    Journal.Place place = append(1, 100);
    while (files().size() < 2) {
      append(1, LARGE);
    }

    journal.rollBack(place, new IllegalStateException("rolled back"));
    last = 3;
    append(2, 200);

    assertThat(files()).hasSize(1);
    assertThat(numbers(journal.read(Version.NONE, new Version(5), 10))).isEqualTo(fromTo(1, 5));
    reopen();
    assertThat(replayed(0)).isEqualTo(fromTo(1, 5));
    assertThat(numbers(journal.read(new Version(1), new Version(5), 10))).isEqualTo(fromTo(2, 5));
  }

  @Test
  void oneSyncIsForAllThatWasAppendedInOneFile() throws IOException {
    for (int round = 0; round < 20; round++) {
      int before = files().size();
      begin(1 + random.nextInt(3), random.nextInt(LARGE));
      int after = files().size();
      for (int i = random.nextInt(20); i > 0; i--) {
        begin(1 + random.nextInt(3), random.nextInt(random.nextBoolean() ? 9000 : LARGE / 4));
      }
      assertThat(files()).hasSize(after).hasSizeBetween(before, before + 1);
      journal.sync();
    }

    assertThat(numbers(journal.read(Version.NONE, new Version(last), 1000)))
        .as("-Dseed=%d", seed)
        .isEqualTo(fromTo(1, last));
    reopen();
    assertThat(replayed(0)).as("-Dseed=%d", seed).isEqualTo(fromTo(1, last));
  }

  @Test
  void takesBackWhatWasNeverSynced() {
    append(3, 100);
    Journal.Place place = begin(1, 100);
    begin(2, LARGE);

    journal.rollBack(place, new IllegalStateException("rolled back"));
    last = 3;
    append(2, 200);

    reopen();
    assertThat(replayed(0)).isEqualTo(fromTo(1, 5));
  }

  @Test
  void leavesNothingBehindThatWasNeverSynced() {
    append(3, 100);
    begin(1, 100);
    begin(2, LARGE);

    reopen();
    assertThat(replayed(0)).isEqualTo(fromTo(1, 3));
  }

  @Test
  void goesOnWhereNoFileCanBePrepared() throws IOException {
    Files.createDirectories(directory.resolve("spare").resolve("full"));
    append(1, 2 * LARGE);
    while (!journal.isPrepared()) {
      Thread.onSpinWait();
    }
    append(1, 2 * LARGE);
    assertThat(files()).hasSize(2);
    assertThat(numbers(journal.read(Version.NONE, new Version(last), 10))).isEqualTo(fromTo(1, 2));
  }

  @Test
  void aSyncFailsIfAnyCommitBeforeItHas() {
    append(1, 100);
    begin(1, 100);
    var tooLong = new FeedRow.Action.Clear(Bytes.adopt(new byte[70_000]));
    var change = new FeedRow(Instant.EPOCH, NamespaceId.SYSTEM, tooLong);
    List<JournalRow> rows = List.of(new JournalRow(new Version(3), change));
    assertThatThrownBy(() -> journal.append(new Version(2), rows))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(journal::sync).isInstanceOf(IllegalArgumentException.class);

    last = 1;
    append(2, 100);
    reopen();
    assertThat(replayed(0)).isEqualTo(fromTo(1, 3));
  }

  @Test
  void aCommitThatFailsHalfWayLeavesNothingBehind() {
    List<JournalRow> rows = new ArrayList<>();
    for (int version = 1; version <= 12; version++) {
      rows.add(new JournalRow(new Version(version), put(200_000)));
    }
    var tooLong = new FeedRow.Action.Clear(Bytes.adopt(new byte[70_000]));
    var change = new FeedRow(Instant.EPOCH, NamespaceId.SYSTEM, tooLong);
    rows.add(new JournalRow(new Version(13), change));
    assertThatThrownBy(() -> journal.append(Version.NONE, rows))
        .isInstanceOf(IllegalArgumentException.class);

    append(2, 100);
    assertThat(replayed(0)).isEqualTo(fromTo(1, 2));
    reopen();
    assertThat(replayed(0)).isEqualTo(fromTo(1, 2));
  }

  @Test
  void doesNotMindThatItsWriterIsInterrupted() throws IOException {
    while (files().size() < 2) {
      Thread.currentThread().interrupt();
      append(1, LARGE);
      assertThat(Thread.interrupted()).isTrue();
    }

    assertThat(replayed(0)).isEqualTo(fromTo(1, last));
  }

  @Test
  void cutsWholeFilesAndGoesOn() throws IOException {
    while (files().size() < 3) {
      append(1, LARGE);
    }
    Path first = files().getFirst();

    journal.cut(new Version(4));

    assertThat(files()).hasSize(2).doesNotContain(first);
    assertThat(numbers(open(2, Version.NONE).read(new Version(4), new Version(last), 10)))
        .isEqualTo(fromTo(5, last));
  }
}
