package selvedge.server.access;

import java.util.Optional;
import selvedge.model.AccountId;
import selvedge.model.NamespaceInfo;
import selvedge.model.Namespaces;

/**
 * Finds the namespaces that a caller may read by id or title.
 *
 * @param defaultAccount the account for callers with a grant for all accounts
 */
public record NamespaceFinder(Namespaces namespaces, AccountId defaultAccount) {

  /** Returns the account of a request that does not contain one. */
  public AccountId account(Caller caller) {
    return caller.account().orElse(defaultAccount);
  }

  /** Finds a namespace by its id in any account, or by its title in the account of the caller. */
  public Optional<NamespaceInfo> find(Caller caller, IdOrTitle name) {
    return name.id()
        .flatMap(namespaces::find)
        .filter(found -> caller.keys(Right.READ, found.account(), found.id()).isPresent())
        .or(() -> byTitle(caller, account(caller), name.text()));
  }

  /** Finds a namespace of the account by its id or title. */
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
