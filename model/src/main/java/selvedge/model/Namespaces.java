package selvedge.model;

import java.util.List;
import java.util.Optional;

/** The namespaces of one store. Safe for use by many threads. */
public interface Namespaces {

  Optional<NamespaceInfo> find(NamespaceId id);

  Optional<NamespaceInfo> find(AccountId account, String title);

  /** Returns the account's namespaces in the order of their titles. */
  List<NamespaceInfo> list(AccountId account);

  /** Returns every account that has a namespace, in the order of their ids. */
  List<AccountId> accounts();

  /** Throws {@link TitleTakenException} when the account has the title already. */
  default NamespaceInfo create(AccountId account, String title) {
    return create(account, title, NamespaceMode.UNSET);
  }

  /** As {@link #create(AccountId, String)}, and keeps a mode for the programs that read it back. */
  NamespaceInfo create(AccountId account, String title, NamespaceMode mode);

  NamespaceInfo rename(NamespaceId id, String title);

  /** The namespace vanishes at once; its space is freed in the background. */
  void delete(NamespaceId id);

  /** Throws {@link NamespaceNotFoundException} when there is none, now or at a later use. */
  Namespace open(NamespaceId id);
}
