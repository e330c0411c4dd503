package selvedge.server.api.shared;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import org.jspecify.annotations.Nullable;
import selvedge.engine.encryption.PageCipher;
import selvedge.model.Bytes;
import selvedge.model.StorageFullException;
import selvedge.server.api.BlockInputStream;
import selvedge.server.api.Body;
import selvedge.server.fairness.Owner;

/**
 * Bytes that must be complete before they are used: in memory while they are few, otherwise in a
 * temporary file. Belongs to one thread.
 *
 * <p>The file has no name while it is in use, so a process that dies leaves none behind.
 */
public final class Spool extends OutputStream {
  /** The file holds complete pages. What follows them is in memory. */
  private static final int PAGE_BYTES = 64 * 1024;

  /** The number of bytes of disk space that is taken at a time. */
  public static final long STEP_BYTES = 1 << 20;

  private final Spools spools;
  private final Owner owner;
  private final @Nullable PageCipher cipher;
  private final ByteArrayOutputStream memory = new ByteArrayOutputStream();
  private @Nullable FileChannel file;
  private long pages;
  private long length;
  private long takenBytes;

  public Spool(Spools spools, Owner owner) {
    this.spools = spools;
    this.owner = owner;
    this.cipher = spools.areEncrypted() ? new PageCipher() : null;
  }

  public long length() {
    return length;
  }

  @Override
  public void write(int b) {
    write(new byte[] {(byte) b}, 0, 1);
  }

  /**
   * Throws {@link StorageFullException} if the disk is full, and {@link
   * selvedge.model.OverloadedException} if other bodies take the space.
   */
  @Override
  public void write(byte[] source, int offset, int count) {
    length += count;
    if (length > PAGE_BYTES) {
      while (takenBytes < length) {
        spools.take(owner, STEP_BYTES);
        takenBytes += STEP_BYTES;
      }
    }
    try {
      for (int done = 0; done < count; ) {
        if (memory.size() == PAGE_BYTES) {
          writePage();
        }
        int part = Math.min(count - done, PAGE_BYTES - memory.size());
        memory.write(source, offset + done, part);
        done += part;
      }
    } catch (IOException e) {
      throw new StorageFullException("the disk does not take the body: " + e.getMessage(), e);
    }
  }

  private void writePage() throws IOException {
    FileChannel target = file;
    if (target == null) {
      target = create();
      file = target;
    }
    byte[] page = memory.toByteArray();
    ByteBuffer bytes = ByteBuffer.wrap(cipher == null ? page : cipher.encryptNext(page));
    while (bytes.hasRemaining()) {
      target.write(bytes);
    }
    pages++;
    memory.reset();
  }

  private FileChannel create() throws IOException {
    return FileChannel.open(
        Files.createTempFile(spools.directory(), "spool", ".tmp"),
        StandardOpenOption.READ,
        StandardOpenOption.WRITE,
        StandardOpenOption.DELETE_ON_CLOSE);
  }

  /** Returns the bytes from the start. The stream is valid until the spool is closed. */
  public InputStream open() {
    return open(0);
  }

  /** Returns the bytes from the given position. The stream is valid until the spool is closed. */
  public InputStream open(long from) {
    FileChannel channel = file;
    if (channel != null) {
      return new Reading(channel, cipher, pages, memory.toByteArray(), from);
    }
    byte[] bytes = memory.toByteArray();
    int start = (int) Math.min(from, bytes.length);
    return new ByteArrayInputStream(bytes, start, bytes.length - start);
  }

  /** Returns the bytes as the body of an answer, which closes the spool when it was sent. */
  public Body body() {
    if (file == null) {
      return new Body.Held(Bytes.copyOf(memory.toByteArray()));
    }
    return new Body.Written(new Sending(this));
  }

  /** Sends the bytes, and frees them. */
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

  /** Frees the bytes. The garbage collector frees those of a spool that is never closed. */
  @Override
  public void close() throws IOException {
    memory.reset();
    spools.give(owner, takenBytes);
    takenBytes = 0;
    if (file != null) {
      file.close();
    }
  }

  /** Reads the pages and what follows them, from a position of its own. */
  private static final class Reading extends BlockInputStream {
    private static final long NONE = -1;

    private final FileChannel channel;
    private final @Nullable PageCipher cipher;
    private final long pages;
    private final byte[] tail;
    private byte[] page = {};
    private long loaded = NONE;
    private long position;

    Reading(
        FileChannel channel, @Nullable PageCipher cipher, long pages, byte[] tail, long position) {
      this.channel = channel;
      this.cipher = cipher;
      this.pages = pages;
      this.tail = tail;
      this.position = position;
    }

    @Override
    public int read(byte[] target, int offset, int count) throws IOException {
      long number = position / PAGE_BYTES;
      byte[] source = number < pages ? page(number) : tail;
      long start = Math.min(number, pages) * PAGE_BYTES;
      int at = (int) Math.min(position - start, source.length);
      if (count > 0 && at == source.length) {
        return -1;
      }
      int part = Math.min(count, source.length - at);
      System.arraycopy(source, at, target, offset, part);
      position += part;
      return part;
    }

    private byte[] page(long number) throws IOException {
      if (number != loaded) {
        int size = PAGE_BYTES + (cipher == null ? 0 : PageCipher.OVERHEAD);
        ByteBuffer bytes = ByteBuffer.allocate(size);
        while (bytes.hasRemaining()) {
          if (channel.read(bytes, number * size + bytes.position()) < 0) {
            throw new EOFException("the file of a body ends in page " + number);
          }
        }
        page = cipher == null ? bytes.array() : decrypt(cipher, number, bytes.array());
        loaded = number;
      }
      return page;
    }

    private static byte[] decrypt(PageCipher cipher, long number, byte[] bytes) throws IOException {
      try {
        return cipher.decrypt(number, bytes);
      } catch (GeneralSecurityException e) {
        throw new IOException("page " + number + " of a body is not what was written", e);
      }
    }
  }
}
