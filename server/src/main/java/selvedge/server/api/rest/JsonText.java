package selvedge.server.api.rest;

import java.io.IOException;
import java.io.InputStream;
import selvedge.server.api.BlockInputStream;

/**
 * The text of a JSON string as UTF-8, read from after its first quote up to its last one. Half a
 * surrogate pair becomes the replacement character.
 *
 * <p>Belongs to one thread. A parser must have accepted the string before.
 */
final class JsonText extends BlockInputStream {
  private static final int WINDOW_BYTES = 16 * 1024;
  private static final int REPLACEMENT = 0xfffd;
  private static final int NONE = -1;

  private final InputStream in;
  private final byte[] window;
  private int position;
  private int filled;
  private boolean ended;

  /** Bytes of a character that did not fit into the array of the reader. */
  private final byte[] rest = new byte[2 * 4];

  private int restStart;
  private int restEnd;

  /** The first half of a pair whose second half has not been read. */
  private int high = NONE;

  /**
   * @param bytesMax the maximum length of the string
   */
  JsonText(InputStream in, long bytesMax) {
    this.in = in;
    this.window = new byte[Math.clamp(bytesMax, 1, WINDOW_BYTES)];
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    int count = 0;
    while (count < length) {
      if (restStart < restEnd) {
        target[offset + count++] = rest[restStart++];
      } else if (ended) {
        break;
      } else {
        int plain = plain(target, offset + count, length - count);
        count += plain;
        if (plain == 0 && count < length) {
          restStart = 0;
          restEnd = 0;
          character();
        }
      }
    }
    return count == 0 && length > 0 ? -1 : count;
  }

  /** Copies bytes that are not escaped, up to the next one that is. */
  private int plain(byte[] target, int offset, int length) {
    if (high != NONE) {
      return 0;
    }
    int end = Math.min(filled, position + length);
    int at = position;
    while (at < end && window[at] >= 0 && window[at] != '"' && window[at] != '\\') {
      at++;
    }
    int count = at - position;
    System.arraycopy(window, position, target, offset, count);
    position = at;
    return count;
  }

  /** Reads the next character, or the end. */
  private void character() throws IOException {
    int first = next();
    if (first == '"') {
      ended = true;
      pair(NONE);
    } else if (first == '\\') {
      pair(escaped());
    } else if (first < 0x80) {
      pair(first);
    } else if (first < 0xe0) {
      pair(((first & 0x1f) << 6) | following());
    } else if (first < 0xf0) {
      pair(((first & 0x0f) << 12) | (following() << 6) | following());
    } else {
      pair(((first & 0x07) << 18) | (following() << 12) | (following() << 6) | following());
    }
  }

  private int escaped() throws IOException {
    int kind = next();
    return switch (kind) {
      case 'b' -> '\b';
      case 't' -> '\t';
      case 'n' -> '\n';
      case 'f' -> '\f';
      case 'r' -> '\r';
      case 'u' -> {
        int unit = 0;
        for (int i = 0; i < 4; i++) {
          unit = (unit << 4) | Character.digit(next(), 16);
        }
        yield unit;
      }
      default -> kind;
    };
  }

  private int following() throws IOException {
    return next() & 0x3f;
  }

  private int next() throws IOException {
    if (position == filled) {
      filled = Math.max(0, in.read(window, 0, window.length));
      position = 0;
      if (filled == 0) {
        throw new IOException("a string breaks off");
      }
    }
    return window[position++] & 0xff;
  }

  /** Returns the next character or half of one; {@link #NONE} at the end. */
  private void pair(int character) {
    boolean isLow = character >= Character.MIN_LOW_SURROGATE && character <= 0xdfff;
    boolean isHigh = character >= Character.MIN_HIGH_SURROGATE && character < 0xdc00;
    if (high != NONE && isLow) {
      add(Character.toCodePoint((char) high, (char) character));
      high = NONE;
      return;
    }
    if (high != NONE) {
      add(REPLACEMENT);
      high = NONE;
    }
    if (isHigh) {
      high = character;
    } else if (isLow) {
      add(REPLACEMENT);
    } else if (character != NONE) {
      add(character);
    }
  }

  private void add(int character) {
    if (character < 0x80) {
      rest[restEnd++] = (byte) character;
    } else if (character < 0x800) {
      rest[restEnd++] = (byte) (0xc0 | (character >> 6));
      rest[restEnd++] = (byte) (0x80 | (character & 0x3f));
    } else if (character < 0x10000) {
      rest[restEnd++] = (byte) (0xe0 | (character >> 12));
      rest[restEnd++] = (byte) (0x80 | ((character >> 6) & 0x3f));
      rest[restEnd++] = (byte) (0x80 | (character & 0x3f));
    } else {
      rest[restEnd++] = (byte) (0xf0 | (character >> 18));
      rest[restEnd++] = (byte) (0x80 | ((character >> 12) & 0x3f));
      rest[restEnd++] = (byte) (0x80 | ((character >> 6) & 0x3f));
      rest[restEnd++] = (byte) (0x80 | (character & 0x3f));
    }
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
