package selvedge.server.access;

import java.util.Optional;
import selvedge.model.AccountId;
import selvedge.model.NamespaceInfo;
import selvedge.model.Namespaces;

/**
 * Finds namespaces by id or title for those who may read them.
 *
 * @param home the account of a caller for all accounts who names none
 */
public record NamespaceFinder(Namespaces namespaces, AccountId home) {

  /** The account that a caller means without saying so. */
  public AccountId account(Caller caller) {
    return caller.account().orElse(home);
  }

  /** An id in any account, or a title in the caller's. */
  public Optional<NamespaceInfo> find(Caller caller, IdOrTitle name) {
    return name.id()
        .flatMap(namespaces::find)
        .filter(found -> caller.keys(Right.READ, found.account(), found.id()).isPresent())
        .or(() -> byTitle(caller, account(caller), name.text()));
  }

  /** An id or a title in that account. */
  public Optional<NamespaceInfo> find(Caller caller, AccountId account, IdOrTitle name) {
    return name.id()
        .flatMap(namespaces::find)
        .filter(found -> found.account().equals(account))
        .filter(found -> caller.keys(Right.READ, account, found.id()).isPresent())
        .or(() -> byTitle(caller, account, name.text()));
  }

  private Optional<NamespaceInfo> byTitle(Caller caller, AccountId account, String title) {
    return namespaces
        .find(account, title)
        .filter(found -> caller.keys(Right.READ, account, found.id()).isPresent());
  }
}
