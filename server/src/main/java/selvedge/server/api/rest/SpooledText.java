package selvedge.server.api.rest;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import selvedge.model.Bytes;
import selvedge.model.InvalidRequestException;
import selvedge.model.Value;
import selvedge.server.api.shared.Spool;

/**
 * A string of a JSON document in a spool, as a value. Each reader reads it from the spool, so a
 * value of any length takes no memory. Belongs to one thread.
 */
final class SpooledText implements Value {
  private static final long UNKNOWN = -1;

  private final Spool document;
  private final long start;
  private final long end;
  private final boolean base64;
  private long length = UNKNOWN;

  /**
   * @param document a document that a parser has accepted
   * @param start the position after the quote that starts the string
   * @param end some position after the end of the string
   */
  SpooledText(Spool document, long start, long end, boolean base64) {
    this.document = document;
    this.start = start;
    this.end = end;
    this.base64 = base64;
  }

  @Override
  public InputStream open() {
    InputStream text = new JsonText(document.open(start), end - start);
    return base64 ? new Base64Text(text) : text;
  }

  /** Reads the string to find its length. */
  @Override
  public long length() {
    if (length == UNKNOWN) {
      try (InputStream bytes = open()) {
        length = bytes.transferTo(OutputStream.nullOutputStream());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return length;
  }

  /** Reads the value into memory if it has at most the given number of bytes; else returns this. */
  Value inMemory(int bytesMax) throws IOException {
    try (InputStream bytes = open()) {
      byte[] held = bytes.readNBytes(bytesMax + 1);
      return held.length <= bytesMax ? Bytes.adopt(held) : this;
    }
  }

  /**
   * Returns the bytes that the text encodes in base64.
   *
   * @throws InvalidRequestException if it is not base64
   */
  static InvalidRequestException notBase64() {
    return new InvalidRequestException("the value is not base64");
  }
}
