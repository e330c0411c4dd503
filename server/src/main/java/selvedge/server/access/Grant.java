package selvedge.server.access;

import java.util.Locale;
import java.util.Optional;
import selvedge.model.AccountId;
import selvedge.model.Bytes;
import selvedge.model.InvalidRequestException;
import selvedge.model.NamespaceId;

/** A right and the part of the server that it is for. */
public record Grant(Scope scope, Right right) {
  private static final Optional<Bytes> ALL = Optional.of(Bytes.EMPTY);

  public Grant {
    if (right == Right.REPLICATE && !(scope instanceof Everywhere)) {
      throw new InvalidRequestException(
          "the grant replicate requires the account all, without a namespace");
    }
    if (scope instanceof InPart && right != Right.READ && right != Right.WRITE) {
      throw new InvalidRequestException(
          "a prefix requires the grant read or write, got "
              + right.name().toLowerCase(Locale.ROOT));
    }
  }

  /** Returns whether versions without prefixes and {@code replicate} read the grant correctly. */
  boolean isOfOldForm() {
    return right != Right.REPLICATE && !(scope instanceof InPart);
  }

  /** The part of the server that a grant is for. */
  public sealed interface Scope {}

  /** All accounts. */
  public record Everywhere() implements Scope {}

  /** One account with all its namespaces. */
  public record InAccount(AccountId account) implements Scope {}

  /** One namespace. */
  public record InNamespace(AccountId account, NamespaceId namespace) implements Scope {}

  /** The keys of one namespace that start with a prefix, which is not empty. */
  public record InPart(AccountId account, NamespaceId namespace, Bytes prefix) implements Scope {}

  boolean allows(Right wanted, AccountId account) {
    return right.includes(wanted)
        && switch (scope) {
          case Everywhere() -> true;
          case InAccount(AccountId own) -> own.equals(account);
          case InNamespace _, InPart _ -> false;
        };
  }

  boolean allows(Right wanted, AccountId account, NamespaceId namespace) {
    return right.includes(wanted)
        && switch (scope) {
          case Everywhere() -> true;
          case InAccount(AccountId own) -> own.equals(account);
          case InNamespace(AccountId own, NamespaceId only) ->
              own.equals(account) && only.equals(namespace);
          case InPart _ -> false;
        };
  }

  /**
   * Returns the prefix of the keys that the grant allows the right for; empty if there are none.
   */
  Optional<Bytes> keys(Right wanted, AccountId account, NamespaceId namespace) {
    if (scope instanceof InPart(AccountId own, NamespaceId only, Bytes prefix)) {
      return right.includes(wanted) && own.equals(account) && only.equals(namespace)
          ? Optional.of(prefix)
          : Optional.empty();
    }
    return allows(wanted, account, namespace) ? ALL : Optional.empty();
  }

  boolean touches(AccountId account) {
    return switch (scope) {
      case Everywhere() -> true;
      case InAccount(AccountId own) -> own.equals(account);
      case InNamespace(AccountId own, NamespaceId _) -> own.equals(account);
      case InPart(AccountId own, NamespaceId _, Bytes _) -> own.equals(account);
    };
  }
}
