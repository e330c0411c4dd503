package selvedge.server.access;

import selvedge.model.AccountId;
import selvedge.model.InvalidRequestException;
import selvedge.model.NamespaceId;

/** Where a right holds. */
public record Grant(Scope scope, Right right) {
  public Grant {
    if (right == Right.REPLICATE && !(scope instanceof Everywhere)) {
      throw new InvalidRequestException("grant replicate requires account all and no namespace");
    }
  }

  /** Whether programs that do not have the right {@code replicate} read this grant as it is. */
  boolean isOfOldForm() {
    return right != Right.REPLICATE;
  }

  /** The part of the server that a grant is about. */
  public sealed interface Scope {}

  /** All accounts. */
  public record Everywhere() implements Scope {}

  /** One account with all its namespaces. */
  public record InAccount(AccountId account) implements Scope {}

  /** One namespace. */
  public record InNamespace(AccountId account, NamespaceId namespace) implements Scope {}

  boolean allows(Right wanted, AccountId account) {
    return right.includes(wanted)
        && switch (scope) {
          case Everywhere() -> true;
          case InAccount(AccountId own) -> own.equals(account);
          case InNamespace _ -> false;
        };
  }

  boolean allows(Right wanted, AccountId account, NamespaceId namespace) {
    return right.includes(wanted)
        && switch (scope) {
          case Everywhere() -> true;
          case InAccount(AccountId own) -> own.equals(account);
          case InNamespace(AccountId own, NamespaceId only) ->
              own.equals(account) && only.equals(namespace);
        };
  }

  boolean touches(AccountId account) {
    return switch (scope) {
      case Everywhere() -> true;
      case InAccount(AccountId own) -> own.equals(account);
      case InNamespace(AccountId own, NamespaceId _) -> own.equals(account);
    };
  }
}
