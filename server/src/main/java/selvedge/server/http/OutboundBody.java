package selvedge.server.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import selvedge.server.api.Body;
import selvedge.server.fairness.Owner;
import selvedge.server.fairness.Shares;

/**
 * Sends a body piece by piece with back-pressure. Belongs to one request thread.
 *
 * <p>One piece is in flight while the next one is filled, so a response of any size takes the
 * memory of two. The memory is leased with the request. For an endless response it is leased piece
 * by piece, because such a response has no piece most of the time.
 */
final class OutboundBody extends OutputStream {
  /** The usual size of a chunk of a large value. Shorter pieces cost more thread switches. */
  private static final int PIECE_BYTES = 256 * 1024;

  private static final int FIRST_BYTES = 64 * 1024;
  private static final long NOT_WAITING = 0;

  private final Channel channel;
  private final Duration timeout;
  private final Pieces pieces;
  private @Nullable ChannelFuture onItsWay;
  private volatile long waitingSince = NOT_WAITING;
  private ByteBuf piece = Unpooled.EMPTY_BUFFER;
  private long written;

  OutboundBody(Channel channel, Duration timeout, Pieces pieces) {
    this.channel = channel;
    this.timeout = timeout;
    this.pieces = pieces;
  }

  /** Accounts for the memory of pieces. Any thread may give a piece back. */
  interface Pieces {

    /** Pieces whose memory is leased with the request. */
    Pieces LEASED_WITH_REQUEST =
        new Pieces() {
          @Override
          public int bytesMax() {
            return PIECE_BYTES;
          }

          @Override
          public void take(long bytes) {}

          @Override
          public void give(long bytes) {}
        };

    /** Returns the maximum size of a piece. */
    int bytesMax();

    void take(long bytes) throws IOException;

    void give(long bytes);
  }

  /** Pieces whose memory is leased one by one. */
  record LeasedPieces(Shares memory, Owner owner, Duration timeout) implements Pieces {
    @Override
    public int bytesMax() {
      return FIRST_BYTES;
    }

    @Override
    public void take(long bytes) throws IOException {
      if (!memory.take(owner, bytes, timeout)) {
        throw new IOException("no memory for the next piece of the response");
      }
    }

    @Override
    public void give(long bytes) {
      memory.give(owner, bytes);
    }
  }

  void start(HttpResponse head) {
    channel.write(head, channel.voidPromise());
  }

  void send(Body.Streamed streamed) throws IOException {
    try (InputStream stream = streamed.value().open()) {
      if (streamed.length() == streamed.value().length()) {
        requireAll(streamed.length() - stream.transferTo(this));
      } else {
        stream.skipNBytes(streamed.offset());
        sendPart(stream, streamed.length());
      }
    }
  }

  private void sendPart(InputStream stream, long length) throws IOException {
    byte[] buffer = new byte[(int) Math.min(length, FIRST_BYTES)];
    long left = length;
    while (left > 0) {
      int count = stream.read(buffer, 0, (int) Math.min(left, buffer.length));
      requireAll(count < 0 ? left : 0);
      write(buffer, 0, count);
      left -= count;
    }
  }

  private static void requireAll(long missing) throws IOException {
    if (missing != 0) {
      throw new IOException("a value is " + missing + " bytes shorter than its entry states");
    }
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] source, int offset, int length) throws IOException {
    int from = offset;
    int left = length;
    written += length;
    while (left > 0) {
      if (piece.maxWritableBytes() == 0) {
        flush();
        pieces.take(pieces.bytesMax());
        piece = channel.alloc().directBuffer(FIRST_BYTES, pieces.bytesMax());
      }
      int count = Math.min(left, piece.maxWritableBytes());
      piece.writeBytes(source, from, count);
      from += count;
      left -= count;
    }
  }

  @Override
  public void flush() throws IOException {
    if (piece.isReadable()) {
      awaitPrevious();
      long bytes = piece.maxCapacity();
      onItsWay =
          channel.writeAndFlush(new DefaultHttpContent(piece)).addListener(_ -> pieces.give(bytes));
      piece = Unpooled.EMPTY_BUFFER;
    }
  }

  /** Returns the number of bytes that were written. */
  long written() {
    return written;
  }

  /** Releases the piece that has not been written. */
  @Override
  public void close() {
    pieces.give(piece.maxCapacity());
    piece.release();
    piece = Unpooled.EMPTY_BUFFER;
  }

  /**
   * Returns whether the client has read nothing for longer than the timeout. Any thread may call
   * it.
   */
  boolean isStalled(long now) {
    long since = waitingSince;
    return since != NOT_WAITING && now - since > timeout.toNanos();
  }

  /** Flushes and waits until the socket has accepted all pieces. */
  void awaitSent() throws IOException {
    flush();
    awaitPrevious();
  }

  /** Ends the body. The future completes when the socket has accepted its end. */
  ChannelFuture end() {
    return channel.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT);
  }

  private void awaitPrevious() throws IOException {
    ChannelFuture previous = onItsWay;
    if (previous == null) {
      return;
    }
    try {
      waitingSince = System.nanoTime() | 1;
      previous.await();
      waitingSince = NOT_WAITING;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while sending", e);
    }
    if (!previous.isSuccess()) {
      throw new IOException("the client closed the connection", previous.cause());
    }
  }
}
