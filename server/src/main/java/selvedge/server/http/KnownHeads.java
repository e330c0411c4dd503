package selvedge.server.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;
import selvedge.server.api.Request;

/**
 * The heads of requests that were answered from memory lately, byte by byte, so that the next one
 * like it need not be decoded. Safe for use by many threads.
 *
 * <p>Only the decoding is remembered: who asks, for what, and what is there is looked up each time.
 * Each head has one place, which the next head with that place takes over.
 */
final class KnownHeads {
  private static final int PLACES = 4096;
  private static final int BYTES_MAX = 1024;
  private static final int END = 0x0d0a0d0a;

  private final AtomicReferenceArray<@Nullable Known> places = new AtomicReferenceArray<>(PLACES);

  /** A head and what was decoded of it. */
  record Known(ByteBuf head, Request request) {}

  /** Whether the bytes are one whole request without a body, such as may be learned. */
  static boolean isWhole(ByteBuf in) {
    int start = in.readerIndex();
    int last = in.writerIndex() - 4;
    if (last < start
        || in.readableBytes() > BYTES_MAX
        || in.getByte(start) != 'G'
        || in.getInt(last) != END) {
      return false;
    }
    for (int i = start; i < last; i++) {
      if (in.getByte(i) == '\r' && in.getInt(i) == END) {
        return false;
      }
    }
    return true;
  }

  void learn(byte[] head, Request request) {
    ByteBuf bytes = Unpooled.wrappedBuffer(head);
    places.set(place(bytes), new Known(bytes, request));
  }

  /** Finds the request that the bytes are, all of them. */
  @Nullable Known find(ByteBuf in) {
    int length = in.readableBytes();
    if (length > BYTES_MAX || length < Long.BYTES) {
      return null;
    }
    Known known = places.get(place(in));
    return known != null
            && known.head().readableBytes() == length
            && ByteBufUtil.equals(in, in.readerIndex(), known.head(), 0, length)
        ? known
        : null;
  }

  private static int place(ByteBuf head) {
    int end = head.writerIndex() - Long.BYTES;
    long hash = head.readableBytes();
    for (int i = head.readerIndex(); i < end; i += Long.BYTES) {
      hash = (hash ^ head.getLong(i)) * 0x9e3779b97f4a7c15L;
      hash ^= hash >>> 32;
    }
    hash = (hash ^ head.getLong(end)) * 0x9e3779b97f4a7c15L;
    return (int) (hash >>> 40) & (PLACES - 1);
  }
}
