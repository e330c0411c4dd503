package selvedge.model;

import java.time.Instant;

/**
 * The description of a namespace.
 *
 * @param id its id, which never changes
 * @param account the account that owns it
 * @param title its title, which no other namespace of the account has
 * @param createdAt when it was created
 * @param mode the mode that it was created with
 */
public record NamespaceInfo(
    NamespaceId id, AccountId account, String title, Instant createdAt, NamespaceMode mode) {

  /**
   * Creates the description of a namespace without a mode.
   *
   * @param id its id
   * @param account the account that owns it
   * @param title its title
   * @param createdAt when it was created
   */
  public NamespaceInfo(NamespaceId id, AccountId account, String title, Instant createdAt) {
    this(id, account, title, createdAt, NamespaceMode.UNSET);
  }

  /**
   * Returns a copy with another title.
   *
   * @param newTitle the title
   * @return the changed copy
   */
  public NamespaceInfo titled(String newTitle) {
    return new NamespaceInfo(id, account, newTitle, createdAt, mode);
  }
}
