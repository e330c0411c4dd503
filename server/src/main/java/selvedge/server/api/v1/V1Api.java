package selvedge.server.api.v1;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import selvedge.engine.BackupManifest;
import selvedge.model.AccountId;
import selvedge.model.Bytes;
import selvedge.model.InvalidRequestException;
import selvedge.model.Limits;
import selvedge.model.Namespace;
import selvedge.model.NamespaceId;
import selvedge.model.NamespaceInfo;
import selvedge.model.NamespaceNotFoundException;
import selvedge.model.Namespaces;
import selvedge.model.SelvedgeException;
import selvedge.model.TitleTakenException;
import selvedge.model.Version;
import selvedge.server.access.Admission;
import selvedge.server.access.Caller;
import selvedge.server.access.Gate;
import selvedge.server.access.IdOrTitle;
import selvedge.server.access.NamespaceFinder;
import selvedge.server.access.NamespacePart;
import selvedge.server.access.Right;
import selvedge.server.api.Body;
import selvedge.server.api.LoopResult;
import selvedge.server.api.PercentCode;
import selvedge.server.api.Protocol;
import selvedge.server.api.Query;
import selvedge.server.api.Reply;
import selvedge.server.api.Request;
import selvedge.server.api.Response;
import selvedge.server.api.shared.Entity;
import selvedge.server.api.shared.Json;
import selvedge.server.api.shared.QuotaCharge;
import selvedge.server.api.shared.Submit;
import selvedge.server.quota.Allowance;
import selvedge.server.quota.QuotaBalance;

/** Everything under {@code /v1}. Safe for use by many threads. */
public final class V1Api implements Protocol {
  public static final String PREFIX = "/v1";

  private static final String NAMESPACES = "/namespaces/";
  private static final String TOKENS = "/tokens";

  private final Namespaces namespaces;
  private final Gate gate;
  private final Allowance allowance;
  private final TokensEndpoint tokens;
  private final Replication replication;
  private final StalenessEndpoint staleness;
  private final EntriesEndpoint entries;
  private final PrefixEndpoint prefixes;
  private final BulkEndpoint batches;
  private final NamespaceFinder finder;
  private final EdgeTokens edgeTokens = new EdgeTokens();

  /**
   * @param home the account of a caller that names none
   */
  public V1Api(
      Namespaces namespaces,
      Submit submit,
      Gate gate,
      Allowance allowance,
      TokensEndpoint tokens,
      Replication replication,
      StalenessEndpoint staleness,
      Limits limits,
      InstantSource clock,
      AccountId home) {
    this.namespaces = namespaces;
    this.gate = gate;
    this.allowance = allowance;
    this.tokens = tokens;
    this.replication = replication;
    this.staleness = staleness;
    this.entries = new EntriesEndpoint(submit, allowance, limits, clock);
    this.prefixes = new PrefixEndpoint(allowance, limits);
    this.batches = new BulkEndpoint(allowance, limits);
    this.finder = new NamespaceFinder(namespaces, home);
  }

  @Override
  public boolean owns(Request request) {
    return Protocol.isBelow(PREFIX, request.path());
  }

  @Override
  public Response refusal(int status, String message) {
    return refusal(status, "refused", message);
  }

  @Override
  public Response refusal(int status, String code, String message) {
    return V1Errors.answer(status, code, message);
  }

  @Override
  public Optional<LoopResult> answerNow(Request request) {
    return request.method().equals("GET") && request.path().contains("/values/")
        ? Optional.of(new LoopResult.Reading(() -> answer(request)))
        : Optional.empty();
  }

  /** Queues the put of a small value and the delete; everything else takes the other way. */
  @Override
  public boolean answerSoon(Request request, Reply reply) {
    String path = request.path().substring(PREFIX.length());
    if (!entries.takes(request) || !path.startsWith(NAMESPACES)) {
      return false;
    }
    String[] parts = path.substring(NAMESPACES.length()).split("/", 3);
    if (parts.length < 3 || !parts[1].equals("values")) {
      return false;
    }
    try {
      if (!(gate.admit(request) instanceof Admission.Admitted(Caller caller))) {
        return false;
      }
      NamespaceRequest place = at(request, caller, parts[0], Right.WRITE);
      if (!caller.may(Right.WRITE, place.account(), place.id())) {
        return false;
      }
      entries.submit(place, entries.key(parts[2]), reply);
      return true;
    } catch (SelvedgeException e) {
      return false;
    }
  }

  @Override
  public boolean isAdmitted(Request request) {
    return gate.admit(request) instanceof Admission.Admitted;
  }

  @Override
  public Response answer(Request request) {
    return perform(
        () ->
            switch (gate.admit(request)) {
              case Admission.Refused _ ->
                  V1Errors.answer(
                          401, "unauthorized", "this takes Authorization: Bearer and a token")
                      .header("WWW-Authenticate", "Bearer");
              case Admission.Admitted(Caller caller) ->
                  route(request, caller, request.path().substring(PREFIX.length()));
            });
  }

  static Response perform(QuotaCharge.Action action) {
    try {
      return action.run();
    } catch (SelvedgeException e) {
      return V1Errors.of(e);
    } catch (UncheckedIOException e) {
      IOException cause = e.getCause();
      return V1Errors.of(cause == null ? new IOException(e) : cause);
    } catch (IOException e) {
      return V1Errors.of(e);
    }
  }

  private Response route(Request request, Caller caller, String path) throws IOException {
    if (Protocol.isBelow(TOKENS, path)) {
      return tokens.answer(request, caller, path.substring(TOKENS.length()));
    }
    if (path.equals("/usage") && request.method().equals("GET")) {
      return usage(request, caller);
    }
    if (path.equals("/feed") && request.method().equals("GET")) {
      return replication.feed().read(request, caller, filter(request, caller));
    }
    if (path.equals("/snapshot") && request.method().equals("GET")) {
      requireReplica(caller);
      replication.peers().require(request);
      return replication.snapshot().read(request);
    }
    if (path.equals("/digest") && request.method().equals("GET")) {
      requireReplica(caller);
      return replication.digest().read(request);
    }
    if (path.equals("/promote") && request.method().equals("POST")) {
      requireOperator(caller, "promote");
      replication.control().promote();
      return json(json -> json.writeBooleanProperty("promoting", true));
    }
    if (path.equals("/follow") && request.method().equals("POST")) {
      requireOperator(caller, "follow");
      String origin = Query.of(request).text("origin").orElse("");
      replication.control().follow(origin);
      return json(json -> json.writeStringProperty("following", origin));
    }
    if (path.equals("/confirm-clock") && request.method().equals("POST")) {
      requireOperator(caller, "confirm-clock");
      replication.control().confirmClock();
      return json(json -> json.writeBooleanProperty("confirmed", true));
    }
    if (path.equals("/backup") && request.method().equals("POST")) {
      requireOperator(caller, "backup create");
      return backup(Query.of(request).text("name").orElse(""));
    }
    if (path.equals("/position") && request.method().equals("POST")) {
      requireReplica(caller);
      replication.peers().require(request);
      return replication.position().exchange(request);
    }
    if (path.equals("/status") && request.method().equals("GET")) {
      return status(caller);
    }
    if (path.startsWith(NAMESPACES)) {
      return namespace(request, caller, path.substring(NAMESPACES.length()).split("/", 3));
    }
    throw noRoute(request);
  }

  /** A copy holds the digests of the tokens. */
  private static void requireReplica(Caller caller) {
    if (!caller.mayEverywhere(Right.REPLICATE)) {
      throw V1Failure.forbidden(
          "a copy of everything requires a token with the right replicate or admin");
    }
  }

  private static void requireOperator(Caller caller, String command) {
    if (!caller.mayOperate()) {
      throw V1Failure.forbidden(
          command
              + " takes a token that may administer everything, or the local secret of the server:"
              + " run selvedge "
              + command
              + " on its machine with --data");
    }
  }

  private Response backup(String name) {
    Control.CreatedBackup created = replication.control().backup(name);
    BackupManifest manifest = created.manifest();
    return json(
        json -> {
          json.writeStringProperty("directory", created.directory().toString());
          json.writeStringProperty("cluster", manifest.cluster().toString());
          json.writeNumberProperty("epoch", manifest.epoch());
          json.writeNumberProperty("version", manifest.version().number());
          json.writeNumberProperty("files", manifest.files().size());
        });
  }

  private Response status(Caller caller) {
    if (!caller.mayEverywhere(Right.READ)) {
      throw V1Failure.forbidden("the status takes a token that may read everywhere");
    }
    return json(replication.status());
  }

  /** A caller who may read everything may watch everything but what the server keeps for itself. */
  private FeedFilter filter(Request request, Caller caller) {
    Query query = Query.of(request);
    Optional<String> namespace = query.text("namespace");
    if (namespace.isEmpty() && FrameForm.isAskedFor(request)) {
      requireReplica(caller);
      replication.peers().require(request);
      edgeTokens.check(caller);
      return FeedFilter.EVERYTHING;
    }
    if (namespace.isEmpty()) {
      if (!caller.mayEverywhere(Right.READ)) {
        throw V1Failure.forbidden("name a namespace: the token may not read all of them");
      }
      return FeedFilter.allBut(NamespaceId.SYSTEM);
    }
    AccountId account = account(request, caller);
    NamespaceInfo info = find(caller, account, namespace.get());
    Bytes keys = caller.keys(Right.READ, account, info.id()).orElse(Bytes.EMPTY);
    return FeedFilter.of(info.id(), query.bytes("prefix").orElse(Bytes.EMPTY), keys);
  }

  /**
   * @param path the namespace, what is asked of it, and the key, all still encoded
   */
  private Response namespace(Request request, Caller caller, String[] path) throws IOException {
    String kind = path.length < 2 ? "" : path[1];
    if (path.length == 3 && kind.equals("bulk")) {
      return bulk(request, caller, path);
    }
    if (path.length == 3) {
      return switch (request.method() + " " + kind) {
        case "GET values", "HEAD values" ->
            entries.get(at(request, caller, path[0], Right.READ), entries.key(path[2]));
        case "PUT values" ->
            entries.put(at(request, caller, path[0], Right.WRITE), entries.key(path[2]));
        case "DELETE values" ->
            entries.delete(at(request, caller, path[0], Right.WRITE), entries.key(path[2]));
        case "POST increment" ->
            entries.increment(at(request, caller, path[0], Right.WRITE), entries.key(path[2]));
        default -> throw noRoute(request);
      };
    }
    return switch (request.method() + " " + kind) {
      case "GET staleness" -> staleness.get(at(request, caller, path[0], Right.READ).id());
      case "PUT staleness" ->
          staleness.put(request, at(request, caller, path[0], Right.ADMIN).id());
      case "GET " -> describe(find(caller, account(request, caller), name(path[0])));
      case "PUT " -> create(request, caller, name(path[0]));
      case "GET keys" -> prefixes.list(at(request, caller, path[0], Right.READ));
      case "POST bulk" -> batches.write(at(request, caller, path[0], Right.WRITE));
      case "GET count" -> prefixes.count(at(request, caller, path[0], Right.READ));
      case "DELETE keys" -> prefixes.clear(at(request, caller, path[0], Right.WRITE));
      default -> throw noRoute(request);
    };
  }

  private Response bulk(Request request, Caller caller, String[] path) throws IOException {
    if (request.method().equals("POST") && path[2].equals("get")) {
      return replication.many().read(at(request, caller, path[0], Right.READ));
    }
    throw noRoute(request);
  }

  private static V1Failure noRoute(Request request) {
    return new V1Failure(
        404,
        "no_route",
        "there is no "
            + request.method()
            + " "
            + PercentCode.shown(request.path())
            + "; see docs/reference/http.md");
  }

  private AccountId account(Request request, Caller caller) {
    return Query.of(request)
        .text("account")
        .map(AccountId::new)
        .orElseGet(() -> finder.account(caller));
  }

  /** Finds a namespace by id or, in its account, by title. */
  private NamespaceRequest at(Request request, Caller caller, String raw, Right right) {
    AccountId account = account(request, caller);
    NamespaceInfo info = find(caller, account, name(raw));
    Bytes keys =
        caller
            .keys(right, account, info.id())
            .orElseThrow(() -> V1Failure.forbidden("the token may not write in this namespace"));
    Namespace part = NamespacePart.of(namespaces.open(info.id()), keys);
    return new NamespaceRequest(request, account, info.id(), part);
  }

  private static String name(String raw) {
    return PercentCode.decodePath(raw)
        .map(Bytes::utf8)
        .orElseThrow(() -> new InvalidRequestException("the path has a broken escape"));
  }

  /** Makes a namespace of that title, if there is none. */
  private Response create(Request request, Caller caller, String title) {
    AccountId account = account(request, caller);
    Optional<NamespaceInfo> there = finder.find(caller, account, IdOrTitle.of(title));
    if (there.isPresent()) {
      return describe(there.get());
    }
    if (!caller.may(Right.ADMIN, account)) {
      throw V1Failure.forbidden(
          "there is no namespace \"" + title + "\", and the token may not make one");
    }
    try {
      return describe(namespaces.create(account, title));
    } catch (TitleTakenException e) {
      return describe(find(caller, account, title));
    }
  }

  private static Response describe(NamespaceInfo info) {
    return json(json -> {
          json.writeStringProperty("id", info.id().hex());
          json.writeStringProperty("title", info.title());
          json.writeStringProperty("account", info.account().hex());
        })
        .header("Selvedge-Namespace", info.id().hex());
  }

  private NamespaceInfo find(Caller caller, AccountId account, String name) {
    return finder
        .find(caller, account, IdOrTitle.of(name))
        .orElseThrow(
            () ->
                new NamespaceNotFoundException(
                    "there is no namespace with the id or title \"" + name + "\""));
  }

  private Response usage(Request request, Caller caller) {
    AccountId account = account(request, caller);
    if (!caller.may(Right.READ, account)) {
      throw V1Failure.forbidden("the token may not read the usage of this account");
    }
    List<QuotaBalance> usage = allowance.usage(account);
    return json(
        json -> {
          json.writeStringProperty("account", account.hex());
          json.writeArrayPropertyStart("quotas");
          for (QuotaBalance left : usage) {
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

  /**
   * @param members writes the members of the object that is the answer
   */
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

  /** The answer to a change, with the version that it was given. */
  static Response changed(Version version, Json.Writing members) {
    return json(json -> {
          members.to(json);
          json.writeNumberProperty("version", version.number());
        })
        .header("ETag", Entity.tag(version))
        .header("Selvedge-Version", version.toString());
  }
}
