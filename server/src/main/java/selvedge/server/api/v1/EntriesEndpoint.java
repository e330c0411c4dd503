package selvedge.server.api.v1;

import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
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
import selvedge.model.Outcome;
import selvedge.model.Version;
import selvedge.model.WriteOptions;
import selvedge.server.api.Query;
import selvedge.server.api.Reply;
import selvedge.server.api.Request;
import selvedge.server.api.Response;
import selvedge.server.api.shared.Entity;
import selvedge.server.api.shared.Keys;
import selvedge.server.api.shared.MetadataText;
import selvedge.server.api.shared.QueuedWrites;
import selvedge.server.api.shared.QuotaCharge;
import selvedge.server.api.shared.Submit;
import selvedge.server.api.shared.ValueLength;
import selvedge.server.quota.Allowance;
import selvedge.server.quota.Quota;

/** {@code …/values/{key}} and {@code …/increment/{key}}. */
final class EntriesEndpoint {
  private static final Pattern SECONDS = Pattern.compile("\\d{1,10}(\\.\\d{1,9})?");
  private static final String EXPIRES = "Selvedge-Expires";

  /** What becomes of a value that was queued, in the words of this face. */
  private static final QueuedWrites.Wording WORDING =
      new QueuedWrites.Wording(V1Api::perform, EntriesEndpoint::answer);

  private final QuotaCharge spending;
  private final QueuedWrites changes;
  private final Limits limits;

  EntriesEndpoint(Submit submit, Allowance allowance, Limits limits, InstantSource clock) {
    this.spending = new QuotaCharge(allowance);
    this.changes = new QueuedWrites(submit, allowance, limits, clock);
    this.limits = limits;
  }

  Response get(NamespaceRequest place, Key key) throws IOException {
    return spending.read(place.account(), Quota.READS, () -> find(place, key));
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

  /** Queues the put of a small value or the delete. */
  void submit(NamespaceRequest place, Key key, Reply reply) {
    Request request = place.request();
    Condition condition = Entity.condition(request);
    if (request.method().equals("PUT")) {
      WriteOptions how = how(request).condition(condition);
      changes.put(place.account(), place.id(), key, how, request, WORDING, reply);
    } else {
      changes.delete(place.account(), place.id(), key, condition, request, WORDING, reply);
    }
  }

  /** Whether the change is one that can be queued. */
  boolean takes(Request request) {
    return changes.takes(request);
  }

  Response put(NamespaceRequest place, Key key) throws IOException {
    Request request = place.request();
    WriteOptions how = how(request).condition(Entity.condition(request));
    Request admitted = spending.admitWrite(place.account(), place.id(), key, request);
    return spending.change(
        place.account(),
        Quota.WRITES,
        () -> answer(ValueLength.put(admitted, key, place.namespace(), how, limits)));
  }

  Response delete(NamespaceRequest place, Key key) throws IOException {
    var condition = Entity.condition(place.request());
    return spending.change(
        place.account(), Quota.DELETES, () -> answer(place.namespace().delete(key, condition)));
  }

  Response increment(NamespaceRequest place, Key key) throws IOException {
    WriteOptions how = how(place.request());
    long amount = amount(Query.of(place.request()).text("by").orElse("1"));
    spending.admitWrite(place.account(), place.id(), key, place.request());
    return spending.change(
        place.account(),
        Quota.WRITES,
        () -> {
          Counted counted = place.namespace().increment(key, amount, how);
          return V1Api.changed(
              counted.version(), json -> json.writeNumberProperty("value", counted.value()));
        });
  }

  private static long amount(String by) {
    try {
      return Long.parseLong(by);
    } catch (NumberFormatException e) {
      throw new InvalidRequestException("by is a whole number of 64 bits, not \"" + by + "\"");
    }
  }

  private static Response answer(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Accepted(Version version) -> V1Api.changed(version, _ -> {});
      case Outcome.Conflict(Version current) -> V1Errors.conflict(current);
    };
  }

  private WriteOptions how(Request request) {
    Query query = Query.of(request);
    Optional<Bytes> metadata = query.bytes("metadata");
    return expiry(query.text("ttl"), query.text("expires"))
        .metadata(
            metadata.isPresent()
                ? MetadataText.parse(metadata.get(), limits)
                : MetadataText.of(request, limits));
  }

  /** Parses a time to live in seconds, which may have a fraction, or a moment in milliseconds. */
  private WriteOptions expiry(Optional<String> ttl, Optional<String> expires) {
    if (ttl.isEmpty()) {
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
        "ttl must be a number of seconds, at least " + least + ", got \"" + ttl.get() + "\"");
  }

  private static WriteOptions moment(String millis) {
    try {
      return WriteOptions.PLAIN.expiresAt(Instant.ofEpochMilli(Long.parseLong(millis)));
    } catch (NumberFormatException e) {
      throw new InvalidRequestException(
          "expires is in milliseconds since 1970, not \"" + millis + "\"");
    }
  }

  Key key(String raw) {
    return Keys.fromPath(raw, limits);
  }
}
