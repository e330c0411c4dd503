package selvedge.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.ratis.server.protocol.TermIndex;
import org.junit.jupiter.api.Test;

final class LogTailTest {
  private static final int ENTRY = 100_000;
  private static final long KEPT = 256L * ENTRY;

  private final LogTail tail = new LogTail(() -> new LogSize(KEPT, 10_000));

  private void add(int first, int last, long size) {
    for (int index = first; index <= last; index++) {
      tail.add(place(index), size);
    }
  }

  /** Each mark is synced. */
  @Test
  void aSmallLogHasNoMarkForEachEntry() {
    var small = new LogTail(() -> new LogSize(1 << 16, 10_000));
    small.add(place(1), 65_535);
    assertThat(small.isMarkDue()).isFalse();
    small.add(place(2), 1);
    assertThat(small.isMarkDue()).isTrue();
  }

  private static TermIndex place(long index) {
    return TermIndex.valueOf(3, index);
  }

  @Test
  void releasesTheOldestEntriesBeyondTheBytes() {
    add(1, 256, ENTRY);
    assertThat(tail.released()).isEqualTo(-1);

    add(257, 259, ENTRY);

    assertThat(tail.released()).isEqualTo(3);
    assertThat(tail.find(3)).isEmpty();
    assertThat(tail.find(4)).contains(place(4));
  }

  @Test
  void keepsTheNewestEntryWhateverItsSize() {
    add(1, 2, 2 * KEPT);

    assertThat(tail.released()).isEqualTo(1);
    assertThat(tail.find(2)).contains(place(2));
  }

  @Test
  void releasesTheOldestEntriesBeyondTheirNumber() {
    add(1, 10_001, 1);

    assertThat(tail.released()).isEqualTo(1);
  }

  @Test
  void aMarkIsDueAfterManyBytesOrManyEntries() {
    add(1, 1, ENTRY - 1);
    assertThat(tail.isMarkDue()).isFalse();
    add(2, 2, 1);
    assertThat(tail.isMarkDue()).isTrue();

    tail.marked();
    assertThat(tail.isMarkDue()).isFalse();

    add(3, 1 + LogTail.MARK_ENTRIES, 0);
    assertThat(tail.isMarkDue()).isFalse();
    add(2 + LogTail.MARK_ENTRIES, 2 + LogTail.MARK_ENTRIES, 0);
    assertThat(tail.isMarkDue()).isTrue();
  }
}
