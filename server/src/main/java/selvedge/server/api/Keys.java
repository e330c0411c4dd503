package selvedge.server.api;

import java.nio.charset.StandardCharsets;
import selvedge.model.Bytes;
import selvedge.model.InvalidKeyException;
import selvedge.model.InvalidKeyException.Reason;
import selvedge.model.Key;
import selvedge.model.Limit;
import selvedge.model.Limits;

/** Parses keys and prefixes, with the error messages that clients of Workers KV rely on. */
public final class Keys {
  private Keys() {}

  /** Decodes a key from a path, once. */
  public static Key fromPath(String raw, Limits limits) {
    Bytes bytes =
        PercentCode.decodePath(raw)
            .orElseThrow(
                () -> new InvalidKeyException(Reason.NOT_UTF8, "Could not URL-decode key name"));
    return of(bytes, limits);
  }

  /** Returns the key of a JSON document. */
  public static Key of(String name, Limits limits) {
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(name)) {
      throw new InvalidKeyException(Reason.NOT_UTF8, "Key names must be Unicode");
    }
    return of(Bytes.utf8(name), limits);
  }

  public static Key of(Bytes bytes, Limits limits) {
    requireLength(bytes, limits);
    try {
      return new Key(bytes);
    } catch (InvalidKeyException e) {
      String text =
          switch (e.reason()) {
            case EMPTY -> "Key names must not be empty";
            case DOTS -> "Illegal key name \"" + bytes.utf8() + "\". Please use a different name.";
            case NOT_UTF8 -> "Could not URL-decode key name";
            case TOO_LONG -> tooLong(bytes, limits);
          };
      throw new InvalidKeyException(e.reason(), text);
    }
  }

  /** Checks a prefix, which may be empty or end within a character. */
  public static Bytes prefix(Bytes bytes, Limits limits) {
    requireLength(bytes, limits);
    return bytes;
  }

  private static void requireLength(Bytes bytes, Limits limits) {
    if (bytes.size() > limits.get(Limit.KEY_BYTES)) {
      throw new InvalidKeyException(Reason.TOO_LONG, tooLong(bytes, limits));
    }
  }

  private static String tooLong(Bytes bytes, Limits limits) {
    return "UTF-8 encoded length of "
        + bytes.size()
        + " exceeds key length limit of "
        + limits.get(Limit.KEY_BYTES)
        + ".";
  }
}
