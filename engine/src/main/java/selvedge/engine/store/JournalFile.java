package selvedge.engine.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.zip.CRC32C;
import selvedge.model.StoreDamagedException;
import selvedge.model.Version;

/**
 * One file of the journal: a header and batches of changes.
 *
 * <p>Safe for use by many threads.
 */
final class JournalFile {
  static final String SUFFIX = ".journal";
  static final int HEADER_BYTES = 3 * Long.BYTES + Integer.BYTES;

  private static final long MAGIC = 0x73656c766a726e6cL;
  private static final long PLACES_APART = 64 << 10;

  private final Path path;
  private final long opening;
  private final Version after;

  /** Versions, and where in the file the batch behind each begins. */
  private final ConcurrentNavigableMap<Version, Long> places = new ConcurrentSkipListMap<>();

  /**
   * @param opening of the store, in which the file was begun
   * @param after the version that the first change follows
   */
  JournalFile(Path path, long opening, Version after) {
    this.path = path;
    this.opening = opening;
    this.after = after;
    places.put(after, (long) HEADER_BYTES);
  }

  /** Whether a crash came between the making of the file and its header. */
  static boolean isBlank(Path path) throws IOException {
    byte[] header = start(path);
    return header.length < HEADER_BYTES || Arrays.equals(header, new byte[HEADER_BYTES]);
  }

  private static byte[] start(Path path) throws IOException {
    try (var in = Files.newInputStream(path)) {
      return in.readNBytes(HEADER_BYTES);
    }
  }

  static JournalFile read(Path path) throws IOException {
    byte[] header = start(path);
    ByteBuffer buffer = ByteBuffer.wrap(header);
    if (header.length < HEADER_BYTES
        || buffer.getLong() != MAGIC
        || buffer.getInt(HEADER_BYTES - Integer.BYTES) != checksum(header)
        || buffer.getLong(2 * Long.BYTES) < 0) {
      throw new StoreDamagedException(path + " is damaged: its header is not what was written");
    }
    return new JournalFile(path, buffer.getLong(), new Version(buffer.getLong()));
  }

  ByteBuffer header() {
    ByteBuffer header =
        ByteBuffer.allocate(HEADER_BYTES).putLong(MAGIC).putLong(opening).putLong(after.number());
    return header.putInt(checksum(header.array())).flip();
  }

  private static int checksum(byte[] header) {
    var crc = new CRC32C();
    crc.update(Arrays.copyOf(header, HEADER_BYTES - Integer.BYTES));
    return (int) crc.getValue();
  }

  Path path() {
    return path;
  }

  long opening() {
    return opening;
  }

  Version after() {
    return after;
  }

  /** Remembers where the batch behind a version begins, unless a place nearby is known. */
  void note(Version version, long place) {
    Map.Entry<Version, Long> near = places.floorEntry(version);
    if (near == null || place - near.getValue() >= PLACES_APART) {
      places.put(version, place);
    }
  }

  /** What is behind the place is to be written anew. */
  void forget(long place) {
    places.values().removeIf(known -> known > place);
  }

  /** Reads from a known place on that is not behind the version. */
  JournalScan scan(Version version) throws IOException {
    Map.Entry<Version, Long> place = places.floorEntry(version);
    return place == null
        ? new JournalScan(this, after, HEADER_BYTES)
        : new JournalScan(this, place.getKey(), place.getValue());
  }
}
