package selvedge.server.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A request body on its way from the event loop to the thread that reads it.
 *
 * <p>The loop offers pieces, one thread reads. The loop stops reading the socket while more than
 * {@link #HELD_BYTES_MAX} wait here, so a body of any size costs no more memory than that.
 */
final class InboundBody extends InputStream {
  static final int HELD_BYTES_MAX = 128 * 1024;

  /** Shorter pieces that wait are put together: each would keep a whole buffer of the socket. */
  private static final int PIECE_BYTES_MIN = 1024;

  private static final int JOINED_BYTES = 8 * 1024;

  private final Duration patience;
  private final Rate rate;
  private final Runnable wanted;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final ArrayDeque<ByteBuf> pieces = new ArrayDeque<>();
  private int heldBytes;
  private long receivedBytes;

  /** How long the reader has waited altogether. */
  private long waitedNanos;

  /** The last piece, if short ones are put together in it. */
  private @Nullable ByteBuf joined;

  private boolean ended;
  private boolean closed;
  private boolean touched;
  private @Nullable IOException failure;

  /**
   * @param patience how long a reader waits for the next piece
   * @param rate at which the body has to come on average, once the reader has waited for so long
   * @param wanted runs when the reader has taken enough for the loop to go on
   */
  InboundBody(Duration patience, Rate rate, Runnable wanted) {
    this.patience = patience;
    this.rate = rate;
    this.wanted = wanted;
  }

  /** Takes the piece over. Returns whether there is room for more. */
  boolean offer(ByteBuf piece) {
    lock.lock();
    try {
      if (closed || failure != null || !piece.isReadable()) {
        piece.release();
        return heldBytes < HELD_BYTES_MAX;
      }
      heldBytes += piece.readableBytes();
      receivedBytes += piece.readableBytes();
      add(piece);
      changed.signalAll();
      return heldBytes < HELD_BYTES_MAX;
    } finally {
      lock.unlock();
    }
  }

  private void add(ByteBuf piece) {
    if (pieces.isEmpty() || piece.readableBytes() >= PIECE_BYTES_MIN) {
      pieces.add(piece);
      joined = null;
      return;
    }
    ByteBuf last = joined;
    if (last == null || last.writableBytes() < piece.readableBytes()) {
      last = Unpooled.buffer(JOINED_BYTES);
      pieces.add(last);
      joined = last;
    }
    last.writeBytes(piece);
    piece.release();
  }

  void end() {
    lock.lock();
    try {
      ended = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  void fail(IOException given) {
    lock.lock();
    try {
      if (!ended && failure == null) {
        failure = given;
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Whether anybody has asked for the body, so that the client was told to send it. */
  boolean wasTouched() {
    lock.lock();
    try {
      return touched;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, target.length);
    if (length == 0) {
      return 0;
    }
    boolean makeRoom;
    int count;
    lock.lock();
    try {
      boolean first = !touched;
      touched = true;
      if (first && pieces.isEmpty() && !ended) {
        wanted.run();
      }
      ByteBuf piece = nextPiece();
      if (piece == null) {
        return -1;
      }
      boolean wasFull = heldBytes >= HELD_BYTES_MAX;
      count = Math.min(length, piece.readableBytes());
      piece.readBytes(target, offset, count);
      heldBytes -= count;
      if (!piece.isReadable()) {
        pieces.remove().release();
        joined = pieces.isEmpty() ? null : joined;
      }
      makeRoom = wasFull && heldBytes < HELD_BYTES_MAX;
    } finally {
      lock.unlock();
    }
    if (makeRoom) {
      wanted.run();
    }
    return count;
  }

  /** Waits for a piece; null at the end of the body. */
  private @Nullable ByteBuf nextPiece() throws IOException {
    long left = patience.toNanos();
    while (pieces.isEmpty()) {
      if (failure != null) {
        throw failure;
      }
      if (ended || closed) {
        return null;
      }
      if (left <= 0) {
        throw tooSlow();
      }
      try {
        long before = left;
        left = changed.awaitNanos(left);
        waitedNanos += before - left;
        requireRate();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted while waiting for the body", e);
      }
    }
    return pieces.peek();
  }

  private void requireRate() throws SlowClientException {
    if (waitedNanos > patience.toNanos() && rate.isTooSlow(receivedBytes, waitedNanos)) {
      throw new SlowClientException(
          "the client sent less than "
              + rate.bytesPerSecond()
              + " bytes a second of the body, for "
              + patience.toSeconds()
              + " s and more");
    }
  }

  SlowClientException tooSlow() {
    return new SlowClientException(
        "the client sent nothing of the body for " + patience.toSeconds() + " s");
  }

  /** Lets go of what is held; what still comes is dropped. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      pieces.forEach(ByteBuf::release);
      pieces.clear();
      joined = null;
      heldBytes = 0;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
