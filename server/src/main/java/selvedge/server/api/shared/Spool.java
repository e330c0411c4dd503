package selvedge.server.api.shared;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;
import selvedge.model.Bytes;
import selvedge.model.StorageFullException;
import selvedge.server.api.BlockInputStream;
import selvedge.server.api.Body;
import selvedge.server.share.Owner;

/**
 * Bytes that have to be there whole before they can be used: in memory while they are few, in a
 * temporary file when they are many. Belongs to one thread.
 *
 * <p>The file has no name while it is in use, so that a process that dies leaves none behind.
 */
public final class Spool extends OutputStream {
  private static final int MEMORY_BYTES_MAX = 64 * 1024;

  /** Room on the disk is taken in steps of so many bytes. */
  public static final long STEP_BYTES = 1 << 20;

  private final Spools spools;
  private final Owner owner;
  private final ByteArrayOutputStream memory = new ByteArrayOutputStream();
  private @Nullable FileChannel file;
  private long length;
  private long takenBytes;

  public Spool(Spools spools, Owner owner) {
    this.spools = spools;
    this.owner = owner;
  }

  public long length() {
    return length;
  }

  @Override
  public void write(int b) {
    write(new byte[] {(byte) b}, 0, 1);
  }

  /**
   * Throws {@link StorageFullException} when the disk does not take the bytes, and {@link
   * selvedge.model.OverloadedException} when other bodies take the room.
   */
  @Override
  public void write(byte[] source, int offset, int count) {
    length += count;
    if (file == null && length <= MEMORY_BYTES_MAX) {
      memory.write(source, offset, count);
      return;
    }
    while (takenBytes < length) {
      spools.take(owner, STEP_BYTES);
      takenBytes += STEP_BYTES;
    }
    try {
      if (file == null) {
        file = create();
        append(file, memory.toByteArray(), 0, memory.size());
        memory.reset();
      }
      append(file, source, offset, count);
    } catch (IOException e) {
      throw new StorageFullException("the disk does not take the body: " + e.getMessage(), e);
    }
  }

  private FileChannel create() throws IOException {
    return FileChannel.open(
        Files.createTempFile(spools.directory(), "spool", ".tmp"),
        StandardOpenOption.READ,
        StandardOpenOption.WRITE,
        StandardOpenOption.DELETE_ON_CLOSE);
  }

  private static void append(FileChannel target, byte[] source, int offset, int count)
      throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(source, offset, count);
    while (bytes.hasRemaining()) {
      target.write(bytes);
    }
  }

  /** Reads what has been written, from the start; until the spool is closed. */
  public InputStream open() {
    return open(0);
  }

  /** Likewise, from that byte on. */
  public InputStream open(long from) {
    FileChannel channel = file;
    if (channel != null) {
      return new Reading(channel, from);
    }
    byte[] bytes = memory.toByteArray();
    int start = (int) Math.min(from, bytes.length);
    return new ByteArrayInputStream(bytes, start, bytes.length - start);
  }

  /** The bytes as the body of an answer, which closes the spool once it is sent. */
  public Body body() {
    if (file == null) {
      return new Body.Held(Bytes.copyOf(memory.toByteArray()));
    }
    return new Body.Written(new Sending(this));
  }

  /** Sends the bytes, and lets go of them. */
  private record Sending(Spool spool) implements Body.Output {
    @Override
    public void writeTo(OutputStream stream) throws IOException {
      try (spool;
          InputStream bytes = spool.open()) {
        bytes.transferTo(stream);
      }
    }

    @Override
    public void discard() throws IOException {
      spool.close();
    }
  }

  /** Lets go of the bytes. A spool that is never closed lets go when it is forgotten. */
  @Override
  public void close() throws IOException {
    memory.reset();
    spools.give(owner, takenBytes);
    takenBytes = 0;
    if (file != null) {
      file.close();
    }
  }

  /** Reads the file at a place of its own. */
  private static final class Reading extends BlockInputStream {
    private final FileChannel channel;
    private long position;

    Reading(FileChannel channel, long position) {
      this.channel = channel;
      this.position = position;
    }

    @Override
    public int read(byte[] target, int offset, int count) throws IOException {
      if (count == 0) {
        return 0;
      }
      int n = channel.read(ByteBuffer.wrap(target, offset, count), position);
      position += Math.max(0, n);
      return n;
    }
  }
}
