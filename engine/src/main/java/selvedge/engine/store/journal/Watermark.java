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
import selvedge.engine.work.Threads;
import selvedge.engine.work.Worker;
import selvedge.model.StoreDamagedException;
import selvedge.model.Version;

/**
 * The file with the newest acknowledged version, written after each commit.
 *
 * <p>The page cache survives a killed process. For a power cut, a thread of the watermark syncs the
 * file within a second of a write. A version is in the journal, on disk, before it is in this file:
 * a journal that ends before this version has lost acknowledged changes. The file has two places,
 * written in turn, so one of them is whole when a crash interrupts a write.
 *
 * <p>Confined to the writer, except for {@link #step} and {@link #isSynced}.
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
  private final Threads threads;
  private Threads.@Nullable Running running;
  private volatile Runnable wake = () -> {};
  private volatile boolean written;

  /** Whether the thread waits until {@link #wake} is run. */
  private volatile boolean waiting = true;

  private boolean named;

  /** Reads the file if it exists. The first write creates it. */
  public Watermark(Path path, Threads threads) {
    this.path = path;
    this.threads = threads;
    try {
      this.found = found(path);
    } catch (IOException e) {
      throw DiskFailures.translate(e, "read " + path);
    }
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
                    path + " is damaged, so it is unknown whether changes are missing"));
  }

  private static Optional<Version> get(ByteBuffer bytes, int place) {
    long number = bytes.getLong(place * BYTES);
    boolean whole = number >= 0 && bytes.getLong(place * BYTES + Long.BYTES) == checksum(number);
    return whole ? Optional.of(new Version(number)) : Optional.empty();
  }

  /** Returns the version at the opening; {@link Version#NONE} if no version was acknowledged. */
  public Version found() {
    return found;
  }

  /**
   * Writes a version that does not precede the last one. The first write fills both places, every
   * later one the older place.
   */
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

  /** If no thread can be started, the next write tries again. */
  private void wake() {
    try {
      if (running == null) {
        running = threads.start("selvedge-watermark", this);
      }
      wake.run();
    } catch (OutOfMemoryError _) {
      waiting = true;
    }
  }

  /** Returns whether the last write is synced or its sync is in progress. */
  public boolean isSynced() {
    return !written;
  }

  /** Syncs the file if it was written since the last sync. */
  @Override
  public Duration step() {
    if (!written) {
      waiting = true;
      // A write before the flag was set has not run the wake-up.
      return written ? Duration.ZERO : UNTIL_WOKEN;
    }
    waiting = false;
    written = false;
    sync();
    return BETWEEN_SYNCS;
  }

  /** A watermark that is not on disk proves less after a power cut, but nothing wrong. */
  private void sync() {
    try (InterruptSafeFile own = InterruptSafeFile.open(path)) {
      own.sync();
      if (!named) {
        SyncedFiles.syncNames(path.resolveSibling("."));
        named = true;
      }
    } catch (IOException _) {
      // The next sync covers this one.
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

  /** Returns once the last write is on disk. */
  @Override
  public void close() {
    if (running != null) {
      running.close();
    }
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
