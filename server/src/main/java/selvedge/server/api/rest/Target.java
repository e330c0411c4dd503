package selvedge.server.api.rest;

import java.util.Optional;
import selvedge.model.AccountId;

/**
 * A path of an account, taken apart.
 *
 * @param kind what stands behind the namespace's id, or what stands there itself
 * @param rest what stands behind the kind, still encoded
 */
record Target(AccountId account, String kind, String namespace, String rest) {
  private static final String CURRENT = "/storage/kv/namespaces";
  private static final String ALIAS = "/workers/namespaces";

  static Optional<Target> of(String path) {
    if (!path.startsWith("/accounts/")) {
      return Optional.empty();
    }
    int end = path.indexOf('/', "/accounts/".length());
    String id = path.substring("/accounts/".length(), end < 0 ? path.length() : end);
    if (!AccountId.isWellFormed(id)) {
      return Optional.empty();
    }
    String tail = end < 0 ? "" : path.substring(end);
    var account = new AccountId(id);
    if (tail.isEmpty()) {
      return Optional.of(new Target(account, "account", "", ""));
    }
    if (tail.equals("/tokens/verify")) {
      return Optional.of(new Target(account, "verify", "", ""));
    }
    if (tail.startsWith(CURRENT)) {
      return inNamespaces(account, tail.substring(CURRENT.length()));
    }
    if (tail.startsWith(ALIAS)) {
      return inNamespaces(account, tail.substring(ALIAS.length()));
    }
    return Optional.empty();
  }

  private static Optional<Target> inNamespaces(AccountId account, String tail) {
    if (tail.isEmpty() || tail.equals("/")) {
      return Optional.of(new Target(account, "namespaces", "", ""));
    }
    if (!tail.startsWith("/")) {
      return Optional.empty();
    }
    int end = tail.indexOf('/', 1);
    if (end < 0) {
      return Optional.of(new Target(account, "namespace", tail.substring(1), ""));
    }
    String namespace = tail.substring(1, end);
    String behind = tail.substring(end + 1);
    int slash = behind.indexOf('/');
    String kind = slash < 0 ? behind : behind.substring(0, slash);
    String rest = slash < 0 ? "" : behind.substring(slash + 1);
    boolean known =
        switch (kind) {
          case "keys" -> slash < 0;
          case "values", "metadata" -> !rest.isEmpty();
          case "bulk" -> slash < 0 || rest.equals("get") || rest.equals("delete");
          default -> false;
        };
    return known ? Optional.of(new Target(account, kind, namespace, rest)) : Optional.empty();
  }
}
