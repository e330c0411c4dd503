package selvedge.model;

import java.util.List;
import java.util.Optional;

/**
 * The namespaces of one store, of all accounts. Safe for use by many threads; every method may
 * block.
 */
public interface Namespaces {

  /**
   * Returns the description of a namespace.
   *
   * @param id the id of the namespace
   * @return empty if there is none with this id
   */
  Optional<NamespaceInfo> find(NamespaceId id);

  /**
   * Returns the description of a namespace by title.
   *
   * @param account the account that owns it
   * @param title its title
   * @return empty if the account has none with this title
   */
  Optional<NamespaceInfo> find(AccountId account, String title);

  /**
   * Returns the namespaces of an account.
   *
   * @param account the account
   * @return the descriptions in the order of the titles; empty for an account without namespaces
   */
  List<NamespaceInfo> list(AccountId account);

  /**
   * Returns every account that has a namespace.
   *
   * @return the accounts in the order of their ids
   */
  List<AccountId> accounts();

  /**
   * Creates a namespace without a mode.
   *
   * @param account the account that owns it
   * @param title a title that no other namespace of the account has
   * @return the description of the new namespace
   * @throws TitleTakenException if the account has a namespace with this title
   * @throws InvalidRequestException if the title is empty
   * @throws LimitExceededException if the title is too long, or the account has too many namespaces
   */
  default NamespaceInfo create(AccountId account, String title) {
    return create(account, title, NamespaceMode.UNSET);
  }

  /**
   * Creates a namespace with a mode.
   *
   * @param account the account that owns it
   * @param title a title that no other namespace of the account has
   * @param mode the mode, which is stored and changes nothing else
   * @return the description of the new namespace
   * @throws TitleTakenException if the account has a namespace with this title
   * @throws InvalidRequestException if the title is empty
   * @throws LimitExceededException if the title is too long, or the account has too many namespaces
   */
  NamespaceInfo create(AccountId account, String title, NamespaceMode mode);

  /**
   * Gives a namespace another title. The title that it already has is not an error.
   *
   * @param id the id of the namespace
   * @param title a title that no other namespace of the account has
   * @return the description with the new title
   * @throws NamespaceNotFoundException if there is no such namespace
   * @throws TitleTakenException if another namespace of the account has the title
   * @throws InvalidRequestException if the title is empty
   * @throws LimitExceededException if the title is too long
   */
  NamespaceInfo rename(NamespaceId id, String title);

  /**
   * Deletes a namespace. Its entries are unreadable at once, their space is freed in the
   * background.
   *
   * @param id the id of the namespace
   * @throws NamespaceNotFoundException if there is no such namespace
   */
  void delete(NamespaceId id);

  /**
   * Returns a namespace for reads and writes. It need not be closed.
   *
   * @param id the id of the namespace
   * @return the namespace
   * @throws NamespaceNotFoundException if there is none, here or at a later use
   */
  Namespace open(NamespaceId id);
}
