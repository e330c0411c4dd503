package selvedge.server.analytics;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import selvedge.model.AccountId;
import selvedge.model.NamespaceId;
import selvedge.model.NamespaceInfo;
import selvedge.model.Namespaces;
import selvedge.server.access.Caller;
import selvedge.server.access.Right;

/**
 * The namespaces whose numbers a caller may see: those of which it may read every key. A caller
 * that may read everything also sees the numbers of deleted namespaces.
 */
public final class Visibility {
  private final boolean everything;
  private final boolean hasAccount;
  private final Map<NamespaceId, NamespaceInfo> namespaces = new LinkedHashMap<>();

  public Visibility(Caller caller, Namespaces all) {
    List<AccountId> accounts = caller.account().map(List::of).orElseGet(all::accounts);
    this.everything = caller.mayEverywhere(Right.READ);
    this.hasAccount =
        everything || accounts.stream().anyMatch(account -> caller.may(Right.READ, account));
    for (AccountId account : accounts) {
      for (NamespaceInfo info : all.list(account)) {
        if (caller.may(Right.READ, account, info.id())) {
          namespaces.put(info.id(), info);
        }
      }
    }
  }

  /** Returns whether the caller may see no numbers, not even those of future namespaces. */
  public boolean isNone() {
    return !hasAccount && namespaces.isEmpty();
  }

  /** Returns whether the caller may see the numbers of a namespace. */
  public boolean includes(NamespaceId id) {
    return everything || namespaces.containsKey(id);
  }

  /** Returns whether the caller may see the numbers of a namespace of an account. */
  public boolean includes(NamespaceId id, AccountId account) {
    NamespaceInfo info = namespaces.get(id);
    return info != null && info.account().equals(account);
  }

  /** Returns the namespaces that exist. */
  public List<NamespaceInfo> namespaces() {
    return List.copyOf(namespaces.values());
  }
}
