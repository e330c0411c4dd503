package selvedge.server.access;

import java.util.Optional;
import selvedge.model.AccountId;
import selvedge.model.Bytes;
import selvedge.model.NamespaceId;

/**
 * A caller of an open server: it may read and write everything.
 *
 * @param mayOperate whether the caller sent the local secret, which only the owner of the data
 *     directory can read
 */
public record OpenCaller(boolean mayOperate) implements Caller {

  @Override
  public boolean may(Right right, AccountId account) {
    return true;
  }

  @Override
  public boolean may(Right right, AccountId account, NamespaceId namespace) {
    return true;
  }

  @Override
  public Optional<Bytes> keys(Right right, AccountId account, NamespaceId namespace) {
    return Optional.of(Bytes.EMPTY);
  }

  @Override
  public boolean hasRightIn(AccountId account) {
    return true;
  }

  @Override
  public boolean mayEverywhere(Right right) {
    return true;
  }

  @Override
  public Optional<AccountId> account() {
    return Optional.empty();
  }

  @Override
  public boolean isToken() {
    return false;
  }

  @Override
  public String tokenId() {
    return mayOperate ? "local" : "open";
  }
}
