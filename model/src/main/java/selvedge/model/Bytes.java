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
 * An immutable sequence of bytes, ordered by unsigned bytes. Safe to share between threads. No
 * method blocks.
 */
public final class Bytes implements Value, Comparable<Bytes> {
  /** No bytes. */
  public static final Bytes EMPTY = new Bytes(new byte[0]);

  private static final VarHandle I64 =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
  private static final long NOT_ASCII = 0x8080808080808080L;

  private final byte[] array;
  private int hash;

  private Bytes(byte[] array) {
    this.array = array;
  }

  /**
   * Returns a copy of an array.
   *
   * @param array the bytes
   * @return the copy
   */
  public static Bytes copyOf(byte[] array) {
    return array.length == 0 ? EMPTY : new Bytes(array.clone());
  }

  /**
   * Returns a copy of a part of an array.
   *
   * @param array the array
   * @param offset the index of the first byte
   * @param length the number of bytes
   * @return the copy
   */
  public static Bytes copyOf(byte[] array, int offset, int length) {
    return length == 0 ? EMPTY : new Bytes(Arrays.copyOfRange(array, offset, offset + length));
  }

  /**
   * Returns the bytes of an array without a copy.
   *
   * @param array the bytes, which the caller must not change afterwards
   * @return the bytes
   */
  public static Bytes adopt(byte[] array) {
    return array.length == 0 ? EMPTY : new Bytes(array);
  }

  /**
   * Returns a text as UTF-8.
   *
   * @param text the text
   * @return its bytes
   * @throws InvalidRequestException if the text has a lone surrogate, which UTF-8 cannot encode
   */
  public static Bytes utf8(String text) {
    if (!JsonText.isUnicode(text)) {
      throw new InvalidRequestException(
          "a text must be Unicode, got one with a lone surrogate (half of a character)");
    }
    return adopt(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Returns the array itself, which the caller must not change or keep. */
  byte[] shared() {
    return array;
  }

  @Override
  public long length() {
    return array.length;
  }

  /**
   * Returns the number of bytes.
   *
   * @return the number of bytes
   */
  public int size() {
    return array.length;
  }

  /**
   * Returns whether there are no bytes.
   *
   * @return whether the size is 0
   */
  public boolean isEmpty() {
    return array.length == 0;
  }

  /**
   * Returns one byte.
   *
   * @param index its index, from 0
   * @return the byte
   * @throws IndexOutOfBoundsException if there is no such byte
   */
  public byte at(int index) {
    return array[index];
  }

  /**
   * Returns whether all bytes are ASCII characters.
   *
   * @return whether no byte has its highest bit set
   */
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

  /**
   * Returns whether these bytes begin with others.
   *
   * @param prefix the other bytes; empty ones begin every sequence
   * @return whether they do
   */
  public boolean startsWith(Bytes prefix) {
    return array.length >= prefix.array.length
        && Arrays.equals(array, 0, prefix.array.length, prefix.array, 0, prefix.array.length);
  }

  /**
   * Returns these bytes followed by others.
   *
   * @param tail the other bytes
   * @return a new sequence
   */
  public Bytes plus(Bytes tail) {
    byte[] joined = Arrays.copyOf(array, array.length + tail.array.length);
    System.arraycopy(tail.array, 0, joined, array.length, tail.array.length);
    return adopt(joined);
  }

  /**
   * Returns a part of these bytes.
   *
   * @param offset the index of the first byte
   * @param length the number of bytes
   * @return a copy of the part
   */
  public Bytes slice(int offset, int length) {
    return length == array.length ? this : copyOf(array, offset, length);
  }

  /**
   * Returns the smallest sequence that is greater than this one.
   *
   * @return these bytes and a zero
   */
  public Bytes successor() {
    return new Bytes(Arrays.copyOf(array, array.length + 1));
  }

  /**
   * Copies these bytes into an array.
   *
   * @param target the array
   * @param offset the index of the first byte in the array
   */
  public void copyInto(byte[] target, int offset) {
    System.arraycopy(array, 0, target, offset, array.length);
  }

  /**
   * Returns a copy of these bytes as an array.
   *
   * @return a new array
   */
  public byte[] toArray() {
    return array.clone();
  }

  /**
   * Returns these bytes as a buffer, without a copy.
   *
   * @return a new read-only buffer
   */
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

  /**
   * Returns these bytes as text in UTF-8. Bytes that are not UTF-8 become replacement characters.
   *
   * @return the text
   */
  public String utf8() {
    return new String(array, StandardCharsets.UTF_8);
  }

  /**
   * Returns these bytes as lower-case hex digits.
   *
   * @return two digits for each byte
   */
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
    int current = hash;
    if (current == 0) {
      current = Arrays.hashCode(array);
      hash = current;
    }
    return current;
  }

  @Override
  public String toString() {
    return array.length <= 64 ? utf8() : array.length + " bytes";
  }
}
