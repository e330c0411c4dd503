package selvedge.server.access;

import java.util.Locale;
import selvedge.model.InvalidRequestException;

/** Parses rights. */
final class Rights {
  private Rights() {}

  static Right of(String word) {
    for (Right right : Right.values()) {
      if (right.name().toLowerCase(Locale.ROOT).equals(word)) {
        return right;
      }
    }
    throw new InvalidRequestException(
        "grant must be read, write, replicate or admin, got \"" + word + "\"");
  }
}
