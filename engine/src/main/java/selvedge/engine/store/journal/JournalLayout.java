package selvedge.engine.store.journal;

import java.util.Optional;
import java.util.stream.Stream;

/** The layouts of a journal file, each named by the first 8 bytes of the file. */
enum JournalLayout {
  /** Format 2: a batch has no mark to find it by, and no record of what was durable before it. */
  UNMARKED(0x73656c766a726e6cL, 3 * Long.BYTES + Integer.BYTES, 0, 0),
  /** Format 3. */
  MARKED(0x73656c766a726e33L, 4 * Long.BYTES + Integer.BYTES, Long.BYTES, Long.BYTES);

  private static final int COMMON_BATCH_BYTES = 3 * Integer.BYTES + Long.BYTES;

  private final long magic;
  private final int fileHeaderBytes;
  private final int markBytes;
  private final int durableBytes;

  JournalLayout(long magic, int fileHeaderBytes, int markBytes, int durableBytes) {
    this.magic = magic;
    this.fileHeaderBytes = fileHeaderBytes;
    this.markBytes = markBytes;
    this.durableBytes = durableBytes;
  }

  static Optional<JournalLayout> of(long magic) {
    return Stream.of(values()).filter(layout -> layout.magic == magic).findFirst();
  }

  long magic() {
    return magic;
  }

  /** Returns the size of the header of a file. */
  int fileHeaderBytes() {
    return fileHeaderBytes;
  }

  /** Returns the size of the mark at the start of a batch. */
  int markBytes() {
    return markBytes;
  }

  /** Returns the size of the header of a batch. */
  int batchHeaderBytes() {
    return markBytes + COMMON_BATCH_BYTES + durableBytes;
  }

  boolean isMarked() {
    return this == MARKED;
  }
}
