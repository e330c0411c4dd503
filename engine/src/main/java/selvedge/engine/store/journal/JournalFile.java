package selvedge.engine.store.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import selvedge.model.StoreDamagedException;
import selvedge.model.Version;

/**
 * One file of the journal: a header and batches of changes.
 *
 * <p>Safe for use by many threads.
 */
public final class JournalFile {
  static final String SUFFIX = ".journal";

  /** How many bytes the header of a new file has. */
  static final int HEADER_BYTES = JournalLayout.MARKED.fileHeaderBytes();

  private static final long PLACES_APART = 64 << 10;

  private final Path path;
  private final JournalLayout layout;
  private final long opening;
  private final Version after;
  private final long mark;

  /** Versions, and where in the file the batch behind each begins. */
  private final ConcurrentNavigableMap<Version, Long> places = new ConcurrentSkipListMap<>();

  /** What cannot be read, by the place at which it begins. */
  private final ConcurrentNavigableMap<Long, Gap> gaps = new ConcurrentSkipListMap<>();

  /**
   * Changes that cannot be read because a batch is damaged.
   *
   * @param after the version before the first of them
   * @param until the last of them
   * @param place of the damaged batch
   * @param resumed the place of the next whole batch, or -1 if there is none in this file
   */
  record Gap(Version after, Version until, long place, long resumed) {

    boolean covers(Version version) {
      return version.compareTo(after) >= 0 && version.compareTo(until) < 0;
    }
  }

  /**
   * Describes a file that is to be written.
   *
   * @param opening of the store, in which the file was begun
   * @param after the version that the first change follows
   * @param mark random bytes that every batch of the file begins with
   */
  public JournalFile(Path path, long opening, Version after, long mark) {
    this(path, JournalLayout.MARKED, opening, after, mark);
  }

  private JournalFile(Path path, JournalLayout layout, long opening, Version after, long mark) {
    this.path = path;
    this.layout = layout;
    this.opening = opening;
    this.after = after;
    this.mark = mark;
    places.put(after, (long) layout.fileHeaderBytes());
  }

  /** Whether a crash came between the making of the file and its header. */
  static boolean isBlank(Path path) throws IOException {
    byte[] start = start(path);
    return start.length < size(start) || Arrays.equals(start, new byte[start.length]);
  }

  private static byte[] start(Path path) throws IOException {
    try (var in = Files.newInputStream(path)) {
      return in.readNBytes(HEADER_BYTES);
    }
  }

  /** Returns how many bytes the header has that begins so. */
  private static int size(byte[] start) {
    return start.length < Long.BYTES
        ? HEADER_BYTES
        : JournalLayout.of(ByteBuffer.wrap(start).getLong())
            .orElse(JournalLayout.UNMARKED)
            .fileHeaderBytes();
  }

  static JournalFile read(Path path) throws IOException {
    byte[] start = start(path);
    int size = size(start);
    ByteBuffer header = ByteBuffer.wrap(start);
    if (start.length < size
        || JournalLayout.of(header.getLong(0)).isEmpty()
        || header.getInt(size - Integer.BYTES) != checksum(start, size)
        || header.getLong(2 * Long.BYTES) < 0) {
      throw new StoreDamagedException(path + " is damaged: its header is not what was written");
    }
    JournalLayout layout = JournalLayout.of(header.getLong()).orElseThrow();
    return new JournalFile(
        path,
        layout,
        header.getLong(),
        new Version(header.getLong()),
        layout.isMarked() ? header.getLong() : 0);
  }

  public ByteBuffer header() {
    ByteBuffer header =
        ByteBuffer.allocate(HEADER_BYTES)
            .putLong(layout.magic())
            .putLong(opening)
            .putLong(after.number())
            .putLong(mark);
    return header.putInt(checksum(header.array(), HEADER_BYTES)).flip();
  }

  private static int checksum(byte[] header, int size) {
    var crc = new CRC32C();
    crc.update(header, 0, size - Integer.BYTES);
    return (int) crc.getValue();
  }

  public Path path() {
    return path;
  }

  JournalLayout layout() {
    return layout;
  }

  long opening() {
    return opening;
  }

  public Version after() {
    return after;
  }

  /** The bytes that every batch of this file begins with, if its layout has marks. */
  long mark() {
    return mark;
  }

  /** Remembers where the batch behind a version begins, unless a place nearby is known. */
  void note(Version version, long place) {
    Map.Entry<Version, Long> near = places.floorEntry(version);
    if (near == null || place - near.getValue() >= PLACES_APART) {
      places.put(version, place);
    }
  }

  /** Remembers what cannot be read, and where the file goes on. */
  void note(Gap gap) {
    gaps.put(gap.place(), gap);
    if (gap.resumed() >= 0) {
      places.put(gap.until(), gap.resumed());
    }
  }

  /** What is known to be damaged, oldest first. */
  Collection<Gap> gaps() {
    return gaps.values();
  }

  /** What is behind the place is to be written anew. */
  void forget(long place) {
    places.values().removeIf(known -> known > place);
    gaps.tailMap(place).clear();
  }

  /** Reads from a known place on that is not behind the version. */
  JournalScan scan(Version version) throws IOException {
    Map.Entry<Version, Long> place = places.floorEntry(version);
    return place == null
        ? new JournalScan(this, after, layout.fileHeaderBytes())
        : new JournalScan(this, place.getKey(), place.getValue());
  }

  /**
   * Returns how many bytes from the start of the file on have the changes up to a version, which
   * ends a commit. Empty if a batch before that place is damaged.
   *
   * @param next the version behind which the next file begins, null if there is none
   */
  public Optional<Long> end(Version last, @Nullable Version next) throws IOException {
    if (next != null && next.compareTo(last) <= 0) {
      return Optional.of(Files.size(path));
    }
    try (JournalScan scan = scan(last)) {
      while (scan.end().compareTo(last) < 0) {
        if (!scan.next()) {
          return Optional.empty();
        }
      }
      return Optional.of(scan.position());
    }
  }
}
