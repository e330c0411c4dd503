package selvedge.server.api.v1;

import java.util.List;
import selvedge.model.Bytes;
import selvedge.model.InvalidRequestException;
import selvedge.model.Limits;
import selvedge.model.Mutation;
import selvedge.model.Version;
import selvedge.server.api.Keys;
import selvedge.server.api.Query;
import selvedge.server.api.Response;
import selvedge.server.quota.Allowance;
import selvedge.server.quota.Quota;

/** {@code …/count} and {@code …/keys}: all keys that start with a prefix. */
final class PrefixEndpoint {
  private final Allowance allowance;
  private final Limits limits;

  PrefixEndpoint(Allowance allowance, Limits limits) {
    this.allowance = allowance;
    this.limits = limits;
  }

  Response count(Place place) {
    Bytes prefix = prefix(Query.of(place.request()));
    allowance.spend(place.account(), Quota.LISTS, 1);
    long count = place.namespace().count(prefix);
    return NativeFace.json(json -> json.writeNumberProperty("count", count));
  }

  /** Clearing a whole namespace has to be said in so many words. */
  Response clear(Place place) {
    Query query = Query.of(place.request());
    Bytes prefix = prefix(query);
    if (prefix.isEmpty() && !query.text("all").orElse("").equals("true")) {
      throw new InvalidRequestException("give a prefix, or all=true to clear the namespace");
    }
    spend(place, prefix);
    Version version = place.namespace().write(List.of(new Mutation.Clear(prefix)));
    return NativeFace.changed(version, _ -> {});
  }

  /** Each key is a delete, but keys are only counted where somebody counts deletes. */
  private void spend(Place place, Bytes prefix) {
    boolean counted =
        allowance.usage(place.account()).stream().anyMatch(left -> left.quota() == Quota.DELETES);
    if (counted) {
      allowance.spend(place.account(), Quota.DELETES, Math.max(1, place.namespace().count(prefix)));
    }
  }

  private Bytes prefix(Query query) {
    return Keys.prefix(query.bytes("prefix").orElse(Bytes.EMPTY), limits);
  }
}
