package selvedge.server.http;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Caches the results of decoding by the received bytes. Safe for use by many threads.
 *
 * <p>The hash of the bytes selects a place. A new result replaces the one in its place.
 *
 * @param <T> the decoded, immutable result
 */
final class RequestCache<T> {
  /** The longest head that is cached. */
  static final int BYTES_MAX = 1024;

  private static final int PLACES = 4096;
  private static final long FACTOR = 0x9e3779b97f4a7c15L;
  private static final VarHandle I64 =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());

  private final AtomicReferenceArray<@Nullable Decoded<T>> places =
      new AtomicReferenceArray<>(PLACES);

  private static final class Decoded<T> {
    private final byte[] bytes;
    private final T result;

    Decoded(byte[] bytes, T result) {
      this.bytes = bytes;
      this.result = result;
    }
  }

  void learn(byte[] in, int from, int to, T result) {
    places.set(place(in, from, to), new Decoded<>(Arrays.copyOfRange(in, from, to), result));
  }

  /** Returns the cached result of exactly these bytes, or null. */
  @Nullable T find(byte[] in, int from, int to) {
    Decoded<T> cached = places.get(place(in, from, to));
    return cached != null && Arrays.equals(cached.bytes, 0, cached.bytes.length, in, from, to)
        ? cached.result
        : null;
  }

  private static int place(byte[] in, int from, int to) {
    int end = to - Long.BYTES;
    long hash = (long) to - from;
    for (int i = from; i < end; i += Long.BYTES) {
      hash = (hash ^ (long) I64.get(in, i)) * FACTOR;
      hash ^= hash >>> 32;
    }
    hash = end < from ? hash : (hash ^ (long) I64.get(in, end)) * FACTOR;
    return (int) (hash >>> 40) & (PLACES - 1);
  }
}
