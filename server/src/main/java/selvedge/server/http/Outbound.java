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

/**
 * Sends a body piece by piece at the client's pace. Belongs to one request thread.
 *
 * <p>One piece is on its way while the next one is made, so an answer of any size costs the memory
 * of two.
 */
final class Outbound extends OutputStream {
  private static final int PIECE_BYTES = 64 * 1024;

  private final Channel channel;
  private final Duration patience;
  private @Nullable ChannelFuture onItsWay;
  private byte[] piece = new byte[PIECE_BYTES];
  private int filled;

  Outbound(Channel channel, Duration patience) {
    this.channel = channel;
    this.patience = patience;
  }

  void start(HttpResponse head) {
    channel.write(head, channel.voidPromise());
  }

  void send(Body.Streamed streamed) throws IOException {
    try (InputStream stream = streamed.value().open()) {
      stream.skipNBytes(streamed.offset());
      long left = streamed.length();
      while (left > 0) {
        byte[] next = stream.readNBytes((int) Math.min(left, PIECE_BYTES));
        if (next.length == 0) {
          throw new IOException("a value ended " + left + " bytes early");
        }
        left -= next.length;
        push(Unpooled.wrappedBuffer(next));
      }
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
    while (left > 0) {
      int count = Math.min(left, PIECE_BYTES - filled);
      System.arraycopy(source, from, piece, filled, count);
      filled += count;
      from += count;
      left -= count;
      if (filled == PIECE_BYTES) {
        pushPiece();
      }
    }
  }

  private void pushPiece() throws IOException {
    ByteBuf full = Unpooled.wrappedBuffer(piece, 0, filled);
    piece = new byte[PIECE_BYTES];
    filled = 0;
    push(full);
  }

  private void push(ByteBuf bytes) throws IOException {
    awaitPrevious();
    onItsWay = channel.writeAndFlush(new DefaultHttpContent(bytes));
  }

  @Override
  public void flush() throws IOException {
    if (filled > 0) {
      pushPiece();
    }
  }

  /** Waits until everything that was written has left. */
  void awaitSent() throws IOException {
    flush();
    awaitPrevious();
  }

  /** Ends the body, all of which has left. The returned future is done once the end has, too. */
  ChannelFuture end() {
    return channel.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT);
  }

  private void awaitPrevious() throws IOException {
    ChannelFuture previous = onItsWay;
    if (previous == null) {
      return;
    }
    try {
      if (!previous.await(patience.toMillis())) {
        throw new SlowClientException(
            "the client took nothing of the answer for " + patience.toSeconds() + " s");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while sending", e);
    }
    if (!previous.isSuccess()) {
      throw new IOException("the client went away", previous.cause());
    }
  }
}
