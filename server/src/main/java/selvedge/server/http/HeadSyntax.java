package selvedge.server.http;

import io.netty.buffer.ByteBuf;

/**
 * Rejects what Netty accepts in the head of a request: irregular white space in the request line,
 * and folded lines. A proxy may read these differently and see another request. Belongs to one
 * event loop.
 */
final class HeadSyntax {
  private static final int DEL = 0x7f;

  private boolean inRequestLine = true;
  private boolean atLineStart = true;
  private boolean afterSpace;
  private boolean afterReturn;
  private int spaces;
  private boolean valid = true;

  /** Checks the next bytes of the head. */
  void read(ByteBuf in, int from, int to) {
    for (int i = from; i < to && valid; i++) {
      byte b = in.getByte(i);
      if (inRequestLine) {
        requestLine(b);
      } else {
        valid = !(atLineStart && isSpace(b));
        atLineStart = b == '\n';
      }
    }
  }

  /**
   * Checks a byte of the request line: three words with one space between them, after any number of
   * empty lines.
   */
  private void requestLine(byte b) {
    if (b == '\n') {
      inRequestLine = atLineStart;
      valid = atLineStart || (spaces == 2 && !afterSpace);
      atLineStart = true;
      afterReturn = false;
    } else if (b == '\r') {
      valid = !afterReturn;
      afterReturn = true;
    } else if (afterReturn) {
      valid = false;
    } else if (b == ' ') {
      spaces++;
      valid = !afterSpace && !atLineStart;
      afterSpace = true;
    } else {
      valid = (b < 0 || b > ' ') && b != DEL;
      afterSpace = false;
      atLineStart = false;
    }
  }

  private static boolean isSpace(byte b) {
    return b == ' ' || b == '\t';
  }

  boolean isValid() {
    return valid;
  }
}
