package selvedge.server.api.v1;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import selvedge.model.AccountId;
import selvedge.model.Bytes;
import selvedge.model.Counted;
import selvedge.model.Expiry;
import selvedge.model.InvalidRequestException;
import selvedge.model.Key;
import selvedge.model.Limit;
import selvedge.model.Limits;
import selvedge.model.Lookup;
import selvedge.model.Metadata;
import selvedge.model.Mutation;
import selvedge.model.Namespace;
import selvedge.model.NamespaceId;
import selvedge.model.NamespaceInfo;
import selvedge.model.NamespaceNotFoundException;
import selvedge.model.Namespaces;
import selvedge.model.Outcome;
import selvedge.model.Put;
import selvedge.model.SelvedgeException;
import selvedge.model.Version;
import selvedge.server.access.Admission;
import selvedge.server.access.Caller;
import selvedge.server.access.Gate;
import selvedge.server.access.Right;
import selvedge.server.api.Body;
import selvedge.server.api.Entity;
import selvedge.server.api.Face;
import selvedge.server.api.Json;
import selvedge.server.api.Keys;
import selvedge.server.api.MeasuredStream;
import selvedge.server.api.PercentCode;
import selvedge.server.api.Query;
import selvedge.server.api.Request;
import selvedge.server.api.Response;
import selvedge.server.quota.Allowance;
import selvedge.server.quota.Left;
import selvedge.server.quota.Quota;

/** Everything under {@code /v1}. Safe for use by many threads. */
public final class NativeFace implements Face {
  public static final String PREFIX = "/v1";

  private static final String NAMESPACES = "/namespaces/";

  private final Namespaces namespaces;
  private final Gate gate;
  private final Allowance allowance;
  private final TokensEndpoint tokens;
  private final Limits limits;
  private final InstantSource clock;
  private final AccountId home;

  /**
   * @param home the account of a caller that names none
   */
  public NativeFace(
      Namespaces namespaces,
      Gate gate,
      Allowance allowance,
      TokensEndpoint tokens,
      Limits limits,
      InstantSource clock,
      AccountId home) {
    this.namespaces = namespaces;
    this.gate = gate;
    this.allowance = allowance;
    this.tokens = tokens;
    this.limits = limits;
    this.clock = clock;
    this.home = home;
  }

  @Override
  public boolean owns(String path) {
    return Face.isBelow(PREFIX, path);
  }

  @Override
  public Response refusal(int status, String message) {
    return NativeErrors.answer(status, "refused", message);
  }

  @Override
  public Response answer(Request request) {
    try {
      return switch (gate.admit(request)) {
        case Admission.Refused _ ->
            NativeErrors.answer(
                401, "unauthorized", "this takes Authorization: Bearer and a token");
        case Admission.Admitted(Caller caller) ->
            route(request, caller, request.path().substring(PREFIX.length()));
      };
    } catch (SelvedgeException e) {
      return NativeErrors.of(e);
    } catch (UncheckedIOException e) {
      IOException cause = e.getCause();
      return NativeErrors.of(cause == null ? new IOException(e) : cause);
    } catch (IOException e) {
      return NativeErrors.of(e);
    }
  }

  private Response route(Request request, Caller caller, String path) throws IOException {
    if (path.equals("/tokens") || path.startsWith("/tokens/")) {
      return tokens.answer(request, caller, path.substring("/tokens".length()));
    }
    if (path.equals("/usage")) {
      return usage(account(request, caller), caller);
    }
    if (!path.startsWith(NAMESPACES)) {
      return noRoute(request);
    }
    int end = path.indexOf('/', NAMESPACES.length());
    if (end < 0) {
      return noRoute(request);
    }
    String name = path.substring(NAMESPACES.length(), end);
    String behind = path.substring(end + 1);
    int slash = behind.indexOf('/');
    String kind = slash < 0 ? behind : behind.substring(0, slash);
    String key = slash < 0 ? "" : behind.substring(slash + 1);
    return namespace(request, caller, name, request.method() + " " + kind, key);
  }

  private Response namespace(Request request, Caller caller, String name, String what, String key)
      throws IOException {
    AccountId account = account(request, caller);
    return switch (what) {
      case "GET values", "HEAD values" ->
          get(request, account, open(caller, account, name, Right.READ).namespace(), key);
      case "PUT values" -> put(request, account, open(caller, account, name, Right.WRITE), key);
      case "DELETE values" ->
          delete(request, account, open(caller, account, name, Right.WRITE).namespace(), key);
      case "POST increment" ->
          increment(request, account, open(caller, account, name, Right.WRITE), key);
      case "GET count" ->
          count(request, account, open(caller, account, name, Right.READ).namespace());
      case "DELETE keys" ->
          clear(request, account, open(caller, account, name, Right.WRITE).namespace());
      default -> noRoute(request);
    };
  }

  private static Response noRoute(Request request) {
    return NativeErrors.answer(
        404,
        "no_route",
        "there is no " + request.method() + " " + request.path() + "; see docs/spec/http.md");
  }

  private AccountId account(Request request, Caller caller) {
    return Query.of(request).text("account").map(AccountId::new).or(caller::account).orElse(home);
  }

  /** A namespace and its id. */
  private record Place(NamespaceId id, Namespace namespace) {}

  /** Finds a namespace by id or, in its account, by title. */
  private Place open(Caller caller, AccountId account, String raw, Right right) {
    String name =
        PercentCode.decodePath(raw)
            .map(Bytes::utf8)
            .orElseThrow(() -> new InvalidRequestException("the path has a broken escape"));
    NamespaceInfo info =
        byId(account, name)
            .or(() -> namespaces.find(account, name))
            .filter(found -> caller.may(Right.READ, account, found.id()))
            .orElseThrow(
                () ->
                    new NamespaceNotFoundException(
                        "there is no namespace with the id or title \"" + name + "\""));
    if (!caller.may(right, account, info.id())) {
      throw new InvalidRequestException("the token may not write in this namespace");
    }
    return new Place(info.id(), namespaces.open(info.id()));
  }

  private Optional<NamespaceInfo> byId(AccountId account, String name) {
    return NamespaceId.isWellFormed(name)
        ? namespaces.find(new NamespaceId(name)).filter(info -> info.account().equals(account))
        : Optional.empty();
  }

  private Response get(Request request, AccountId account, Namespace namespace, String raw) {
    Key key = Keys.fromPath(raw, limits);
    allowance.spend(account, Quota.READS, 1);
    return switch (namespace.get(key)) {
      case Lookup.Found found -> Entity.response(request, found.entry());
      case Lookup.Missing _ ->
          NativeErrors.answer(404, "key_not_found", "there is no key \"" + key + "\"");
    };
  }

  private Response put(Request request, AccountId account, Place place, String raw)
      throws IOException {
    Key key = Keys.fromPath(raw, limits);
    Put how = how(request).condition(Entity.condition(request));
    allowance.admitWrite(account, place.id(), key, request.contentLength().orElse(0));
    allowance.spend(account, Quota.WRITES, 1);
    var body = MeasuredStream.bodyOf(request, limits.get(Limit.VALUE_BYTES));
    return outcome(place.namespace().put(key, body, how));
  }

  private Response delete(Request request, AccountId account, Namespace namespace, String raw) {
    Key key = Keys.fromPath(raw, limits);
    allowance.spend(account, Quota.DELETES, 1);
    return outcome(namespace.delete(key, Entity.condition(request)));
  }

  private static Response outcome(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Accepted(Version version) ->
          versioned(json(json -> json.writeNumberProperty("version", version.number())), version);
      case Outcome.Conflict(Version current) ->
          NativeErrors.answer(
                  412,
                  "conflict",
                  current.equals(Version.NONE)
                      ? "there is no entry under this key"
                      : "the entry in place has version " + current)
              .header("ETag", Entity.tag(current));
    };
  }

  private static Response versioned(Response response, Version version) {
    return response
        .header("ETag", Entity.tag(version))
        .header("Selvedge-Version", version.toString());
  }

  private Response increment(Request request, AccountId account, Place place, String raw) {
    Key key = Keys.fromPath(raw, limits);
    String by = Query.of(request).text("by").orElse("1");
    long amount;
    try {
      amount = Long.parseLong(by);
    } catch (NumberFormatException e) {
      throw new InvalidRequestException("by is a whole number, not \"" + by + "\"");
    }
    allowance.admitWrite(account, place.id(), key, 0);
    allowance.spend(account, Quota.WRITES, 1);
    Counted counted = place.namespace().increment(key, amount, how(request));
    return versioned(
        json(
            json -> {
              json.writeNumberProperty("value", counted.value());
              json.writeNumberProperty("version", counted.version().number());
            }),
        counted.version());
  }

  private Response count(Request request, AccountId account, Namespace namespace) {
    Bytes prefix = prefix(request);
    allowance.spend(account, Quota.LISTS, 1);
    long count = namespace.count(prefix);
    return json(json -> json.writeNumberProperty("count", count));
  }

  /** Clearing a whole namespace has to be said in so many words. */
  private Response clear(Request request, AccountId account, Namespace namespace) {
    Bytes prefix = prefix(request);
    boolean all = Query.of(request).text("all").orElse("").equals("true");
    if (prefix.isEmpty() && !all) {
      throw new InvalidRequestException("give a prefix, or all=true to clear the namespace");
    }
    allowance.spend(account, Quota.DELETES, 1);
    Version version = namespace.write(List.of(new Mutation.Clear(prefix)));
    return versioned(json(json -> json.writeNumberProperty("version", version.number())), version);
  }

  private Bytes prefix(Request request) {
    return Keys.prefix(Query.of(request).bytes("prefix").orElse(Bytes.EMPTY), limits);
  }

  private Put how(Request request) {
    Put how = Put.PLAIN.expiry(expiry(Query.of(request).text("ttl")));
    Optional<String> metadata = request.header("CF-KV-Metadata");
    if (metadata.isEmpty()) {
      return how;
    }
    Bytes json =
        Json.minify(Bytes.adopt(metadata.get().getBytes(StandardCharsets.ISO_8859_1)))
            .orElseThrow(() -> new InvalidRequestException("metadata must be valid JSON"));
    return how.metadata(new Metadata(json));
  }

  /** A time to live in seconds, with a fraction if need be. */
  private Expiry expiry(Optional<String> ttl) {
    if (ttl.isEmpty()) {
      return Expiry.NEVER;
    }
    long least = limits.get(Limit.NATIVE_TTL_SECONDS_MIN);
    try {
      double seconds = Double.parseDouble(ttl.get());
      if (seconds >= least && seconds <= Duration.ofDays(365 * 1000L).toSeconds()) {
        Instant now = clock.instant();
        return Expiry.after(Duration.ofMillis((long) (seconds * 1000)), now);
      }
    } catch (NumberFormatException e) {
      throw badTtl(ttl.get(), least);
    }
    throw badTtl(ttl.get(), least);
  }

  private static InvalidRequestException badTtl(String given, long least) {
    return new InvalidRequestException(
        "ttl is a number of seconds, at least " + least + ", not \"" + given + "\"");
  }

  private Response usage(AccountId account, Caller caller) {
    if (!caller.may(Right.READ, account)) {
      throw new InvalidRequestException("the token may not read the usage of this account");
    }
    List<Left> usage = allowance.usage(account);
    return json(
        json -> {
          json.writeStringProperty("account", account.hex());
          json.writeArrayPropertyStart("quotas");
          for (Left left : usage) {
            json.writeStartObject();
            json.writeStringProperty("quota", left.quota().id());
            json.writeNumberProperty("used", left.used());
            json.writeNumberProperty("limit", left.most());
            json.writeNumberProperty("left", left.left());
            json.writeStringProperty("resets", left.resetsAt().toString());
            json.writeEndObject();
          }
          json.writeEndArray();
        });
  }

  static Response json(Json.Writing members) {
    Bytes body =
        Json.bytes(
            json -> {
              json.writeStartObject();
              members.to(json);
              json.writeEndObject();
            });
    return Response.of(
        200, new Body.Held(body), new Response.Header("Content-Type", Json.CONTENT_TYPE));
  }
}
