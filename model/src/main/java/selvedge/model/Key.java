package selvedge.model;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * The name of an entry. Keys are ordered by their bytes, unsigned.
 *
 * @param bytes UTF-8, not empty, neither {@code .} nor {@code ..}
 */
public record Key(Bytes bytes) implements Comparable<Key> {

  /**
   * Checks the bytes.
   *
   * @throws InvalidKeyException if they are empty, too long, one or two dots, or not UTF-8
   */
  public Key {
    if (bytes.isEmpty()) {
      throw new InvalidKeyException(InvalidKeyException.Reason.EMPTY, "a key must not be empty");
    }
    if (bytes.size() > Limits.KEY_BYTES_CEILING) {
      throw new InvalidKeyException(
          InvalidKeyException.Reason.TOO_LONG,
          "a key must have at most " + Limits.KEY_BYTES_CEILING + " bytes, got " + bytes.size());
    }
    if (isDots(bytes)) {
      throw new InvalidKeyException(
          InvalidKeyException.Reason.DOTS, "a key must not be \"" + bytes.utf8() + "\"");
    }
    if (!isUtf8(bytes)) {
      throw new InvalidKeyException(InvalidKeyException.Reason.NOT_UTF8, "a key must be UTF-8");
    }
  }

  /**
   * Returns the key with a name.
   *
   * @param name the name as text
   * @return the key
   * @throws InvalidKeyException if the name cannot be a key
   */
  public static Key of(String name) {
    if (!JsonText.isUnicode(name)) {
      throw new InvalidKeyException(
          InvalidKeyException.Reason.NOT_UTF8,
          "a key must be Unicode, got one with a lone surrogate (half of a character)");
    }
    return new Key(Bytes.utf8(name));
  }

  /**
   * Returns the name as text.
   *
   * @return the bytes as UTF-8
   */
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
