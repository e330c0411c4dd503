package selvedge.model;

/** Checks the ids of accounts and namespaces: 32 lower-case hex characters. */
final class Hex128 {
  private static final int LENGTH = 32;

  private Hex128() {}

  static boolean matches(String text) {
    if (text.length() != LENGTH) {
      return false;
    }
    for (int i = 0; i < LENGTH; i++) {
      char c = text.charAt(i);
      if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
        return false;
      }
    }
    return true;
  }

  static String require(String text, String name) {
    if (!matches(text)) {
      throw new InvalidRequestException(
          "the %s must be 32 lower-case hex characters, got \"%s\"".formatted(name, text));
    }
    return text;
  }
}
