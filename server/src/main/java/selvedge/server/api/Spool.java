package selvedge.server.api;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import selvedge.model.Bytes;

/**
 * Bytes that have to arrive whole before they can be used: in memory while they are few, in a
 * temporary file when they are many. Belongs to one thread.
 */
public final class Spool extends OutputStream {
  private static final int MEMORY_BYTES_MAX = 64 * 1024;

  private final Path directory;
  private final ByteArrayOutputStream memory = new ByteArrayOutputStream();
  private @Nullable Path file;
  private @Nullable OutputStream out;
  private long length;

  public Spool(Path directory) {
    this.directory = directory;
  }

  public long length() {
    return length;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] source, int offset, int count) throws IOException {
    length += count;
    if (out == null && length > MEMORY_BYTES_MAX) {
      spill();
    }
    OutputStream target = out == null ? memory : out;
    target.write(source, offset, count);
  }

  private void spill() throws IOException {
    Path created = Files.createTempFile(directory, "spool", ".tmp");
    file = created;
    OutputStream stream = Files.newOutputStream(created);
    out = stream;
    memory.writeTo(stream);
    memory.reset();
  }

  /** Reads what has been written, from the start. */
  public InputStream open() throws IOException {
    if (out != null) {
      out.flush();
    }
    return file == null ? Bytes.copyOf(memory.toByteArray()).open() : Files.newInputStream(file);
  }

  @Override
  public void close() throws IOException {
    if (out != null) {
      out.close();
    }
    if (file != null) {
      Files.deleteIfExists(file);
    }
  }
}
