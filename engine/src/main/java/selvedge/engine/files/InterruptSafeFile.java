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
 * A file to write at places, which an interrupt of its writer does not close: it is opened again,
 * the write is made once more, and the interrupt waits with its thread. Belongs to one thread at a
 * time.
 */
public final class InterruptSafeFile implements AutoCloseable {
  /** Asked for by name, since not every JVM has it. */
  private static final Optional<OpenOption> DIRECT = option("com.sun.nio.file.ExtendedOpenOption");

  private final Path path;
  private final Set<OpenOption> how;
  private FileChannel channel;

  private interface Action {
    void on(FileChannel channel) throws IOException;
  }

  private InterruptSafeFile(Path path, Set<OpenOption> how) throws IOException {
    this.path = path;
    this.how = how;
    this.channel = FileChannel.open(path, how);
  }

  /** Makes the file if there is none. */
  public static InterruptSafeFile open(Path path) throws IOException {
    FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE).close();
    return new InterruptSafeFile(path, Set.of(StandardOpenOption.WRITE));
  }

  /**
   * Likewise, past the page cache where the file system can do that: then whoever writes keeps to
   * whole blocks, in the file as in memory.
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

  /** Returns once the names in the directory are on disk. */
  public static void syncNames(Path directory) throws IOException {
    try (var names = new InterruptSafeFile(directory, Set.of(StandardOpenOption.READ))) {
      names.sync();
    }
  }

  /** Writes what remains in the buffer, which stays as it is. */
  public void write(ByteBuffer bytes, long position) throws IOException {
    steadily(
        open -> {
          ByteBuffer left = bytes.duplicate();
          for (long at = position; left.hasRemaining(); ) {
            at += open.write(left, at);
          }
        });
  }

  /** Returns once what was written is on disk. */
  public void sync() throws IOException {
    steadily(open -> open.force(false));
  }

  public void truncate(long size) throws IOException {
    steadily(open -> open.truncate(size));
  }

  private void steadily(Action action) throws IOException {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          action.on(channel);
          return;
        } catch (ClosedByInterruptException _) {
          interrupted |= Thread.interrupted();
          channel = FileChannel.open(path, how);
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
