package selvedge.server.access;

import java.util.Optional;
import selvedge.model.AccountId;
import selvedge.model.NamespaceId;

/** The caller of a server that is open: may do anything. */
public record Anyone() implements Caller {

  @Override
  public boolean may(Right right, AccountId account) {
    return true;
  }

  @Override
  public boolean may(Right right, AccountId account, NamespaceId namespace) {
    return true;
  }

  @Override
  public boolean knows(AccountId account) {
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
  public String tokenId() {
    return "open";
  }
}
