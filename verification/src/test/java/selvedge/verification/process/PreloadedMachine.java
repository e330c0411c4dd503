package selvedge.verification.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A machine for a server process: a disk that records its changes and that can fail, and a clock
 * that can be set. The library {@code src/test/native/machine.c} is preloaded; gcc compiles it.
 *
 * <p>Safe for use by one thread, beside the process.
 */
public final class PreloadedMachine {
  private static final Path SOURCE = Path.of("src", "test", "native", "machine.c").toAbsolutePath();
  private static final Duration TIMEOUT = Duration.ofMinutes(1);
  private static final int CONTROL_BYTES = 24;
  private static final int FAILURES = 8;
  private static final int FULL = 12;
  private static final int READ_ONLY = 16;

  private final Path folder;
  private final Path root;
  private final MappedByteBuffer control;
  private final Path record;

  private PreloadedMachine(Path folder, Path root, Path record, MappedByteBuffer control) {
    this.record = record;
    this.folder = folder;
    this.root = root;
    this.control = control;
  }

  /**
   * Makes a machine.
   *
   * @param folder for the library, the record and the controls
   * @param root the directory whose changes are recorded
   */
  public static PreloadedMachine in(Path folder, Path root) throws IOException {
    return in(folder, root, folder.resolve("record"));
  }

  /** Makes a machine that keeps no record, so that its power cannot be cut. */
  public static PreloadedMachine withoutRecord(Path folder, Path root) throws IOException {
    return in(folder, root, Path.of("/dev/null"));
  }

  private static PreloadedMachine in(Path folder, Path root, Path record) throws IOException {
    Files.createDirectories(folder);
    new Program(
            List.of("gcc", "-shared", "-fPIC", "-O1", "-Wall", "-Werror", SOURCE.toString()),
            folder,
            Map.of())
        .with(List.of("-o", "machine.so", "-ldl", "-lpthread"))
        .run(TIMEOUT)
        .ok();
    Files.deleteIfExists(folder.resolve("record"));
    Path file = Files.write(folder.resolve("control"), new byte[CONTROL_BYTES]);
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      MappedByteBuffer control = channel.map(FileChannel.MapMode.READ_WRITE, 0, CONTROL_BYTES);
      control.order(ByteOrder.nativeOrder());
      return new PreloadedMachine(folder, root.toAbsolutePath(), record, control);
    }
  }

  /** Returns the variables of a process on this machine. */
  Map<String, String> environment() {
    return Map.of(
        "LD_PRELOAD",
        folder.resolve("machine.so").toString(),
        "SHIM_ROOT",
        root.toString(),
        "SHIM_RECORD",
        record().toString(),
        "SHIM_CONTROL",
        folder.resolve("control").toString());
  }

  /** Returns the file with the changes of the disk. */
  public Path record() {
    return record;
  }

  /** Returns the size of the record: every change that was made by now is before it. */
  public long recorded() {
    try {
      return Files.size(record());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sets the clock of the machine, relative to the true time. */
  public void skew(Duration by) {
    control.putLong(0, by.toNanos());
  }

  /** Makes the next writes and syncs fail. */
  public void fail(int changes) {
    control.putInt(FAILURES, changes);
  }

  /** Makes a full disk, or one that has room again. */
  public void fill(boolean now) {
    control.putInt(FULL, now ? 1 : 0);
  }

  /** Makes the file system read-only, or writable again. */
  public void readOnly(boolean now) {
    control.putInt(READ_ONLY, now ? 1 : 0);
  }
}
