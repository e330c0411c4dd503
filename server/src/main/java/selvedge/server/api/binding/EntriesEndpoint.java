package selvedge.server.api.binding;

import java.time.InstantSource;
import selvedge.model.Entry;
import selvedge.model.Expiry;
import selvedge.model.Limits;
import selvedge.model.Lookup;
import selvedge.model.Outcome;
import selvedge.model.Version;
import selvedge.model.WriteOptions;
import selvedge.server.api.Body;
import selvedge.server.api.HeaderNames;
import selvedge.server.api.Query;
import selvedge.server.api.Request;
import selvedge.server.api.Response;
import selvedge.server.api.shared.Entity;
import selvedge.server.api.shared.Expirations;
import selvedge.server.api.shared.MetadataText;

/** Get, put and delete of one key. */
final class EntriesEndpoint {
  private static final Response.Header HIT =
      new Response.Header(HeaderNames.CF_CACHE_STATUS, "HIT");
  private static final Response.Header MISS =
      new Response.Header(HeaderNames.CF_CACHE_STATUS, "MISS");

  private final Limits limits;
  private final InstantSource clock;

  EntriesEndpoint(Limits limits, InstantSource clock) {
    this.limits = limits;
    this.clock = clock;
  }

  /**
   * @param fromMemory whether the entry was found in memory
   */
  static Response found(Request request, Lookup lookup, boolean fromMemory) {
    Response.Header status = fromMemory ? HIT : MISS;
    return switch (lookup) {
      case Lookup.Missing _ -> Response.of(404, Body.NONE, status);
      case Lookup.Found(Entry entry, var _) ->
          entry.expiry() instanceof Expiry.At at
              ? Entity.response(request, entry, status, expiration(at.wholeSecond()))
              : Entity.response(request, entry, status);
    };
  }

  private static Response.Header expiration(long second) {
    return new Response.Header(HeaderNames.CF_EXPIRATION, Long.toString(second));
  }

  /** Returns the options of a put. */
  WriteOptions options(Request request) {
    return Expirations.of(Query.of(request), limits, clock.instant())
        .metadata(MetadataText.of(request, limits))
        .condition(Entity.condition(request));
  }

  /** Returns options with the condition of a put or a delete. */
  static WriteOptions condition(Request request) {
    return WriteOptions.PLAIN.condition(Entity.condition(request));
  }

  static Response answer(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Accepted(Version version) ->
          Response.of(
              200,
              Body.NONE,
              new Response.Header(HeaderNames.ETAG, Entity.tag(version)),
              new Response.Header(HeaderNames.SELVEDGE_VERSION, version.toString()));
      case Outcome.Conflict(Version current) -> BindingErrors.conflict(current);
    };
  }
}
