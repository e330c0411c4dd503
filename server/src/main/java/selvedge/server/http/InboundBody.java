package selvedge.server.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import selvedge.server.api.BlockInputStream;

/**
 * Passes a request body from the event loop to the thread that reads it.
 *
 * <p>The loop offers pieces, and one thread reads them. The loop stops reading the socket while at
 * least {@link #HELD_BYTES_MAX} bytes wait, which bounds the memory of a body of any size.
 */
final class InboundBody extends BlockInputStream {
  static final int HELD_BYTES_MAX = 128 * 1024;

  /** Shorter waiting pieces are copied together, because each keeps a whole socket buffer alive. */
  private static final int PIECE_BYTES_MIN = 1024;

  private static final int JOINED_BYTES = 8 * 1024;

  private final Duration timeout;
  private final MinimumRate rate;
  private final Runnable demand;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final ArrayDeque<ByteBuf> pieces = new ArrayDeque<>();
  private int heldBytes;
  private long receivedBytes;

  /** The total time that the reader has waited. */
  private long waitedNanos;

  /** The last piece, if short pieces are copied into it. */
  private @Nullable ByteBuf joined;

  private boolean ended;
  private boolean closed;
  private boolean readStarted;
  private @Nullable IOException failure;

  /**
   * @param timeout the longest time that a reader waits for the next piece
   * @param rate the minimum average rate of the body, checked once the reader has waited that long
   * @param demand runs when the loop should read more from the socket
   */
  InboundBody(Duration timeout, MinimumRate rate, Runnable demand) {
    this.timeout = timeout;
    this.rate = rate;
    this.demand = demand;
  }

  /** Takes ownership of the piece and returns whether the loop may read more. */
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

  void fail(IOException reason) {
    lock.lock();
    try {
      if (!ended && failure == null) {
        failure = reason;
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Returns whether a read has started, so that the client got its 100. */
  boolean isReadStarted() {
    lock.lock();
    try {
      return readStarted;
    } finally {
      lock.unlock();
    }
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
      boolean first = !readStarted;
      readStarted = true;
      if (first && pieces.isEmpty() && !ended) {
        demand.run();
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
      demand.run();
    }
    return count;
  }

  /** Waits for a piece; null at the end of the body. */
  private @Nullable ByteBuf nextPiece() throws IOException {
    long left = timeout.toNanos();
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
    if (waitedNanos > timeout.toNanos() && rate.isTooSlow(receivedBytes, waitedNanos)) {
      throw new SlowClientException(
          "the body must arrive at "
              + rate.bytesPerSecond()
              + " bytes per second or more; it was slower for more than "
              + timeout.toSeconds()
              + " s");
    }
  }

  SlowClientException tooSlow() {
    return new SlowClientException("no byte of the body arrived for " + timeout.toSeconds() + " s");
  }

  /** Releases the waiting pieces. Pieces that are offered later are dropped. */
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
