package selvedge.engine.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file to write at places, which an interrupt of its writer does not close: it is opened again,
 * the write is made once more, and the interrupt waits with its thread. Belongs to one thread at a
 * time.
 */
final class SteadyFile implements AutoCloseable {
  private final Path path;
  private final StandardOpenOption use;
  private FileChannel channel;

  private interface Action {
    void on(FileChannel channel) throws IOException;
  }

  private SteadyFile(Path path, StandardOpenOption use) throws IOException {
    this.path = path;
    this.use = use;
    this.channel = FileChannel.open(path, use);
  }

  /** Makes the file if there is none. */
  static SteadyFile open(Path path) throws IOException {
    FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE).close();
    return new SteadyFile(path, StandardOpenOption.WRITE);
  }

  /** Returns once the names in the directory are on disk. */
  static void syncNames(Path directory) throws IOException {
    try (var names = new SteadyFile(directory, StandardOpenOption.READ)) {
      names.sync();
    }
  }

  /** Writes what remains in the buffer, which stays as it is. */
  void write(ByteBuffer bytes, long position) throws IOException {
    steadily(
        open -> {
          ByteBuffer left = bytes.duplicate();
          for (long at = position; left.hasRemaining(); ) {
            at += open.write(left, at);
          }
        });
  }

  /** Returns once what was written is on disk. */
  void sync() throws IOException {
    steadily(open -> open.force(false));
  }

  void truncate(long size) throws IOException {
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
          channel = FileChannel.open(path, use);
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
