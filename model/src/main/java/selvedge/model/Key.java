package selvedge.model;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** The name of one entry: UTF-8, not empty, neither {@code .} nor {@code ..}. */
public record Key(Bytes bytes) implements Comparable<Key> {

  public Key {
    if (bytes.isEmpty()) {
      throw new InvalidKeyException(InvalidKeyException.Reason.EMPTY, "a key must not be empty");
    }
    if (bytes.size() > Limits.KEY_BYTES_CEILING) {
      throw new InvalidKeyException(
          InvalidKeyException.Reason.TOO_LONG,
          "a key of " + bytes.size() + " bytes is over " + Limits.KEY_BYTES_CEILING);
    }
    if (isDots(bytes)) {
      throw new InvalidKeyException(
          InvalidKeyException.Reason.DOTS, "\"" + bytes.utf8() + "\" is not allowed as a key");
    }
    if (!isUtf8(bytes)) {
      throw new InvalidKeyException(InvalidKeyException.Reason.NOT_UTF8, "a key must be UTF-8");
    }
  }

  public static Key of(String name) {
    return new Key(Bytes.utf8(name));
  }

  public String name() {
    return bytes.utf8();
  }

  @Override
  public int compareTo(Key other) {
    return bytes.compareTo(other.bytes);
  }

  @Override
  public String toString() {
    return bytes.utf8();
  }

  private static boolean isDots(Bytes bytes) {
    return bytes.size() <= 2 && bytes.at(0) == '.' && bytes.at(bytes.size() - 1) == '.';
  }

  private static boolean isUtf8(Bytes bytes) {
    return bytes.isAscii() || decodes(bytes.asReadOnlyBuffer());
  }

  private static boolean decodes(ByteBuffer buffer) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(buffer);
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }
}
