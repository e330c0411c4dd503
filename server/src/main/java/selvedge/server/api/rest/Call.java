package selvedge.server.api.rest;

import selvedge.model.AccountId;
import selvedge.model.Bytes;
import selvedge.model.Namespace;
import selvedge.model.NamespaceId;
import selvedge.model.NamespaceInfo;
import selvedge.model.Namespaces;
import selvedge.server.access.Caller;
import selvedge.server.access.NamespacePart;
import selvedge.server.access.Right;
import selvedge.server.api.PercentCode;
import selvedge.server.api.Request;

/** A request whose sender and account are known. */
record Call(Request request, Caller caller, AccountId account) {

  boolean is(String method) {
    return request.method().equals(method);
  }

  /** The right on the account as a whole. */
  void require(Right right) {
    if (!caller.may(right, account)) {
      throw RestErrors.forbidden();
    }
  }

  /** As the other, by the text of an id. */
  NamespaceInfo namespace(Namespaces namespaces, String id, Right right, String operation) {
    if (!NamespaceId.isWellFormed(id)) {
      throw new RestFailure(
          400,
          10011,
          "could not parse UUID from request's namespace_id: 'invalid namespace format: "
              + PercentCode.shown(id)
              + "'");
    }
    return namespace(namespaces, new NamespaceId(id), right, operation);
  }

  /**
   * Finds a namespace of the account. One of another account, or one that the caller may not read,
   * is answered exactly as one that is not there.
   */
  NamespaceInfo namespace(Namespaces namespaces, NamespaceId id, Right right, String operation) {
    NamespaceInfo info =
        namespaces
            .find(id)
            .filter(found -> found.account().equals(account))
            .filter(found -> caller.keys(Right.READ, account, found.id()).isPresent())
            .orElseThrow(() -> RestErrors.namespaceNotFound(operation));
    keys(info, right);
    return info;
  }

  /** The prefix of the keys for which the caller has the right; empty for all of them. */
  Bytes keys(NamespaceInfo info, Right right) {
    return caller.keys(right, account, info.id()).orElseThrow(RestErrors::forbidden);
  }

  /** Opens what the caller may read or change of a namespace. */
  Namespace open(Namespaces namespaces, NamespaceInfo info, Right right) {
    return NamespacePart.of(namespaces.open(info.id()), keys(info, right));
  }

  /** Whether the caller has the right for every key. */
  boolean isWhole(NamespaceInfo info, Right right) {
    return caller.may(right, account, info.id());
  }
}
