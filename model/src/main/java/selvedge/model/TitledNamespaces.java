package selvedge.model;

/** Namespaces of one account by their titles. Safe for use by many threads. */
final class TitledNamespaces implements Selvedge {
  private static final AccountId ACCOUNT = new AccountId("0".repeat(32));

  private final Namespaces namespaces;

  TitledNamespaces(Namespaces namespaces) {
    this.namespaces = namespaces;
  }

  @Override
  public Namespace namespace(String title) {
    return namespaces.open(
        namespaces.find(ACCOUNT, title).map(NamespaceInfo::id).orElseGet(() -> create(title)));
  }

  private NamespaceId create(String title) {
    try {
      return namespaces.create(ACCOUNT, title).id();
    } catch (TitleTakenException e) {
      return e.holder();
    }
  }

  @Override
  public void close() {}
}
