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

  /** The size of the header of a new file. */
  static final int HEADER_BYTES = JournalLayout.MARKED.fileHeaderBytes();

  private static final long PLACES_APART = 64 << 10;

  private final Path path;
  private final JournalLayout layout;
  private final long opening;
  private final Version after;
  private final long mark;

  /** Some versions, and the place at which the batch after each begins. */
  private final ConcurrentNavigableMap<Version, Long> places = new ConcurrentSkipListMap<>();

  /** The damaged parts, by the place at which each begins. */
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
   * Creates the description of a new file.
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

  /** Returns whether a crash came between the creation of the file and its header. */
  static boolean isBlank(Path path) throws IOException {
    byte[] start = start(path);
    return start.length < size(start) || Arrays.equals(start, new byte[start.length]);
  }

  private static byte[] start(Path path) throws IOException {
    try (var in = Files.newInputStream(path)) {
      return in.readNBytes(HEADER_BYTES);
    }
  }

  /** Returns the size of the header with the given first bytes. */
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

  /** Returns the bytes at the start of every batch, if the layout has marks. */
  long mark() {
    return mark;
  }

  /** Records where the batch after a version begins, unless a place nearby is known. */
  void note(Version version, long place) {
    Map.Entry<Version, Long> near = places.floorEntry(version);
    if (near == null || place - near.getValue() >= PLACES_APART) {
      places.put(version, place);
    }
  }

  /** Records a damaged part, and where the next whole batch begins. */
  void note(Gap gap) {
    gaps.put(gap.place(), gap);
    if (gap.resumed() >= 0) {
      places.put(gap.until(), gap.resumed());
    }
  }

  /** Returns the known damaged parts, oldest first. */
  Collection<Gap> gaps() {
    return gaps.values();
  }

  /** Removes everything that is known of the file after the place, which is written again. */
  void forget(long place) {
    places.values().removeIf(known -> known > place);
    gaps.tailMap(place).clear();
  }

  /** Starts a scan at a known place that is not after the version. */
  JournalScan scan(Version version) throws IOException {
    Map.Entry<Version, Long> place = places.floorEntry(version);
    return place == null
        ? new JournalScan(this, after, layout.fileHeaderBytes())
        : new JournalScan(this, place.getKey(), place.getValue());
  }

  /**
   * Returns the size of the first part of the file, which has the changes up to a version that ends
   * a commit. Empty if a batch in that part is damaged.
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
