package selvedge.server.api.v1;

import selvedge.engine.namespace.StalenessBounds;
import selvedge.model.Bytes;
import selvedge.model.InvalidRequestException;
import selvedge.model.Key;
import selvedge.model.Lookup;
import selvedge.model.Namespace;
import selvedge.model.NamespaceId;
import selvedge.model.Outcome;
import selvedge.model.Staleness;
import selvedge.model.WriteOptions;
import selvedge.server.api.Query;
import selvedge.server.api.Request;
import selvedge.server.api.Response;

/** {@code …/staleness}: the maximum age of an edge's answers, and what the edge does past it. */
public final class StalenessEndpoint {
  private final Namespace system;

  public StalenessEndpoint(Namespace system) {
    this.system = system;
  }

  Response get(NamespaceId id) {
    Key key = StalenessBounds.key(id);
    Staleness staleness =
        system.get(key) instanceof Lookup.Found found
            ? Staleness.parse(found.entry().value().bytes().utf8())
            : Staleness.USUAL;
    return V1Api.json(
        json -> {
          json.writeNumberProperty("bound", staleness.bound().toMillis());
          json.writeStringProperty("past", staleness.past().id());
        });
  }

  Response put(Request request, NamespaceId id) {
    Query query = Query.of(request);
    Staleness staleness =
        Staleness.of(
            query.text("bound").orElse(Long.toString(Staleness.USUAL.bound().toMillis())),
            query.text("past").orElse(Staleness.USUAL.past().id()));
    if (system.put(StalenessBounds.key(id), Bytes.utf8(staleness.toString()), WriteOptions.PLAIN)
        instanceof Outcome.Accepted accepted) {
      return V1Api.changed(
          accepted.version(),
          json -> {
            json.writeNumberProperty("bound", staleness.bound().toMillis());
            json.writeStringProperty("past", staleness.past().id());
          });
    }
    throw new InvalidRequestException(
        "another request has changed the bound at the same time: retry");
  }
}
