package selvedge.server.api.rest;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import selvedge.model.Bytes;
import selvedge.model.Entry;
import selvedge.model.Expiry;
import selvedge.model.Key;
import selvedge.model.Limit;
import selvedge.model.Limits;
import selvedge.model.Lookup;
import selvedge.model.Metadata;
import selvedge.model.Namespace;
import selvedge.model.Outcome;
import selvedge.model.Put;
import selvedge.model.Version;
import selvedge.server.api.Entity;
import selvedge.server.api.Expirations;
import selvedge.server.api.Json;
import selvedge.server.api.MeasuredStream;
import selvedge.server.api.Query;
import selvedge.server.api.Request;
import selvedge.server.api.Response;
import selvedge.server.api.TooLongException;

/** {@code …/values/{key}}. */
final class ValuesEndpoint {
  private final Limits limits;
  private final InstantSource clock;
  private final Path spool;

  ValuesEndpoint(Limits limits, InstantSource clock, Path spool) {
    this.limits = limits;
    this.clock = clock;
    this.spool = spool;
  }

  Response get(Request request, Key key, Namespace namespace) {
    return Entity.response(request, found(namespace.get(key), "get"));
  }

  static Entry found(Lookup lookup, String operation) {
    return switch (lookup) {
      case Lookup.Found(Entry entry, Version _) -> entry;
      case Lookup.Missing _ -> throw new RestFailure(404, 10009, operation + ": 'key not found'");
    };
  }

  Response put(Request request, Key key, Namespace namespace) throws IOException {
    Query query = Query.of(request);
    Expiry expiry =
        Expirations.parse(
            query.text("expiration"),
            query.text("expiration_ttl"),
            limits.get(Limit.TTL_SECONDS_MIN),
            clock.instant());
    Put how = Put.PLAIN.expiry(expiry).condition(Entity.condition(request));
    Optional<String> boundary = Multipart.boundary(request.header("Content-Type").orElse(""));
    try {
      Outcome outcome =
          boundary.isPresent()
              ? putForm(request, key, namespace, how, boundary.get())
              : putRaw(request, key, namespace, how);
      return answer(outcome, "put");
    } catch (TooLongException e) {
      throw tooLong(e.length());
    } catch (UncheckedIOException e) {
      throw e.getCause() instanceof TooLongException cause ? tooLong(cause.length()) : e;
    }
  }

  private RestFailure tooLong(long length) {
    return new RestFailure(
        413,
        10024,
        "put: 'Value length of "
            + length
            + " exceeds limit of "
            + limits.get(Limit.VALUE_BYTES)
            + ".'");
  }

  private Outcome putRaw(Request request, Key key, Namespace namespace, Put how)
      throws IOException {
    Optional<Bytes> metadata =
        request
            .header("CF-KV-Metadata")
            .map(text -> Bytes.adopt(text.getBytes(StandardCharsets.ISO_8859_1)));
    Put complete = metadata.isPresent() ? how.metadata(metadata(metadata.get())) : how;
    long most = limits.get(Limit.VALUE_BYTES);
    if (request.contentLength().orElse(0) > most) {
      throw tooLong(request.contentLength().orElse(0));
    }
    return namespace.put(key, new MeasuredStream(request.body(), most), complete);
  }

  private Outcome putForm(Request request, Key key, Namespace namespace, Put how, String boundary)
      throws IOException {
    try (var form = new ValueForm(spool, limits)) {
      form.read(new Multipart(request.body(), boundary));
      if (!form.hasValue()) {
        throw new RestFailure(400, 10012, "put: 'the form has no part named value'");
      }
      Put complete =
          form.metadata().isPresent() ? how.metadata(metadata(form.metadata().get())) : how;
      try (InputStream value = form.value()) {
        return namespace.put(key, value, complete);
      }
    }
  }

  /** Checks metadata and brings it on one line. */
  private Metadata metadata(Bytes text) {
    Bytes json =
        Json.minify(text)
            .orElseThrow(() -> new RestFailure(400, 10147, "metadata must be valid json"));
    return checked(json, limits, "put");
  }

  static Metadata checked(Bytes json, Limits limits, String operation) {
    if (json.equals(Bytes.utf8("null"))) {
      return Metadata.NONE;
    }
    if (json.size() > limits.get(Limit.METADATA_BYTES)) {
      throw new RestFailure(
          413,
          10024,
          operation
              + ": 'Metadata length of "
              + json.size()
              + " exceeds limit of "
              + limits.get(Limit.METADATA_BYTES)
              + ".'");
    }
    return new Metadata(json);
  }

  Response delete(Request request, Key key, Namespace namespace) {
    return answer(namespace.delete(key, Entity.condition(request)), "remove key");
  }

  private static Response answer(Outcome outcome, String operation) {
    return switch (outcome) {
      case Outcome.Accepted(Version version) ->
          Envelope.success(Envelope.NOTHING)
              .header("ETag", Entity.tag(version))
              .header("Selvedge-Version", version.toString());
      case Outcome.Conflict(Version current) when current.equals(Version.NONE) ->
          throw new RestFailure(412, 10412, operation + ": 'there is no entry under this key'");
      case Outcome.Conflict(Version current) ->
          throw new RestFailure(
                  412,
                  10412,
                  operation + ": 'the entry in place has version " + current.number() + "'")
              .header("ETag", Entity.tag(current));
    };
  }
}
