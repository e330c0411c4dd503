package selvedge.server.access;

import java.util.Optional;
import selvedge.model.AccountId;
import selvedge.model.Bytes;
import selvedge.model.NamespaceId;

/** The sender of a request and its rights. */
public interface Caller {

  /** Returns whether the caller has the right for the account and all its namespaces. */
  boolean may(Right right, AccountId account);

  /** Returns whether the caller has the right for all keys of the namespace. */
  boolean may(Right right, AccountId account, NamespaceId namespace);

  /**
   * Returns the prefix of the keys that the caller has the right for: an empty prefix for all keys,
   * an empty optional for none.
   */
  Optional<Bytes> keys(Right right, AccountId account, NamespaceId namespace);

  /** Returns whether the caller has any right in the account. */
  boolean hasRightIn(AccountId account);

  /** Returns whether the caller has the right for all accounts. */
  boolean mayEverywhere(Right right);

  /** Returns whether the caller may administer tokens, and promote or redirect this server. */
  boolean mayOperate();

  /** Returns the account of the grant; empty if it is for all accounts. */
  Optional<AccountId> account();

  /** Returns whether the caller has a token, whose rights a request may narrow. */
  boolean isToken();

  /** Returns the id of the token, never its secret. */
  String tokenId();
}
