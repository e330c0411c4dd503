package selvedge.model;

import java.util.List;

/** Namespaces of one account by their titles. Safe for use by many threads. */
final class TitledNamespaces implements Selvedge {
  private final Namespaces namespaces;
  private final AccountId account;

  TitledNamespaces(Namespaces namespaces, AccountId account) {
    this.namespaces = namespaces;
    this.account = account;
  }

  @Override
  public Namespace namespace(String title) {
    return namespaces.open(
        namespaces.find(account, title).map(NamespaceInfo::id).orElseGet(() -> ensure(title)));
  }

  private NamespaceId ensure(String title) {
    try {
      return namespaces.create(account, title).id();
    } catch (TitleTakenException e) {
      return e.holder();
    }
  }

  @Override
  public List<String> titles() {
    return namespaces.list(account).stream().map(NamespaceInfo::title).toList();
  }

  @Override
  public Namespace create(String title) {
    return namespaces.open(namespaces.create(account, title).id());
  }

  @Override
  public void rename(String title, String newTitle) {
    namespaces.rename(require(title), newTitle);
  }

  @Override
  public void delete(String title) {
    namespaces.delete(require(title));
  }

  private NamespaceId require(String title) {
    return namespaces
        .find(account, title)
        .map(NamespaceInfo::id)
        .orElseThrow(
            () ->
                new NamespaceNotFoundException(
                    "there is no namespace with the title \"" + title + "\""));
  }

  @Override
  public void close() {}
}
