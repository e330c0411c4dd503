package selvedge.model;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * An immutable run of bytes that compares by content, in unsigned byte order.
 *
 * <p>Safe to share between threads.
 */
public final class Bytes implements Value, Comparable<Bytes> {
  public static final Bytes EMPTY = new Bytes(new byte[0]);

  private static final VarHandle I64 =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
  private static final long NOT_ASCII = 0x8080808080808080L;

  private final byte[] array;
  private int hash;

  private Bytes(byte[] array) {
    this.array = array;
  }

  /** Copies the array. */
  public static Bytes copyOf(byte[] array) {
    return array.length == 0 ? EMPTY : new Bytes(array.clone());
  }

  public static Bytes copyOf(byte[] array, int offset, int length) {
    return length == 0 ? EMPTY : new Bytes(Arrays.copyOfRange(array, offset, offset + length));
  }

  /** Takes the array over without a copy: the caller must never touch it again. */
  public static Bytes adopt(byte[] array) {
    return array.length == 0 ? EMPTY : new Bytes(array);
  }

  public static Bytes utf8(String text) {
    return adopt(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Returns the array itself, which a caller in this package must not change or keep. */
  byte[] shared() {
    return array;
  }

  @Override
  public long length() {
    return array.length;
  }

  public int size() {
    return array.length;
  }

  public boolean isEmpty() {
    return array.length == 0;
  }

  public byte at(int index) {
    return array[index];
  }

  /** Whether they are characters of ASCII. */
  public boolean isAscii() {
    int i = 0;
    for (; i <= array.length - Long.BYTES; i += Long.BYTES) {
      if (((long) I64.get(array, i) & NOT_ASCII) != 0) {
        return false;
      }
    }
    for (; i < array.length; i++) {
      if (array[i] < 0) {
        return false;
      }
    }
    return true;
  }

  public boolean startsWith(Bytes prefix) {
    return array.length >= prefix.array.length
        && Arrays.equals(array, 0, prefix.array.length, prefix.array, 0, prefix.array.length);
  }

  /** Returns these bytes followed by {@code tail}. */
  public Bytes plus(Bytes tail) {
    byte[] joined = Arrays.copyOf(array, array.length + tail.array.length);
    System.arraycopy(tail.array, 0, joined, array.length, tail.array.length);
    return adopt(joined);
  }

  /** Returns {@code length} of these bytes, from {@code offset} on. */
  public Bytes slice(int offset, int length) {
    return length == array.length ? this : copyOf(array, offset, length);
  }

  /** Returns the smallest run of bytes that sorts after this one. */
  public Bytes successor() {
    return new Bytes(Arrays.copyOf(array, array.length + 1));
  }

  public void copyInto(byte[] target, int offset) {
    System.arraycopy(array, 0, target, offset, array.length);
  }

  public byte[] toArray() {
    return array.clone();
  }

  public ByteBuffer asReadOnlyBuffer() {
    return ByteBuffer.wrap(array).asReadOnlyBuffer();
  }

  @Override
  public InputStream open() {
    return new ByteArrayInputStream(array);
  }

  @Override
  public Bytes bytes() {
    return this;
  }

  /** Reads the bytes as UTF-8; what is not UTF-8 becomes the replacement character. */
  public String utf8() {
    return new String(array, StandardCharsets.UTF_8);
  }

  public String hex() {
    return HexFormat.of().formatHex(array);
  }

  @Override
  public int compareTo(Bytes other) {
    return Arrays.compareUnsigned(array, other.array);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Bytes bytes && Arrays.equals(array, bytes.array);
  }

  @Override
  public int hashCode() {
    int known = hash;
    if (known == 0) {
      known = Arrays.hashCode(array);
      hash = known;
    }
    return known;
  }

  @Override
  public String toString() {
    return array.length <= 64 ? utf8() : array.length + " bytes";
  }
}
