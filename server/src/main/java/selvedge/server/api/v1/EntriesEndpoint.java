package selvedge.server.api.v1;

import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;
import selvedge.model.Bytes;
import selvedge.model.Condition;
import selvedge.model.Counted;
import selvedge.model.Entry;
import selvedge.model.Expiry;
import selvedge.model.InvalidRequestException;
import selvedge.model.Key;
import selvedge.model.Limit;
import selvedge.model.Limits;
import selvedge.model.Lookup;
import selvedge.model.Metadata;
import selvedge.model.Namespace;
import selvedge.model.Outcome;
import selvedge.model.Version;
import selvedge.model.WriteOptions;
import selvedge.server.access.NamespacePart;
import selvedge.server.api.HeaderNames;
import selvedge.server.api.Query;
import selvedge.server.api.Reply;
import selvedge.server.api.Request;
import selvedge.server.api.Response;
import selvedge.server.api.route.Routes;
import selvedge.server.api.route.V1Route;
import selvedge.server.api.shared.Entity;
import selvedge.server.api.shared.KeyWrites;
import selvedge.server.api.shared.MeasuredStream;
import selvedge.server.api.shared.MetadataText;
import selvedge.server.api.shared.ProtocolContext;
import selvedge.server.api.shared.QuotaCharge;

/** {@code …/values/{key}} and {@code …/increment/{key}}. */
final class EntriesEndpoint {
  private static final Pattern SECONDS = Pattern.compile("\\d{1,10}(\\.\\d{1,9})?");
  private static final String EXPIRES = "Selvedge-Expires";

  private static final KeyWrites.Wording WORDING =
      new KeyWrites.Wording(V1Errors.RESPONSES, EntriesEndpoint::answer);

  private final QuotaCharge charge;
  private final KeyWrites writes;
  private final Limits limits;

  EntriesEndpoint(KeyWrites writes, ProtocolContext context) {
    this.charge = new QuotaCharge(context.allowance());
    this.writes = writes;
    this.limits = context.limits();
  }

  Response get(NamespaceRequest place, Key key) throws IOException {
    return charge.read(place.account(), V1Route.GET.quota(), () -> find(place, key));
  }

  private static Response find(NamespaceRequest place, Key key) {
    return switch (place.namespace().get(key)) {
      case Lookup.Found(Entry entry, var _) ->
          entry.expiry() instanceof Expiry.At(var instant)
              ? Entity.response(
                  place.request(),
                  entry,
                  new Response.Header(EXPIRES, Long.toString(instant.toEpochMilli())))
              : Entity.response(place.request(), entry);
      case Lookup.Missing _ ->
          V1Errors.answer(404, "key_not_found", "there is no key \"" + key + "\"");
    };
  }

  /** Puts the body or deletes the key, as the route of the request says. */
  void change(NamespaceRequest place, Key key, Reply reply) {
    NamespacePart.require(place.prefix(), key);
    Request request = place.request();
    boolean isPut = Routes.of(request).route() == V1Route.PUT;
    WriteOptions options =
        (isPut ? options(request) : WriteOptions.PLAIN).condition(Entity.condition(request));
    var write = new KeyWrites.Write(request, place.account(), place.id(), key, options);
    if (isPut) {
      writes.put(write, WORDING, reply);
    } else {
      writes.delete(write, WORDING, reply);
    }
  }

  /**
   * Changes the value, the metadata and the expiry of an entry, each of them only if the request
   * has it.
   */
  void edit(NamespaceRequest place, Key key, Reply reply) {
    NamespacePart.require(place.prefix(), key);
    Request request = place.request();
    var edit = new Edit(request, key, Entity.condition(request), options(request));
    var write = new KeyWrites.Write(request, place.account(), place.id(), key, WriteOptions.PLAIN);
    writes.stream(write, edit::store, WORDING, reply);
  }

  /** An edit of one entry. */
  private final class Edit {
    private final Key key;
    private final Condition condition;
    private final WriteOptions given;
    private final boolean hasMetadata;
    private final boolean hasExpiry;
    private final boolean hasValue;

    Edit(Request request, Key key, Condition condition, WriteOptions given) {
      if (condition instanceof Condition.Absent) {
        throw new InvalidRequestException(
            "an edit changes an entry that exists: use If-Match, or PUT for a new entry");
      }
      Query query = Query.of(request);
      this.key = key;
      this.condition = condition;
      this.given = given;
      this.hasMetadata =
          query.bytes("metadata").isPresent()
              || request.header(HeaderNames.CF_KV_METADATA).isPresent();
      this.hasExpiry = query.text("ttl").isPresent() || query.text("expires").isPresent();
      this.hasValue = request.contentLength().orElse(1) > 0;
    }

    /** Repeats an edit that another change came before, unless it has a condition or a body. */
    Outcome store(Request request, Namespace namespace) throws IOException {
      while (true) {
        if (!(namespace.get(key) instanceof Lookup.Found(Entry entry, var _))) {
          if (condition instanceof Condition.Is) {
            return new Outcome.Conflict(Version.NONE);
          }
          throw new V1Failure(404, "key_not_found", "there is no key \"" + key + "\"");
        }
        if (condition instanceof Condition.Is(Version version)
            && !version.equals(entry.version())) {
          return new Outcome.Conflict(entry.version());
        }
        Outcome outcome = store(request, namespace, entry);
        if (outcome instanceof Outcome.Accepted || condition instanceof Condition.Is || hasValue) {
          return outcome;
        }
      }
    }

    private Outcome store(Request request, Namespace namespace, Entry entry) throws IOException {
      WriteOptions expiring =
          hasExpiry || !(entry.expiry() instanceof Expiry.At(Instant instant))
              ? given
              : given.expiresAt(instant);
      WriteOptions complete =
          expiring
              .metadata(hasMetadata ? given.metadata() : entry.metadata())
              .condition(Condition.version(entry.version()));
      return hasValue
          ? namespace.put(
              key, MeasuredStream.bodyOf(request, limits.get(Limit.VALUE_BYTES)), complete)
          : namespace.put(key, entry.value(), complete);
    }
  }

  Response increment(NamespaceRequest place, Key key) throws IOException {
    WriteOptions options = options(place.request()).condition(Entity.condition(place.request()));
    long amount = amount(Query.of(place.request()).text("by").orElse("1"));
    charge.admitWrite(place.account(), place.id(), key, place.request());
    return charge.change(
        place.account(),
        V1Route.INCREMENT.quota(),
        () -> {
          Counted counted = place.namespace().increment(key, amount, options);
          return V1Api.changed(
              counted.version(), json -> json.writeNumberProperty("value", counted.value()));
        });
  }

  private static long amount(String by) {
    try {
      return Long.parseLong(by);
    } catch (NumberFormatException e) {
      throw new InvalidRequestException("by must be a whole number of 64 bits, got \"" + by + "\"");
    }
  }

  private static Response answer(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Accepted(Version version) -> V1Api.changed(version, _ -> {});
      case Outcome.Conflict(Version current) -> V1Errors.conflict(current);
    };
  }

  private WriteOptions options(Request request) {
    Query query = Query.of(request);
    Optional<Bytes> metadata = query.bytes("metadata");
    return expiry(query.text("ttl"), query.text("expires"))
        .metadata(
            metadata.isPresent() ? metadata(metadata.get()) : MetadataText.of(request, limits));
  }

  private Metadata metadata(Bytes text) {
    return text.isEmpty() ? Metadata.NONE : MetadataText.parse(text, limits);
  }

  /** Parses a time to live in seconds, which may have a fraction, or a moment in milliseconds. */
  private WriteOptions expiry(Optional<String> ttl, Optional<String> expires) {
    if (ttl.isEmpty()) {
      if (expires.equals(Optional.of("never"))) {
        return WriteOptions.PLAIN;
      }
      return expires.map(EntriesEndpoint::moment).orElse(WriteOptions.PLAIN);
    }
    long least = limits.get(Limit.NATIVE_TTL_SECONDS_MIN);
    if (SECONDS.matcher(ttl.get()).matches()) {
      var seconds = new BigDecimal(ttl.get());
      int nanos = seconds.remainder(BigDecimal.ONE).movePointRight(9).intValue();
      var timeToLive = Duration.ofSeconds(seconds.longValue(), nanos);
      if (timeToLive.compareTo(Duration.ofSeconds(least)) >= 0) {
        return WriteOptions.PLAIN.expiresIn(timeToLive);
      }
    }
    throw new InvalidRequestException(
        "ttl must be at least " + least + " seconds, as a number, got \"" + ttl.get() + "\"");
  }

  private static WriteOptions moment(String millis) {
    try {
      return WriteOptions.PLAIN.expiresAt(Instant.ofEpochMilli(Long.parseLong(millis)));
    } catch (NumberFormatException e) {
      throw new InvalidRequestException(
          "expires must be in milliseconds since 1970, or never, got \"" + millis + "\"");
    }
  }
}
