package selvedge.engine.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A file to write at positions, which stays usable when the writing thread is interrupted.
 *
 * <p>An interrupt closes a {@link FileChannel}. This class opens the channel again, repeats the
 * operation, and restores the thread's interrupt flag at the end. Confined to one thread at a time.
 */
public final class InterruptSafeFile implements AutoCloseable {
  /** Looked up by name, because not every JVM has this option. */
  private static final Optional<OpenOption> DIRECT = option("com.sun.nio.file.ExtendedOpenOption");

  private final Path path;
  private final Set<OpenOption> options;
  private FileChannel channel;

  private interface Operation {
    void run(FileChannel channel) throws IOException;
  }

  private InterruptSafeFile(Path path, Set<OpenOption> options) throws IOException {
    this.path = path;
    this.options = options;
    this.channel = FileChannel.open(path, options);
  }

  /** Opens a file to write, and creates it if it does not exist. */
  public static InterruptSafeFile open(Path path) throws IOException {
    FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE).close();
    return new InterruptSafeFile(path, Set.of(StandardOpenOption.WRITE));
  }

  /**
   * Opens a file as {@link #open} does, but past the page cache where the file system allows it.
   * The caller must then write whole blocks, at block boundaries of the file and of memory.
   */
  public static InterruptSafeFile openDirect(Path path) throws IOException {
    InterruptSafeFile file = open(path);
    if (DIRECT.isPresent()) {
      try {
        var direct = new InterruptSafeFile(path, Set.of(StandardOpenOption.WRITE, DIRECT.get()));
        file.close();
        return direct;
      } catch (IOException | UnsupportedOperationException _) {
        return file;
      }
    }
    return file;
  }

  private static Optional<OpenOption> option(String options) {
    try {
      return Stream.of(Class.forName(options).getEnumConstants())
          .filter(option -> option.toString().equals("DIRECT"))
          .map(OpenOption.class::cast)
          .findFirst();
    } catch (ClassNotFoundException _) {
      return Optional.empty();
    }
  }

  /** Syncs the names in a directory. */
  static void syncNames(Path directory) throws IOException {
    try (var names = new InterruptSafeFile(directory, Set.of(StandardOpenOption.READ))) {
      names.sync();
    }
  }

  /** Writes the remaining bytes of the buffer, whose position does not change. */
  public void write(ByteBuffer bytes, long position) throws IOException {
    retry(
        open -> {
          ByteBuffer rest = bytes.duplicate();
          for (long end = position; rest.hasRemaining(); ) {
            end += open.write(rest, end);
          }
        });
  }

  /** Syncs the contents. */
  public void sync() throws IOException {
    retry(open -> open.force(false));
  }

  public void truncate(long size) throws IOException {
    retry(open -> open.truncate(size));
  }

  private void retry(Operation operation) throws IOException {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          operation.run(channel);
          return;
        } catch (ClosedByInterruptException _) {
          interrupted |= Thread.interrupted();
          channel = FileChannel.open(path, options);
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
