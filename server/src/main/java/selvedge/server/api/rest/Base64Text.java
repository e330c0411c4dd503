package selvedge.server.api.rest;

import java.io.IOException;
import java.io.InputStream;
import java.util.Base64;
import selvedge.server.api.BlockInputStream;

/** The bytes of base64 text, decoded as strictly as {@link Base64.Decoder#decode} does. */
final class Base64Text extends BlockInputStream {
  private static final int GROUP = 4;
  private static final int TEXT_BYTES = GROUP * 4096;

  private final InputStream text;
  private byte[] bytes = {};
  private int position;
  private boolean ended;

  Base64Text(InputStream text) {
    this.text = text;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    while (position == bytes.length) {
      byte[] piece = text.readNBytes(TEXT_BYTES);
      if (piece.length == 0) {
        return -1;
      }
      decode(piece);
    }
    int count = Math.min(length, bytes.length - position);
    System.arraycopy(bytes, position, target, offset, count);
    position += count;
    return count;
  }

  /** Refuses text after a padding or after an incomplete group. */
  private void decode(byte[] piece) {
    if (ended) {
      throw SpooledText.notBase64();
    }
    ended = piece.length % GROUP != 0 || piece[piece.length - 1] == '=';
    try {
      bytes = Base64.getDecoder().decode(piece);
      position = 0;
    } catch (IllegalArgumentException e) {
      throw SpooledText.notBase64();
    }
  }

  @Override
  public void close() throws IOException {
    text.close();
  }
}
