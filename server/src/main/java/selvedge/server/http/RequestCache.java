package selvedge.server.http;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * What bytes that came lately have turned out to be, so that the next ones like them need not be
 * decoded. Safe for use by many threads.
 *
 * <p>Each has one place, which the next one with that place takes over.
 *
 * @param <T> what they are decoded to, which never changes
 */
final class RequestCache<T> {
  /** The longest head that is looked at. */
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

  /** Finds what the bytes are, all of them. */
  @Nullable T find(byte[] in, int from, int to) {
    Decoded<T> known = places.get(place(in, from, to));
    return known != null && Arrays.equals(known.bytes, 0, known.bytes.length, in, from, to)
        ? known.result
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
