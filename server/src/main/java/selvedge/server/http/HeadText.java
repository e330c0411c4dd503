package selvedge.server.http;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The lines of one head, in bytes. Belongs to one thread.
 *
 * <p>Text is copied as a whole, each char as one byte, and looked at eight bytes at a time: a head
 * is a tenth of what an answer from memory costs beside the kernel's part.
 */
final class HeadText {
  private static final VarHandle I64 =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
  private static final long SPACES = 0x2020202020202020L;
  private static final long HIGH = 0x8080808080808080L;

  private byte[] bytes;
  private int size;

  HeadText(int room) {
    bytes = new byte[room];
  }

  byte[] bytes() {
    return bytes;
  }

  int size() {
    return size;
  }

  /** Adds text that has no control characters. */
  @SuppressWarnings("deprecation") // it does what is wanted: chars to bytes without a look at them
  HeadText add(String text) {
    int length = text.length();
    if (bytes.length - size < length) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, size + length));
    }
    text.getBytes(0, length, bytes, size);
    size += length;
    return this;
  }

  /** Adds text of any kind, of which nothing ends the line. */
  HeadText addSafely(String text) {
    int start = size;
    add(text);
    int i = start;
    for (; i <= size - Long.BYTES; i += Long.BYTES) {
      long eight = (long) I64.get(bytes, i);
      if (((eight - SPACES) & ~eight & HIGH) != 0) {
        break;
      }
    }
    for (; i < size; i++) {
      if (bytes[i] >= 0 && bytes[i] < ' ' && bytes[i] != '\t') {
        bytes[i] = ' ';
      }
    }
    return this;
  }

  HeadText endLine() {
    return add("\r\n");
  }
}
