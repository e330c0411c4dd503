package selvedge.server.api;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** Copies a JSON value without the white space between its tokens. */
final class CompactJson {
  private static final int WINDOW_BYTES = 8192;

  private CompactJson() {}

  /** Copies a value that is already checked to be JSON in UTF-8. */
  static void copy(InputStream in, OutputStream out) throws IOException {
    byte[] window = new byte[WINDOW_BYTES];
    boolean inString = false;
    boolean escaped = false;
    for (int count = in.read(window); count >= 0; count = in.read(window)) {
      int kept = 0;
      for (int i = 0; i < count; i++) {
        byte b = window[i];
        if (inString) {
          inString = escaped || b != '"';
          escaped = !escaped && b == '\\';
        } else if (b == ' ' || b == '\n' || b == '\r' || b == '\t') {
          continue;
        } else {
          inString = b == '"';
        }
        window[kept++] = b;
      }
      out.write(window, 0, kept);
    }
  }
}
