package selvedge.server.api.v1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import selvedge.model.Bytes;
import selvedge.model.Entry;
import selvedge.model.InvalidRequestException;
import selvedge.model.Limit;
import selvedge.model.Limits;
import selvedge.model.Listed;
import selvedge.model.Listing;
import selvedge.model.Mutation;
import selvedge.model.Page;
import selvedge.model.Version;
import selvedge.model.wire.Message;
import selvedge.model.wire.MessageWriter;
import selvedge.model.wire.Omitted;
import selvedge.server.api.Body;
import selvedge.server.api.HeaderNames;
import selvedge.server.api.Keys;
import selvedge.server.api.Query;
import selvedge.server.api.Response;
import selvedge.server.api.shared.KeyArray;
import selvedge.server.quota.Allowance;
import selvedge.server.quota.Quota;

/** {@code …/count} and {@code …/keys}: all keys with a prefix. */
final class PrefixEndpoint {
  private final Allowance allowance;
  private final Limits limits;

  PrefixEndpoint(Allowance allowance, Limits limits) {
    this.allowance = allowance;
    this.limits = limits;
  }

  Response count(NamespaceRequest place) {
    Bytes prefix = prefix(Query.of(place.request()));
    allowance.spend(place.account(), Quota.LISTS, 1);
    long count = place.namespace().count(prefix);
    return V1Api.json(json -> json.writeNumberProperty("count", count));
  }

  /** Returns a page of keys in frames, each an outline of its entry. */
  Response list(NamespaceRequest place) throws IOException {
    Query query = Query.of(place.request());
    long most = limits.get(Limit.PAGE_KEYS);
    var listing =
        new Listing(prefix(query), query.bytes("from").orElse(Bytes.EMPTY), limit(query, most));
    allowance.spend(place.account(), Quota.LISTS, 1);
    Version asOf = place.namespace().latest();
    KeyArray.hold(place.request(), listing.limit());
    Page page = place.namespace().list(listing);
    var out = new ByteArrayOutputStream();
    var writer = new MessageWriter(out);
    writer.write(new Message.Hello(0, asOf));
    for (Listed each : page.entries()) {
      var value = new Omitted(each.valueBytes());
      var entry = new Entry(each.key(), value, each.metadata(), each.expiry(), each.version());
      writer.write(new Message.Placed(place.id(), entry));
    }
    writer.write(new Message.End(page.entries().size(), ""));
    return Response.of(
        200,
        new Body.Held(Bytes.adopt(out.toByteArray())),
        new Response.Header(HeaderNames.CONTENT_TYPE, "application/vnd.selvedge.entries"),
        new Response.Header(HeaderNames.SELVEDGE_COMPLETE, Boolean.toString(page.complete())));
  }

  private static int limit(Query query, long most) {
    String text = query.text("limit").orElse(Long.toString(most));
    try {
      int limit = Integer.parseInt(text);
      if (limit >= 1 && limit <= most) {
        return limit;
      }
    } catch (NumberFormatException e) {
      throw badLimit(most, text);
    }
    throw badLimit(most, text);
  }

  private static InvalidRequestException badLimit(long most, String text) {
    return new InvalidRequestException(
        "limit must be from 1 to " + most + ", got \"" + text + "\"");
  }

  /** Deletes all keys with a prefix. The whole namespace requires an explicit parameter. */
  Response clear(NamespaceRequest place) {
    Query query = Query.of(place.request());
    Bytes prefix = prefix(query);
    if (prefix.isEmpty() && !query.flag("all")) {
      throw new InvalidRequestException("give a prefix, or all=true to clear the namespace");
    }
    spend(place, prefix);
    Version version = place.namespace().write(List.of(new Mutation.Clear(prefix)));
    return V1Api.changed(version, _ -> {});
  }

  /** Charges each key as a delete. Keys are counted only if the account has a quota for deletes. */
  private void spend(NamespaceRequest place, Bytes prefix) {
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
