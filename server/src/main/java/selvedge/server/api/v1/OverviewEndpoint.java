package selvedge.server.api.v1;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import selvedge.engine.summary.Amount;
import selvedge.engine.summary.Summaries;
import selvedge.engine.summary.Summary;
import selvedge.model.AccountId;
import selvedge.model.Bytes;
import selvedge.model.Limit;
import selvedge.model.Limits;
import selvedge.model.NamespaceInfo;
import selvedge.model.Namespaces;
import selvedge.model.Version;
import selvedge.server.access.Caller;
import selvedge.server.access.Right;
import selvedge.server.api.Json;
import selvedge.server.api.Query;
import selvedge.server.api.Request;
import selvedge.server.api.Response;
import selvedge.server.quota.QuotaBalance;
import tools.jackson.core.JsonGenerator;

/**
 * {@code /v1/overview} and {@code /v1/limits}: what a person sees first. Safe for use by many
 * threads.
 */
public final class OverviewEndpoint {
  /** The memory for a namespace in the answer. */
  private static final long NAMESPACE_BYTES = 512;

  private final Namespaces namespaces;
  private final Summaries summaries;
  private final Facts facts;
  private final Limits limits;
  private final InstantSource clock;

  /**
   * What the server knows of itself.
   *
   * @param latest the newest version
   * @param status writes the members of the status
   * @param freeBytes of the disk
   * @param totalBytes of the disk
   * @param storedBytes of the files of the store
   * @param certificateEnd the end of the certificate of the server, if it has one
   * @param usage the limited quotas of an account
   * @param requests the requests that were answered since the start
   */
  public record Facts(
      Supplier<Version> latest,
      Json.Writing status,
      LongSupplier freeBytes,
      LongSupplier totalBytes,
      LongSupplier storedBytes,
      Supplier<Optional<Instant>> certificateEnd,
      Function<AccountId, List<QuotaBalance>> usage,
      Supplier<Requests> requests) {}

  /** Numbers of answered requests. */
  public record Requests(long reads, long others) {}

  public OverviewEndpoint(
      Namespaces namespaces, Summaries summaries, Facts facts, Limits limits, InstantSource clock) {
    this.namespaces = namespaces;
    this.summaries = summaries;
    this.facts = facts;
    this.limits = limits;
    this.clock = clock;
  }

  /** Returns the namespaces that the caller may read and, to operators, the state of the server. */
  Response read(Request request, Caller caller) {
    boolean counts = Query.of(request).flag("count");
    List<NamespaceInfo> visible = visible(caller);
    request.memory().hold(visible.size() * NAMESPACE_BYTES);
    return V1Api.json(
        json -> {
          json.writeNumberProperty("version", facts.latest().get().number());
          json.writeStringProperty("at", clock.instant().toString());
          json.writeArrayPropertyStart("namespaces");
          for (NamespaceInfo info : visible) {
            json.writeStartObject();
            write(json, info, counts, isWhole(caller, info));
            json.writeEndObject();
          }
          json.writeEndArray();
          if (caller.mayEverywhere(Right.READ)) {
            server(json);
          }
        });
  }

  private List<NamespaceInfo> visible(Caller caller) {
    List<NamespaceInfo> visible = new ArrayList<>();
    List<AccountId> accounts = caller.account().map(List::of).orElseGet(namespaces::accounts);
    for (AccountId account : accounts) {
      for (NamespaceInfo info : namespaces.list(account)) {
        if (caller.keys(Right.READ, account, info.id()).isPresent()) {
          visible.add(info);
        }
      }
    }
    return visible;
  }

  private static boolean isWhole(Caller caller, NamespaceInfo info) {
    return caller.keys(Right.READ, info.account(), info.id()).equals(Optional.of(Bytes.EMPTY));
  }

  private void write(JsonGenerator json, NamespaceInfo info, boolean counts, boolean whole) {
    json.writeStringProperty("id", info.id().hex());
    json.writeStringProperty("title", info.title());
    json.writeStringProperty("account", info.account().hex());
    if (!whole) {
      return;
    }
    if (!counts) {
      summaries.peek(info.id()).ifPresent(amount -> write(json, amount));
      return;
    }
    switch (summaries.open(info.id())) {
      case Summaries.Found.Counting counting ->
          json.writeNumberProperty("counting", counting.percent());
      case Summaries.Found.Ready(Summary opened) -> {
        try (Summary summary = opened) {
          write(json, summary.below(Bytes.EMPTY));
          json.writeNumberProperty("version", summary.version().number());
        }
      }
    }
  }

  private static void write(JsonGenerator json, Amount amount) {
    json.writeNumberProperty("keys", amount.keys());
    json.writeNumberProperty("bytes", amount.bytes());
  }

  private void server(JsonGenerator json) {
    long free = facts.freeBytes().getAsLong();
    long total = facts.totalBytes().getAsLong();
    json.writeObjectPropertyStart("disk");
    json.writeNumberProperty("free_bytes", free);
    json.writeNumberProperty("total_bytes", total);
    json.writeNumberProperty("stored_bytes", facts.storedBytes().getAsLong());
    json.writeEndObject();
    Requests requests = facts.requests().get();
    json.writeObjectPropertyStart("requests");
    json.writeNumberProperty("reads", requests.reads());
    json.writeNumberProperty("others", requests.others());
    json.writeEndObject();
    var attention = new Attention();
    attention.disk(free, total, limits.get(Limit.DISK_RESERVE_BYTES));
    facts.certificateEnd().get().ifPresent(end -> attention.certificate(end, clock.instant()));
    namespaces.accounts().stream()
        .flatMap(account -> facts.usage().apply(account).stream())
        .forEach(attention::quota);
    attention.status(Json.tree(V1Api.object(facts.status())));
    json.writeArrayPropertyStart("attention");
    for (Attention.Notice notice : attention.notices()) {
      json.writeStartObject();
      json.writeStringProperty("level", notice.level().name().toLowerCase(Locale.ROOT));
      json.writeStringProperty("subject", notice.subject());
      json.writeStringProperty("text", notice.text());
      json.writeStringProperty("detail", notice.detail());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  /** Writes all limits with their values at this server. */
  void limits(JsonGenerator json) {
    json.writeArrayPropertyStart("limits");
    for (Limit limit : Limit.values()) {
      json.writeStartObject();
      json.writeStringProperty("name", limit.id());
      number(json, "value", limits.get(limit));
      json.writeStringProperty("unit", limit.unit());
      json.writeNumberProperty("least", limit.least());
      number(json, "most", limit.most());
      json.writeStringProperty("meaning", limit.meaning());
      json.writeBooleanProperty("shared", limit.isShared());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void number(JsonGenerator json, String name, long value) {
    if (value == Limit.none()) {
      json.writeNullProperty(name);
    } else {
      json.writeNumberProperty(name, value);
    }
  }
}
