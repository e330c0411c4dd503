package selvedge.server.api.v1;

import selvedge.model.AccountId;
import selvedge.model.Bytes;
import selvedge.model.Namespace;
import selvedge.model.NamespaceId;
import selvedge.server.api.Request;

/**
 * A request and the namespace that it is about.
 *
 * @param namespace the part of it for which the caller has the right
 * @param prefix of the keys of that part; empty for the whole namespace
 */
record NamespaceRequest(
    Request request, AccountId account, NamespaceId id, Namespace namespace, Bytes prefix) {}
