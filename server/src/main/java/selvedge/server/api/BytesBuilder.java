package selvedge.server.api;

import java.io.OutputStream;
import java.util.Arrays;
import selvedge.model.Bytes;

/** Collects bytes in one array that grows. Belongs to one thread. */
public final class BytesBuilder extends OutputStream {
  private byte[] array;
  private int size;

  public BytesBuilder(int room) {
    array = new byte[room];
  }

  public int size() {
    return size;
  }

  /** Returns the array, which starts with the collected bytes. */
  public byte[] array() {
    return array;
  }

  public Bytes bytes() {
    return Bytes.copyOf(array, 0, size);
  }

  /** Grows the array for the given number of further bytes. */
  public void reserve(int more) {
    if (array.length - size < more) {
      array = Arrays.copyOf(array, Math.max(2 * array.length, size + more));
    }
  }

  public BytesBuilder add(int each) {
    reserve(1);
    array[size++] = (byte) each;
    return this;
  }

  public BytesBuilder add(Bytes some) {
    reserve(some.size());
    some.copyInto(array, size);
    size += some.size();
    return this;
  }

  /** Adds text of which each char is one byte. */
  @SuppressWarnings("deprecation") // deprecated, but it copies chars to bytes without decoding
  public BytesBuilder add(String text) {
    reserve(text.length());
    text.getBytes(0, text.length(), array, size);
    size += text.length();
    return this;
  }

  /** Removes everything after the given number of bytes. */
  public void shorten(int length) {
    size = length;
  }

  @Override
  public void write(int each) {
    add(each);
  }

  @Override
  public void write(byte[] source, int offset, int length) {
    reserve(length);
    System.arraycopy(source, offset, array, size, length);
    size += length;
  }
}
