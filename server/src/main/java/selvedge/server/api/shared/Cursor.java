package selvedge.server.api.shared;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.zip.CRC32C;
import selvedge.model.Bytes;
import selvedge.model.Key;
import selvedge.model.NamespaceId;

/**
 * Where a listing continues, in an opaque form.
 *
 * <p>It holds the last key and a checksum of this key, the namespace and the prefix. So a cursor of
 * another listing, or a damaged one, is refused and does not mix keys.
 */
public final class Cursor {
  private static final int CHECK_BYTES = 4;

  private Cursor() {}

  public static String encode(NamespaceId namespace, Bytes prefix, Key last) {
    byte[] key = last.bytes().toArray();
    byte[] text = Arrays.copyOf(key, key.length + CHECK_BYTES);
    int check = check(namespace, prefix, key);
    for (int i = 0; i < CHECK_BYTES; i++) {
      text[key.length + i] = (byte) (check >>> (8 * i));
    }
    return Base64.getUrlEncoder().withoutPadding().encodeToString(text);
  }

  /** Returns the last key that was listed; empty if the cursor belongs to another listing. */
  public static Optional<Bytes> decode(NamespaceId namespace, Bytes prefix, String cursor) {
    byte[] text;
    try {
      text = Base64.getUrlDecoder().decode(cursor);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
    if (text.length <= CHECK_BYTES) {
      return Optional.empty();
    }
    byte[] key = Arrays.copyOf(text, text.length - CHECK_BYTES);
    int check = 0;
    for (int i = 0; i < CHECK_BYTES; i++) {
      check |= (text[key.length + i] & 0xff) << (8 * i);
    }
    return check == check(namespace, prefix, key)
        ? Optional.of(Bytes.adopt(key))
        : Optional.empty();
  }

  private static int check(NamespaceId namespace, Bytes prefix, byte[] key) {
    var crc = new CRC32C();
    crc.update(namespace.hex().getBytes(StandardCharsets.US_ASCII));
    crc.update(prefix.size());
    crc.update(prefix.toArray());
    crc.update(key);
    return (int) crc.getValue();
  }
}
