package selvedge.model;

import java.time.Instant;

/** What is known of a namespace apart from its entries. */
public record NamespaceInfo(
    NamespaceId id, AccountId account, String title, Instant createdAt, NamespaceMode mode) {

  /** Without a mode. */
  public NamespaceInfo(NamespaceId id, AccountId account, String title, Instant createdAt) {
    this(id, account, title, createdAt, NamespaceMode.UNSET);
  }

  /** Returns the same namespace with another title. */
  public NamespaceInfo titled(String newTitle) {
    return new NamespaceInfo(id, account, newTitle, createdAt, mode);
  }
}
