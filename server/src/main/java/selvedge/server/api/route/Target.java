package selvedge.server.api.route;

import org.jspecify.annotations.Nullable;
import selvedge.model.AccountId;
import selvedge.model.Bytes;
import selvedge.model.InvalidRequestException;
import selvedge.model.Key;
import selvedge.model.Limits;
import selvedge.server.access.IdOrTitle;
import selvedge.server.api.Keys;
import selvedge.server.api.PercentCode;

/**
 * The operation of a request: its route and the variable parts of its path.
 *
 * <p>Safe for use by many threads: what was decoded once is kept, and two threads that decode at
 * the same time get equal values.
 */
public final class Target {
  private final Route route;
  private final PathTemplate.Values values;
  private final boolean encodedNamespace;
  private @Nullable AccountId account;
  private @Nullable IdOrTitle namespace;
  private @Nullable Key key;

  /**
   * @param encodedNamespace whether the name of the namespace is percent-encoded; an id of the REST
   *     API is compared as it was sent
   */
  Target(Route route, PathTemplate.Values values, boolean encodedNamespace) {
    this.route = route;
    this.values = values;
    this.encodedNamespace = encodedNamespace;
  }

  public Route route() {
    return route;
  }

  /** Returns whether the path names an account. */
  public boolean hasAccount() {
    return !values.account().isEmpty();
  }

  /** Returns the account that the path names. */
  public AccountId account() {
    AccountId known = account;
    if (known == null) {
      known = new AccountId(values.account());
      account = known;
    }
    return known;
  }

  /**
   * Returns the namespace that the path or the header names.
   *
   * @throws InvalidRequestException if it has a broken escape
   */
  public IdOrTitle namespace() {
    IdOrTitle known = namespace;
    if (known == null) {
      known = IdOrTitle.of(namespaceText());
      namespace = known;
    }
    return known;
  }

  private String namespaceText() {
    return encodedNamespace
        ? PercentCode.decodePath(values.namespace())
            .map(Bytes::utf8)
            .orElseThrow(() -> new InvalidRequestException("the path has a broken escape"))
        : PercentCode.shown(values.namespace());
  }

  /**
   * Returns the key that the path names.
   *
   * @throws selvedge.model.InvalidKeyException if it is no key
   */
  public Key key(Limits limits) {
    Key known = key;
    if (known == null) {
      known = Keys.fromPath(values.key(), limits);
      key = known;
    }
    return known;
  }

  /** Returns the id of the token that the path names, still encoded. */
  public String token() {
    return values.token();
  }
}
