package selvedge.server.api.rest;

import java.io.IOException;
import java.io.InputStream;
import java.time.InstantSource;
import java.util.Optional;
import selvedge.model.Bytes;
import selvedge.model.Entry;
import selvedge.model.Key;
import selvedge.model.Limit;
import selvedge.model.Limits;
import selvedge.model.Lookup;
import selvedge.model.Namespace;
import selvedge.model.NamespaceInfo;
import selvedge.model.Outcome;
import selvedge.model.Version;
import selvedge.model.WriteOptions;
import selvedge.server.api.HeaderNames;
import selvedge.server.api.Query;
import selvedge.server.api.Reply;
import selvedge.server.api.Request;
import selvedge.server.api.Response;
import selvedge.server.api.shared.Entity;
import selvedge.server.api.shared.Expirations;
import selvedge.server.api.shared.KeyWrites;
import selvedge.server.api.shared.MeasuredStream;
import selvedge.server.api.shared.MetadataText;
import selvedge.server.api.shared.ProtocolContext;
import selvedge.server.api.shared.Spools;

/** {@code …/values/{key}}. */
final class ValuesEndpoint {
  private final KeyWrites writes;
  private final Limits limits;
  private final InstantSource clock;
  private final Spools spools;

  ValuesEndpoint(KeyWrites writes, ProtocolContext context) {
    this.writes = writes;
    this.limits = context.limits();
    this.clock = context.clock();
    this.spools = context.spools();
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

  /** Puts the body, or the value of a form, which is spooled until its metadata has arrived. */
  void put(Call call, NamespaceInfo info, Key key, KeyWrites.Wording wording, Reply reply) {
    Request request = call.request();
    WriteOptions options = options(request);
    Optional<String> boundary = boundary(request);
    if (boundary.isPresent()) {
      writes.stream(
          new KeyWrites.Write(request, call.account(), info.id(), key, options),
          (body, namespace) -> putForm(body, key, namespace, options, boundary.get()),
          wording,
          reply);
    } else {
      WriteOptions complete = options.metadata(MetadataText.of(request, limits));
      writes.put(
          new KeyWrites.Write(request, call.account(), info.id(), key, complete), wording, reply);
    }
  }

  void delete(Call call, NamespaceInfo info, Key key, KeyWrites.Wording wording, Reply reply) {
    WriteOptions options = WriteOptions.PLAIN.condition(Entity.condition(call.request()));
    writes.delete(
        new KeyWrites.Write(call.request(), call.account(), info.id(), key, options),
        wording,
        reply);
  }

  /** Returns whether the body is a form that holds the value. */
  static boolean isForm(Request request) {
    return boundary(request).isPresent();
  }

  private WriteOptions options(Request request) {
    return Expirations.of(Query.of(request), limits, clock.instant())
        .condition(Entity.condition(request));
  }

  private static Optional<String> boundary(Request request) {
    return Multipart.boundary(request.header(HeaderNames.CONTENT_TYPE).orElse(""));
  }

  private Outcome putForm(
      Request request, Key key, Namespace namespace, WriteOptions options, String boundary)
      throws IOException {
    try (var form = new ValueForm(spools, request, limits)) {
      form.read(new Multipart(wholeForm(request), boundary));
      Optional<Bytes> metadata = form.metadata();
      WriteOptions complete =
          metadata.isPresent()
              ? options.metadata(MetadataText.parse(metadata.get(), limits))
              : options;
      return namespace.put(key, form.value(), complete);
    }
  }

  /**
   * Limits the form to several times a value, so that the refusal of a longer value can name its
   * length.
   */
  private InputStream wholeForm(Request request) {
    long most = 5 * limits.get(Limit.VALUE_BYTES) + limits.get(Limit.JSON_BODY_BYTES);
    return MeasuredStream.of(request.body(), most);
  }

  static Response answer(Outcome outcome, String operation) {
    return switch (outcome) {
      case Outcome.Accepted(Version version) ->
          Envelope.DONE
              .header(HeaderNames.ETAG, Entity.tag(version))
              .header(HeaderNames.SELVEDGE_VERSION, version.toString());
      case Outcome.Conflict(Version current) -> throw RestErrors.conflict(current, operation);
    };
  }
}
