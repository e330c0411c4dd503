package selvedge.server.edge;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import selvedge.server.api.BlockInputStream;

/** A body with chunked transfer encoding. Belongs to one thread. */
final class ChunkedBody extends BlockInputStream {
  private static final int HEX = 16;
  private static final int LINE_END_BYTES = 2;

  private final InputStream in;
  private final Lines lines;
  private long left;
  private boolean started;
  private boolean ended;

  /** Reads a line from the connection. */
  interface Lines {
    String next() throws IOException;
  }

  ChunkedBody(InputStream in, Lines lines) {
    this.in = in;
    this.lines = lines;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (left == 0 && !ended) {
      nextChunk();
    }
    if (ended) {
      return -1;
    }
    int count = in.read(target, offset, (int) Math.min(left, length));
    if (count < 0) {
      throw new EOFException("the origin closed the connection within a chunk");
    }
    left -= count;
    return count;
  }

  private void nextChunk() throws IOException {
    if (started) {
      lines.next();
    }
    started = true;
    String size = lines.next();
    int extension = size.indexOf(';');
    left = Long.parseLong((extension < 0 ? size : size.substring(0, extension)).strip(), HEX);
    if (left == 0) {
      ended = true;
      while (!lines.next().isEmpty()) {}
    }
  }

  /** Returns how many bytes can be read without waiting. */
  @Override
  public int available() throws IOException {
    if (left > 0) {
      return (int) Math.min(left, in.available());
    }
    return !ended && in.available() > LINE_END_BYTES ? 1 : 0;
  }

  /** Leaves the connection open. */
  @Override
  public void close() {}
}
