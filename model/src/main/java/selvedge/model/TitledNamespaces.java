package selvedge.model;

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
        namespaces.find(account, title).map(NamespaceInfo::id).orElseGet(() -> create(title)));
  }

  private NamespaceId create(String title) {
    try {
      return namespaces.create(account, title).id();
    } catch (TitleTakenException e) {
      return e.holder();
    }
  }

  @Override
  public void close() {}
}
