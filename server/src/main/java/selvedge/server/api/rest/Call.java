package selvedge.server.api.rest;

import selvedge.model.AccountId;
import selvedge.model.Bytes;
import selvedge.model.Namespace;
import selvedge.model.NamespaceInfo;
import selvedge.model.Namespaces;
import selvedge.server.access.Caller;
import selvedge.server.access.IdOrTitle;
import selvedge.server.access.NamespacePart;
import selvedge.server.access.Right;
import selvedge.server.api.Request;
import selvedge.server.api.route.Target;

/** A request and its sender. */
record Call(Request request, Target target, Caller caller) {

  AccountId account() {
    return target.account();
  }

  /** Requires the right on the account as a whole. */
  void require(Right right) {
    if (!caller.may(right, account())) {
      throw RestErrors.forbidden();
    }
  }

  /**
   * Finds the namespace that the path names. One of another account, or one that the caller may not
   * read, is answered exactly as one that does not exist.
   */
  NamespaceInfo namespace(Namespaces namespaces, Right right, String operation) {
    IdOrTitle name = target.namespace();
    if (name.id().isEmpty()) {
      throw RestErrors.notAnId(name.text());
    }
    NamespaceInfo info =
        namespaces
            .find(name.id().get())
            .filter(found -> found.account().equals(account()))
            .filter(found -> caller.keys(Right.READ, account(), found.id()).isPresent())
            .orElseThrow(() -> RestErrors.namespaceNotFound(operation));
    request.countFor(info.id());
    keys(info, right);
    return info;
  }

  /** Returns the prefix of the keys for which the caller has the right; empty for all of them. */
  Bytes keys(NamespaceInfo info, Right right) {
    return caller.keys(right, account(), info.id()).orElseThrow(RestErrors::forbidden);
  }

  /** Opens the part of a namespace for which the caller has the right. */
  Namespace open(Namespaces namespaces, NamespaceInfo info, Right right) {
    return NamespacePart.of(namespaces.open(info.id()), keys(info, right));
  }

  /** Returns whether the caller has the right for every key. */
  boolean isWhole(NamespaceInfo info, Right right) {
    return caller.may(right, account(), info.id());
  }
}
