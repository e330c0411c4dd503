package selvedge.server.api.route;

import java.util.Locale;
import selvedge.server.access.Right;

/** Which callers may use a route. */
public sealed interface Access {

  /** Every client, without a token. */
  record Anyone() implements Access {}

  /** Every caller that is admitted: with any token, or any caller of an open server. */
  record AnyCaller() implements Access {}

  /** Callers with a grant in the account, for all of it or for a part. */
  record InAccount() implements Access {}

  /** Callers with the right on the whole account. */
  record Account(Right right) implements Access {}

  /** Callers with the right on the namespace, or on a part of its keys. */
  record Namespace(Right right) implements Access {}

  /** Callers with the right on all accounts. */
  record Everywhere(Right right) implements Access {}

  /** Callers that may administer everything by a token, and the owner of the data directory. */
  record Operator() implements Access {}

  /**
   * Returns the right that is required.
   *
   * @throws IllegalStateException if no particular right is required
   */
  default Right right() {
    return switch (this) {
      case Account(Right right) -> right;
      case Namespace(Right right) -> right;
      case Everywhere(Right right) -> right;
      case Anyone(), AnyCaller(), InAccount(), Operator() ->
          throw new IllegalStateException(this + " requires no particular right");
    };
  }

  /** Returns the access in the words of the documentation. */
  default String text() {
    return switch (this) {
      case Anyone() -> "every client";
      case AnyCaller() -> "every caller";
      case InAccount() -> "any grant in the account";
      case Account(Right right) -> word(right) + " on the account";
      case Namespace(Right right) -> word(right) + " on the namespace";
      case Everywhere(Right right) -> word(right) + " everywhere";
      case Operator() -> "operator";
    };
  }

  private static String word(Right right) {
    return "`" + right.name().toLowerCase(Locale.ROOT) + "`";
  }
}
