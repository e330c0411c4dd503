package selvedge.server.access;

import java.util.Optional;
import selvedge.model.AccountId;
import selvedge.model.Bytes;
import selvedge.model.NamespaceId;

/** Who sends a request, as far as it matters: what they may do. */
public interface Caller {

  /** Whether the right holds for every namespace of the account, and for the account itself. */
  boolean may(Right right, AccountId account);

  /** Whether the right holds for every key of the namespace. */
  boolean may(Right right, AccountId account, NamespaceId namespace);

  /**
   * Returns the prefix of the keys for which the right holds, which is empty if it holds for all of
   * them; nothing if it holds for none.
   */
  Optional<Bytes> keys(Right right, AccountId account, NamespaceId namespace);

  /** Whether the caller may do anything at all in the account. */
  boolean knows(AccountId account);

  /** Whether the right holds everywhere. */
  boolean mayEverywhere(Right right);

  /** Whether the caller may administer tokens, and promote or redirect this process. */
  boolean mayOperate();

  /** The one account of the caller's grant; empty when it is for all. */
  Optional<AccountId> account();

  /** Whether the caller has shown a token, so that its rights can be narrowed. */
  boolean isToken();

  /** Names the token, never its secret. */
  String tokenId();
}
