package selvedge.server.http;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
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
  static final int BYTES_MAX = 1024;

  private static final int PLACES = 4096;
  private static final int END = 0x0d0a0d0a;
  private static final long FACTOR = 0x9e3779b97f4a7c15L;
  private static final VarHandle I32 =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle I64 =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());

  private final AtomicReferenceArray<@Nullable Known> places = new AtomicReferenceArray<>(PLACES);

  /** A head and what was decoded of it. */
  private static final class Known {
    private final byte[] head;
    private final Request request;

    Known(byte[] head, Request request) {
      this.head = head;
      this.request = request;
    }
  }

  /** Whether the bytes are one whole request without a body, such as may be learned. */
  static boolean isWhole(byte[] in) {
    int last = in.length - Integer.BYTES;
    if (last < 0 || in[0] != 'G' || (int) I32.get(in, last) != END) {
      return false;
    }
    for (int i = 0; i < last; i++) {
      if (in[i] == '\r' && (int) I32.get(in, i) == END) {
        return false;
      }
    }
    return true;
  }

  void learn(byte[] head, Request request) {
    places.set(place(head), new Known(head, request));
  }

  /** Finds the request that the bytes are, all of them. */
  @Nullable Request find(byte[] in) {
    Known known = places.get(place(in));
    return known != null && Arrays.equals(known.head, in) ? known.request : null;
  }

  private static int place(byte[] head) {
    int end = head.length - Long.BYTES;
    long hash = head.length;
    for (int i = 0; i < end; i += Long.BYTES) {
      hash = (hash ^ (long) I64.get(head, i)) * FACTOR;
      hash ^= hash >>> 32;
    }
    hash = end < 0 ? hash : (hash ^ (long) I64.get(head, end)) * FACTOR;
    return (int) (hash >>> 40) & (PLACES - 1);
  }
}
