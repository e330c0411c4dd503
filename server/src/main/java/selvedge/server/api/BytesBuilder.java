package selvedge.server.api;

import java.io.OutputStream;
import java.util.Arrays;
import selvedge.model.Bytes;

/** Puts bytes together in one array, which grows. Belongs to one thread. */
public final class BytesBuilder extends OutputStream {
  private byte[] array;
  private int size;

  public BytesBuilder(int room) {
    array = new byte[room];
  }

  public int size() {
    return size;
  }

  /** What has been put together is at its start. */
  public byte[] array() {
    return array;
  }

  public Bytes bytes() {
    return Bytes.copyOf(array, 0, size);
  }

  /** Makes room for so many bytes more. */
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
  @SuppressWarnings("deprecation") // it does what is wanted: chars to bytes without a look at them
  public BytesBuilder add(String text) {
    reserve(text.length());
    text.getBytes(0, text.length(), array, size);
    size += text.length();
    return this;
  }

  /** Takes back everything after the first bytes. */
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
