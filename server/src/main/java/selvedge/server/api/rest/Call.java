package selvedge.server.api.rest;

import selvedge.model.AccountId;
import selvedge.model.NamespaceId;
import selvedge.model.NamespaceInfo;
import selvedge.model.Namespaces;
import selvedge.server.access.Caller;
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
            .filter(found -> caller.may(Right.READ, account, found.id()))
            .orElseThrow(() -> RestErrors.namespaceNotFound(operation));
    if (!caller.may(right, account, info.id())) {
      throw RestErrors.forbidden();
    }
    return info;
  }
}
