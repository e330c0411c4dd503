package selvedge.server.api.v1;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import selvedge.engine.summary.Amount;
import selvedge.engine.summary.Summaries;
import selvedge.engine.summary.Summary;
import selvedge.model.Bytes;
import selvedge.model.Expiry;
import selvedge.model.InvalidRequestException;
import selvedge.model.Limit;
import selvedge.model.Limits;
import selvedge.model.Listed;
import selvedge.model.Listing;
import selvedge.model.Page;
import selvedge.model.Version;
import selvedge.server.access.NamespacePart;
import selvedge.server.api.HeaderNames;
import selvedge.server.api.Json;
import selvedge.server.api.Keys;
import selvedge.server.api.Query;
import selvedge.server.api.Response;
import selvedge.server.api.shared.KeyArray;
import selvedge.server.quota.Allowance;
import selvedge.server.quota.Quota;
import tools.jackson.core.JsonGenerator;

/**
 * {@code …/tree} and {@code …/rows}: exact counts of prefixes, and pages of keys by position. Safe
 * for use by many threads.
 */
public final class SummaryEndpoint {
  private static final int ACCEPTED = 202;
  private static final int GROUPS_MAX = 1000;
  private static final int GROUPS = 200;
  private static final int ROWS = 100;

  private final Summaries summaries;
  private final Allowance allowance;
  private final Limits limits;

  public SummaryEndpoint(Summaries summaries, Allowance allowance, Limits limits) {
    this.summaries = summaries;
    this.allowance = allowance;
    this.limits = limits;
  }

  /**
   * A part of a namespace.
   *
   * @param prefix as it was requested
   * @param keys the prefix of the keys that the caller may read of it; empty if there are none
   */
  private record Scope(Bytes prefix, Optional<Bytes> keys) {

    Summary.Span span() {
      return keys.map(start -> new Summary.Span(start, Summary.endOf(start)))
          .orElse(new Summary.Span(Bytes.EMPTY, Bytes.EMPTY));
    }
  }

  /** Returns the scope of a request for a namespace that may be read here. */
  private Scope scope(NamespaceRequest place, Query query) {
    Bytes prefix = Keys.prefix(query.bytes("prefix").orElse(Bytes.EMPTY), limits);
    allowance.spend(place.account(), Quota.LISTS, 1);
    // Throws if an edge only caches the namespace, or is too old for it.
    Page _ = place.namespace().list(new Listing(prefix, Bytes.EMPTY, 1));
    return new Scope(prefix, NamespacePart.both(prefix, place.prefix()));
  }

  /** Returns the groups of the keys with a prefix, each with its exact count. */
  Response tree(NamespaceRequest place) {
    Query query = Query.of(place.request());
    KeyGrouping grouping = KeyGrouping.of(query);
    int limit = number(query, "limit", GROUPS, GROUPS_MAX);
    Bytes from = query.bytes("from").orElse(Bytes.EMPTY);
    Scope scope = scope(place, query);
    return switch (summaries.open(place.id())) {
      case Summaries.Found.Counting counting -> counting(place, counting);
      case Summaries.Found.Ready(Summary opened) -> {
        try (Summary summary = opened) {
          Summary.Groups groups =
              summary.groups(scope.span(), from, grouping.behind(scope.prefix()), limit);
          Amount all = amount(summary, scope);
          yield V1Api.json(
              json -> {
                asOf(json, summary);
                json.writeStringProperty("prefix", scope.prefix().utf8());
                json.writeNumberProperty("count", all.keys());
                json.writeNumberProperty("bytes", all.bytes());
                write(json, groups);
              });
        }
      }
    };
  }

  private static Amount amount(Summary summary, Scope scope) {
    return scope.keys().map(summary::below).orElse(Amount.NONE);
  }

  private static void asOf(JsonGenerator json, Summary summary) {
    json.writeNumberProperty("version", summary.version().number());
    json.writeStringProperty("at", summary.at().toString());
  }

  private static void write(JsonGenerator json, Summary.Groups groups) {
    json.writeArrayPropertyStart("children");
    for (Summary.Group group : groups.groups()) {
      json.writeStartObject();
      json.writeStringProperty("prefix", group.prefix().utf8());
      json.writeNumberProperty("count", group.amount().keys());
      json.writeNumberProperty("bytes", group.amount().bytes());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeNumberProperty("keys", groups.keys());
    groups.next().ifPresent(next -> json.writeStringProperty("next", next.utf8()));
  }

  private static Response counting(NamespaceRequest place, Summaries.Found.Counting counting) {
    Response response = V1Api.json(json -> progress(json, place, counting));
    return new Response(ACCEPTED, "Accepted", response.headers(), response.body())
        .header(HeaderNames.RETRY_AFTER, "1");
  }

  /** A caller that may read a part must not see how many keys the other parts have. */
  private static void progress(
      JsonGenerator json, NamespaceRequest place, Summaries.Found.Counting counting) {
    json.writeObjectPropertyStart("counting");
    json.writeNumberProperty("percent", counting.percent());
    if (place.prefix().isEmpty()) {
      json.writeNumberProperty("rows", counting.rows());
    }
    json.writeEndObject();
  }

  /**
   * Returns a page of keys from a position or from a key on. A page from a key needs no counts, so
   * that keys are shown while they are being counted.
   */
  Response rows(NamespaceRequest place) {
    Query query = Query.of(place.request());
    Optional<String> position = query.text("position");
    Optional<Bytes> from = query.bytes("from");
    if (position.isPresent() && from.isPresent()) {
      throw new InvalidRequestException("give either position or from, got both");
    }
    long first = position.isPresent() ? position(position.get()) : 0;
    int limit = number(query, "limit", ROWS, limits.size(Limit.PAGE_KEYS));
    Scope scope = scope(place, query);
    KeyArray.hold(place.request(), limit);
    return switch (summaries.open(place.id())) {
      case Summaries.Found.Counting counting when position.isPresent() -> counting(place, counting);
      case Summaries.Found.Counting counting -> {
        Listing listing = new Listing(scope.prefix(), from.orElse(Bytes.EMPTY), limit);
        yield uncounted(place, listing, counting);
      }
      case Summaries.Found.Ready(Summary opened) -> {
        try (Summary summary = opened) {
          yield position.isPresent()
              ? at(summary, scope, first, limit)
              : from(summary, scope, from.orElse(Bytes.EMPTY), limit);
        }
      }
    };
  }

  private static Response uncounted(
      NamespaceRequest place, Listing listing, Summaries.Found.Counting counting) {
    Version version = place.namespace().latest();
    Page page = place.namespace().list(listing);
    return V1Api.json(
        json -> {
          json.writeNumberProperty("version", version.number());
          json.writeStringProperty("prefix", listing.prefix().utf8());
          progress(json, place, counting);
          write(json, page.entries());
          json.writeBooleanProperty("complete", page.complete());
        });
  }

  private static Response at(Summary summary, Scope scope, long position, int limit) {
    long total = amount(summary, scope).keys();
    List<Listed> rows = List.of();
    if (position < total) {
      long before = summary.before(scope.span().start()).keys();
      rows = summary.at(before + position, scope.span().end(), limit);
    }
    return page(summary, scope, new Rows(position, total, rows));
  }

  private static Response from(Summary summary, Scope scope, Bytes from, int limit) {
    long total = amount(summary, scope).keys();
    Bytes start = scope.span().later(from);
    if (total == 0 || start.compareTo(scope.span().end()) >= 0) {
      return page(summary, scope, new Rows(total, total, List.of()));
    }
    long before = summary.before(scope.span().start()).keys();
    long position = summary.before(start).keys() - before;
    return page(
        summary, scope, new Rows(position, total, summary.from(start, scope.span().end(), limit)));
  }

  /** A page of keys, and where it is among all keys of its scope. */
  private record Rows(long position, long total, List<Listed> entries) {}

  private static Response page(Summary summary, Scope scope, Rows rows) {
    return V1Api.json(
        json -> {
          asOf(json, summary);
          json.writeStringProperty("prefix", scope.prefix().utf8());
          json.writeNumberProperty("total", rows.total());
          json.writeNumberProperty("position", rows.position());
          write(json, rows.entries());
          json.writeBooleanProperty(
              "complete", rows.position() + rows.entries().size() >= rows.total());
        });
  }

  private static void write(JsonGenerator json, List<Listed> entries) {
    json.writeArrayPropertyStart("rows");
    for (Listed entry : entries) {
      json.writeStartObject();
      json.writeStringProperty("key", entry.key().bytes().utf8());
      json.writeNumberProperty("bytes", entry.valueBytes());
      json.writeNumberProperty("version", entry.version().number());
      if (entry.expiry() instanceof Expiry.At(Instant instant)) {
        json.writeNumberProperty("expires", instant.toEpochMilli());
      }
      if (entry.metadata().isPresent()) {
        json.writeName("metadata");
        Json.writeRaw(json, entry.metadata().json());
      }
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static long position(String text) {
    try {
      long position = Long.parseLong(text);
      if (position >= 0) {
        return position;
      }
    } catch (NumberFormatException e) {
      throw badPosition(text);
    }
    throw badPosition(text);
  }

  private static InvalidRequestException badPosition(String text) {
    return new InvalidRequestException(
        "position must be a whole number, 0 or more, got \"" + text + "\"");
  }

  private static int number(Query query, String name, int usual, int most) {
    String text = query.text(name).orElse(Integer.toString(Math.min(usual, most)));
    try {
      int number = Integer.parseInt(text);
      if (number >= 1 && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw badNumber(name, most, text);
    }
    throw badNumber(name, most, text);
  }

  private static InvalidRequestException badNumber(String name, int most, String text) {
    return new InvalidRequestException(
        name + " must be from 1 to " + most + ", got \"" + text + "\"");
  }
}
