package selvedge.server.access;

import java.time.Instant;
import java.util.Optional;
import selvedge.model.AccountId;
import selvedge.model.Bytes;
import selvedge.model.Expiry;
import selvedge.model.NamespaceId;

/**
 * A token as the server stores it: without its secret.
 *
 * @param digest the HMAC of the secret
 */
public record Token(
    String id, String name, Bytes digest, Grant grant, Instant createdAt, Expiry expiry)
    implements Caller {

  @Override
  public boolean may(Right right, AccountId account) {
    return grant.allows(right, account);
  }

  @Override
  public boolean may(Right right, AccountId account, NamespaceId namespace) {
    return grant.allows(right, account, namespace);
  }

  @Override
  public Optional<Bytes> keys(Right right, AccountId account, NamespaceId namespace) {
    return grant.keys(right, account, namespace);
  }

  @Override
  public boolean hasRightIn(AccountId account) {
    return grant.touches(account);
  }

  @Override
  public boolean mayEverywhere(Right right) {
    return grant.scope() instanceof Grant.Everywhere && grant.right().includes(right);
  }

  @Override
  public boolean mayOperate() {
    return mayEverywhere(Right.ADMIN);
  }

  @Override
  public Optional<AccountId> account() {
    return switch (grant.scope()) {
      case Grant.Everywhere() -> Optional.empty();
      case Grant.InAccount(AccountId account) -> Optional.of(account);
      case Grant.InNamespace(AccountId account, NamespaceId _) -> Optional.of(account);
      case Grant.InPart(AccountId account, NamespaceId _, Bytes _) -> Optional.of(account);
    };
  }

  @Override
  public boolean isToken() {
    return true;
  }

  @Override
  public String tokenId() {
    return id;
  }
}
