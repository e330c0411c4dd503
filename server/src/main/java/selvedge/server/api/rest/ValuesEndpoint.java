package selvedge.server.api.rest;

import java.io.IOException;
import java.io.InputStream;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.UnaryOperator;
import selvedge.model.Bytes;
import selvedge.model.Entry;
import selvedge.model.Key;
import selvedge.model.Limit;
import selvedge.model.Limits;
import selvedge.model.Lookup;
import selvedge.model.Namespace;
import selvedge.model.Outcome;
import selvedge.model.Version;
import selvedge.model.WriteOptions;
import selvedge.server.api.Query;
import selvedge.server.api.Request;
import selvedge.server.api.Response;
import selvedge.server.api.shared.Entity;
import selvedge.server.api.shared.Expirations;
import selvedge.server.api.shared.MeasuredStream;
import selvedge.server.api.shared.MetadataText;
import selvedge.server.api.shared.Spools;
import selvedge.server.api.shared.ValueLength;

/** {@code …/values/{key}}. */
final class ValuesEndpoint {
  private final Limits limits;
  private final InstantSource clock;
  private final Spools spools;

  ValuesEndpoint(Limits limits, InstantSource clock, Spools spools) {
    this.limits = limits;
    this.clock = clock;
    this.spools = spools;
  }

  static Response get(Request request, Lookup lookup) {
    return Entity.response(request, found(lookup, "get"));
  }

  static Entry found(Lookup lookup, String operation) {
    return switch (lookup) {
      case Lookup.Found(Entry entry, Version _) -> entry;
      case Lookup.Missing _ -> throw new RestFailure(404, 10009, operation + ": 'key not found'");
    };
  }

  /**
   * @param admitting runs when all but the body has been checked, and may refuse the write; returns
   *     the request that the body is read from
   */
  Response put(Request given, Key key, Namespace namespace, UnaryOperator<Request> admitting)
      throws IOException {
    WriteOptions how = how(given);
    Optional<String> boundary = boundary(given);
    Request request = admitting.apply(given);
    return answer(
        boundary.isPresent()
            ? ValueLength.within(
                limits.get(Limit.VALUE_BYTES),
                () -> putForm(request, key, namespace, how, boundary.get()))
            : ValueLength.put(
                request, key, namespace, how.metadata(MetadataText.of(request, limits)), limits),
        "put");
  }

  /** How the body is put, if it is the value itself; empty for a form, which holds the value. */
  Optional<WriteOptions> howPlain(Request request) {
    return boundary(request).isPresent()
        ? Optional.empty()
        : Optional.of(how(request).metadata(MetadataText.of(request, limits)));
  }

  private WriteOptions how(Request request) {
    Query query = Query.of(request);
    return Expirations.parse(
            query.text("expiration"),
            query.text("expiration_ttl"),
            limits.get(Limit.TTL_SECONDS_MIN),
            clock.instant())
        .condition(Entity.condition(request));
  }

  private static Optional<String> boundary(Request request) {
    return Multipart.boundary(request.header("Content-Type").orElse(""));
  }

  private Outcome putForm(
      Request request, Key key, Namespace namespace, WriteOptions how, String boundary)
      throws IOException {
    try (var form = new ValueForm(spools, request, limits)) {
      form.read(new Multipart(wholeForm(request), boundary));
      Optional<Bytes> metadata = form.metadata();
      WriteOptions complete =
          metadata.isPresent() ? how.metadata(MetadataText.parse(metadata.get(), limits)) : how;
      return namespace.put(key, form.value(), complete);
    }
  }

  /** Room for a value that is too long, so that its length can be told, but not for ever. */
  private InputStream wholeForm(Request request) {
    long most = 5 * limits.get(Limit.VALUE_BYTES) + limits.get(Limit.JSON_BODY_BYTES);
    return MeasuredStream.of(request.body(), most);
  }

  Response delete(Request request, Key key, Namespace namespace) {
    return answer(namespace.delete(key, Entity.condition(request)), "remove key");
  }

  static Response answer(Outcome outcome, String operation) {
    return switch (outcome) {
      case Outcome.Accepted(Version version) ->
          Envelope.DONE
              .header("ETag", Entity.tag(version))
              .header("Selvedge-Version", version.toString());
      case Outcome.Conflict(Version current) -> throw RestErrors.conflict(current, operation);
    };
  }
}
