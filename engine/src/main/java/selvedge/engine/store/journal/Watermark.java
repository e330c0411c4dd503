package selvedge.engine.store.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import selvedge.engine.files.InterruptSafeFile;
import selvedge.engine.files.SyncedFiles;
import selvedge.engine.store.DiskFailures;
import selvedge.engine.work.Worker;
import selvedge.engine.work.WorkerThread;
import selvedge.model.StoreDamagedException;
import selvedge.model.Version;

/**
 * The last acknowledged version, beside the database and written after each commit.
 *
 * <p>The page cache outlives a killed process, and for a power cut a thread of its own syncs the
 * file within a second of a write. The journal is on disk before this can be, so a journal that
 * ends before it has lost acknowledged changes. The two last versions stand side by side, so that
 * one is whole whatever interrupts the write of the other.
 *
 * <p>Writes belong to the writer.
 */
public final class Watermark implements Worker, AutoCloseable {
  private static final Duration BETWEEN_SYNCS = Duration.ofMillis(500);
  private static final Duration UNTIL_WOKEN = Duration.ofDays(1);
  private static final int BYTES = 2 * Long.BYTES;
  private static final int PLACES = 2;

  private final Path path;
  private final Version found;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(PLACES * BYTES);
  private @Nullable InterruptSafeFile file;
  private int place;
  private final WorkerThread thread;
  private boolean started;
  private volatile Runnable wake = () -> {};
  private volatile boolean written;

  /** Whether the thread waits until it is woken. */
  private volatile boolean waiting = true;

  private boolean named;

  /** Reads the file, if there is one; the first write opens it. */
  public Watermark(Path path) {
    this.path = path;
    try {
      this.found = found(path);
    } catch (IOException e) {
      throw DiskFailures.translate(e, "read " + path);
    }
    this.thread = new WorkerThread("selvedge-watermark", this, _ -> {});
  }

  private static Version found(Path path) throws IOException {
    if (!Files.exists(path) || Files.size(path) == 0) {
      return Version.NONE;
    }
    var bytes = ByteBuffer.wrap(Files.readAllBytes(path));
    return IntStream.range(0, Math.min(bytes.capacity() / BYTES, PLACES))
        .mapToObj(place -> get(bytes, place))
        .flatMap(Optional::stream)
        .max(Version::compareTo)
        .orElseThrow(
            () ->
                new StoreDamagedException(
                    path
                        + " is not what was written, so nobody can tell whether changes are"
                        + " missing"));
  }

  private static Optional<Version> get(ByteBuffer bytes, int place) {
    long number = bytes.getLong(place * BYTES);
    boolean whole = number >= 0 && bytes.getLong(place * BYTES + Long.BYTES) == checksum(number);
    return whole ? Optional.of(new Version(number)) : Optional.empty();
  }

  /** What was there when it was opened; {@link Version#NONE} if nothing was acknowledged yet. */
  public Version found() {
    return found;
  }

  /** Writes a version that does not precede the last one: in both places at first, then in one. */
  public void write(Version version) {
    put(place, version);
    place = (place + 1) % PLACES;
    try {
      if (file == null) {
        put(place, version);
        file = InterruptSafeFile.open(path);
      }
      file.write(buffer, 0);
      written = true;
    } catch (IOException e) {
      throw DiskFailures.translate(e, "write " + path);
    }
    if (waiting) {
      waiting = false;
      wake();
    }
  }

  /** Where there can be no thread for now, the next write tries again. */
  private void wake() {
    try {
      if (!started) {
        thread.start();
        started = true;
      }
      wake.run();
    } catch (OutOfMemoryError _) {
      waiting = true;
    }
  }

  /** Whether what was written is on disk, or is written to it at this moment. */
  public boolean isSynced() {
    return !written;
  }

  /** Syncs the file if it was written since the last time. */
  @Override
  public Duration step() {
    if (!written) {
      waiting = true;
      // A write that came before the flag was set has woken nobody.
      return written ? Duration.ZERO : UNTIL_WOKEN;
    }
    waiting = false;
    written = false;
    sync();
    return BETWEEN_SYNCS;
  }

  /** A watermark that cannot be synced lags, as one that cannot be written does. */
  private void sync() {
    try (InterruptSafeFile own = InterruptSafeFile.open(path)) {
      own.sync();
      if (!named) {
        SyncedFiles.syncNames(path.resolveSibling("."));
        named = true;
      }
    } catch (IOException _) {
      // The next one makes up for it.
    }
  }

  @Override
  public void wakeBy(Runnable given) {
    wake = given;
  }

  private void put(int place, Version version) {
    buffer
        .putLong(place * BYTES, version.number())
        .putLong(place * BYTES + Long.BYTES, checksum(version.number()));
  }

  private static long checksum(long number) {
    var crc = new CRC32C();
    crc.update(ByteBuffer.allocate(Long.BYTES).putLong(0, number));
    return crc.getValue();
  }

  /** Leaves on disk what was written. */
  @Override
  public void close() {
    thread.close();
    if (written) {
      written = false;
      sync();
    }
    if (file != null) {
      try {
        file.close();
      } catch (IOException e) {
        throw DiskFailures.translate(e, "close " + path);
      }
    }
  }
}
