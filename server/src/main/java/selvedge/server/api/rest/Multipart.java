package selvedge.server.api.rest;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PushbackInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import selvedge.server.api.BlockInputStream;

/**
 * Reads a multipart form part by part, without holding one. Belongs to one thread.
 *
 * <p>The content of a part must be read, or is skipped, before the next part is read.
 */
final class Multipart {
  private static final int BOUNDARY_CHARACTERS_MAX = 200;
  private static final int HEADER_BYTES_MAX = 8192;
  private static final int WINDOW_BYTES = 16 * 1024;

  private final PushbackInputStream in;
  private final byte[] delimiter;
  private @Nullable Content open;
  private boolean started;
  private boolean ended;

  /** A part of the form, with its name. */
  record Part(String name, InputStream content) {}

  Multipart(InputStream in, String boundary) {
    this.in = new PushbackInputStream(in, WINDOW_BYTES * 2);
    this.delimiter = ("\r\n--" + boundary).getBytes(StandardCharsets.ISO_8859_1);
  }

  /** Returns the boundary, if the content type is that of a form. */
  static Optional<String> boundary(String contentType) {
    if (!contentType.toLowerCase(Locale.ROOT).startsWith("multipart/form-data")) {
      return Optional.empty();
    }
    String boundary =
        HeaderParameters.find(contentType, "boundary")
            .filter(found -> !found.isEmpty())
            .orElseThrow(() -> broken("the content type names no boundary"));
    if (boundary.length() > BOUNDARY_CHARACTERS_MAX) {
      throw broken("the boundary is longer than " + BOUNDARY_CHARACTERS_MAX + " characters");
    }
    return Optional.of(boundary);
  }

  /** Moves to the next part; empty after the last one. */
  Optional<Part> next() throws IOException {
    if (ended) {
      return Optional.empty();
    }
    if (!started) {
      started = true;
      in.unread('\n');
      in.unread('\r');
      open = new Content();
    }
    if (open != null) {
      open.skipRest();
    }
    if (isLast()) {
      ended = true;
      in.transferTo(OutputStream.nullOutputStream());
      return Optional.empty();
    }
    String name = name(headers());
    open = new Content();
    return Optional.of(new Part(name, open));
  }

  /** Reads the text after a delimiter: two dashes end the form, a line break starts a part. */
  private boolean isLast() throws IOException {
    int first = in.read();
    while (first == ' ' || first == '\t') {
      first = in.read();
    }
    int second = in.read();
    if (first == '-' && second == '-') {
      return true;
    }
    if (first != '\r' || second != '\n') {
      throw broken("a boundary is followed by neither a line break nor two dashes");
    }
    return false;
  }

  private String headers() throws IOException {
    var headers = new ByteArrayOutputStream();
    int ends = 0;
    while (ends < 2) {
      int b = in.read();
      if (b < 0 || headers.size() > HEADER_BYTES_MAX) {
        throw broken("the headers of a part do not end");
      }
      headers.write(b);
      if (b == '\n') {
        ends++;
      } else if (b != '\r') {
        ends = 0;
      }
      if (headers.size() == 2 && b == '\n') {
        ends = 2;
      }
    }
    return headers.toString(StandardCharsets.UTF_8);
  }

  private static String name(String headers) {
    for (String line : headers.split("\r?\n", -1)) {
      if (line.toLowerCase(Locale.ROOT).startsWith("content-disposition:")) {
        return HeaderParameters.find(line, "name")
            .map(name -> name.replace("%22", "\""))
            .orElseThrow(() -> broken("a part has no name"));
      }
    }
    throw broken("a part has no name");
  }

  private static RestFailure broken(String problem) {
    return new RestFailure(400, 10012, "put: 'the form cannot be read: " + problem + "'");
  }

  /** The bytes up to the next delimiter. */
  private final class Content extends BlockInputStream {
    private final byte[] window = new byte[WINDOW_BYTES];
    private int start;
    private int safe;
    private boolean finished;

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      if (start == safe && !finished) {
        fill();
      }
      if (start == safe) {
        return -1;
      }
      int count = Math.min(length, safe - start);
      System.arraycopy(window, start, target, offset, count);
      start += count;
      return count;
    }

    /** Reads until some bytes are certainly not part of a delimiter, or a delimiter is reached. */
    private void fill() throws IOException {
      int filled = 0;
      start = 0;
      safe = 0;
      while (safe == 0) {
        int count = in.read(window, filled, WINDOW_BYTES - filled);
        if (count < 0) {
          throw broken("it ends before its last boundary");
        }
        filled += count;
        int found = indexOfDelimiter(filled);
        if (found >= 0) {
          finished = true;
          safe = found;
          in.unread(window, found + delimiter.length, filled - found - delimiter.length);
          return;
        }
        safe = filled - overlap(filled);
      }
      in.unread(window, safe, filled - safe);
    }

    private int indexOfDelimiter(int filled) {
      for (int at = 0; at <= filled - delimiter.length; at++) {
        if (startsAt(at, delimiter.length)) {
          return at;
        }
      }
      return -1;
    }

    /** Returns how many of the last bytes may be the start of a delimiter. */
    private int overlap(int filled) {
      for (int size = Math.min(delimiter.length - 1, filled); size > 0; size--) {
        if (startsAt(filled - size, size)) {
          return size;
        }
      }
      return 0;
    }

    private boolean startsAt(int at, int size) {
      for (int i = 0; i < size; i++) {
        if (window[at + i] != delimiter[i]) {
          return false;
        }
      }
      return true;
    }

    void skipRest() throws IOException {
      transferTo(OutputStream.nullOutputStream());
    }
  }
}
