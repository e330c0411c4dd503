package selvedge.server.api.v1;

import selvedge.model.AccountId;
import selvedge.model.Namespace;
import selvedge.model.NamespaceId;
import selvedge.server.api.Request;

/** A request and the namespace that it is about. */
record NamespaceRequest(Request request, AccountId account, NamespaceId id, Namespace namespace) {}
