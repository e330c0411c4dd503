package selvedge.server.api.v1;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import selvedge.engine.BackupManifest;
import selvedge.model.AccountId;
import selvedge.model.Bytes;
import selvedge.model.InvalidRequestException;
import selvedge.model.Key;
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
import selvedge.server.api.HeaderNames;
import selvedge.server.api.Json;
import selvedge.server.api.Keys;
import selvedge.server.api.LoopResult;
import selvedge.server.api.PercentCode;
import selvedge.server.api.Query;
import selvedge.server.api.Reply;
import selvedge.server.api.Request;
import selvedge.server.api.Response;
import selvedge.server.api.route.Access;
import selvedge.server.api.route.Protocol;
import selvedge.server.api.route.ProtocolName;
import selvedge.server.api.route.Route;
import selvedge.server.api.route.Routes;
import selvedge.server.api.route.V1Route;
import selvedge.server.api.shared.Entity;
import selvedge.server.api.shared.KeyWrites;
import selvedge.server.api.shared.ProtocolContext;
import selvedge.server.quota.Allowance;
import selvedge.server.quota.QuotaBalance;

/** Everything under {@code /v1}. Safe for use by many threads. */
public final class V1Api implements Protocol {
  private static final Set<String> CHANGE_TYPES = Set.of("put", "delete", "clear");
  private static final String TOKENS = Routes.V1_PREFIX + "/tokens";

  private final Namespaces namespaces;
  private final Gate gate;
  private final Allowance allowance;
  private final TokensEndpoint tokens;
  private final AuditEndpoint audit;
  private final SessionEndpoint sessions;
  private final SummaryEndpoint summaries;
  private final HistoryEndpoint history;
  private final OverviewEndpoint overview;
  private final AnalyticsEndpoint analytics;
  private final Replication replication;
  private final VotersEndpoint voters;
  private final StalenessEndpoint staleness;
  private final KeyWrites writes;
  private final EntriesEndpoint entries;
  private final PrefixEndpoint prefixes;
  private final BulkEndpoint batches;
  private final NamespaceFinder finder;
  private final Limits limits;
  private final EdgeTokens edgeTokens = new EdgeTokens();

  public V1Api(ProtocolContext context, Endpoints endpoints) {
    this.namespaces = context.namespaces();
    this.gate = context.gate();
    this.allowance = context.allowance();
    this.tokens = endpoints.tokens();
    this.audit = endpoints.audit();
    this.sessions = endpoints.sessions();
    this.summaries = endpoints.summaries();
    this.history = endpoints.history();
    this.overview = endpoints.overview();
    this.analytics = endpoints.analytics();
    this.replication = endpoints.replication();
    this.voters = new VotersEndpoint(replication.control());
    this.staleness = endpoints.staleness();
    this.limits = context.limits();
    this.writes = new KeyWrites(context);
    this.entries = new EntriesEndpoint(writes, context);
    this.prefixes = new PrefixEndpoint(allowance, limits);
    this.batches = new BulkEndpoint(allowance, limits);
    this.finder = new NamespaceFinder(namespaces, context.defaultAccount());
  }

  @Override
  public ProtocolName name() {
    return ProtocolName.V1;
  }

  @Override
  public Response refusal(int status, String message) {
    return refusal(status, "refused", message);
  }

  @Override
  public Response refusal(int status, String code, String message) {
    return V1Errors.answer(status, code, message);
  }

  /** Prepares the get of a value for a thread that may make several short reads. */
  @Override
  public Optional<LoopResult> answerNow(Request request) {
    return Routes.of(request).route() == V1Route.GET && request.method().equals("GET")
        ? Optional.of(new LoopResult.Reading(() -> answer(request)))
        : Optional.empty();
  }

  /** Submits the put of a small value and the delete. */
  @Override
  public boolean answerSoon(Request request, Reply reply) {
    Route route = Routes.of(request).route();
    boolean change = route == V1Route.PUT || route == V1Route.DELETE;
    if (!change || !writes.canSubmit(request)) {
      return false;
    }
    try {
      if (!(gate.admit(request) instanceof Admission.Admitted(Caller caller))) {
        return false;
      }
      entries.change(at(request, caller, (V1Route) route), key(request), reply);
      return true;
    } catch (SelvedgeException e) {
      return false;
    }
  }

  @Override
  public boolean isAdmitted(Request request) {
    return gate.admits(request);
  }

  @Override
  public Response answer(Request request) {
    return V1Errors.RESPONSES.answer(
        () ->
            switch (gate.admit(request)) {
              case Admission.Refused _ when isForAnyone(request) -> session(request);
              case Admission.Refused _ ->
                  V1Errors.answer(
                          401,
                          "unauthorized",
                          "a request must have the header Authorization: Bearer TOKEN")
                      .header(HeaderNames.WWW_AUTHENTICATE, "Bearer");
              case Admission.Admitted(Caller caller) -> answer(request, caller);
            });
  }

  private static boolean isForAnyone(Request request) {
    return Routes.of(request).route().entry().access() instanceof Access.Anyone;
  }

  /** Answers a browser that may have no token yet. */
  private Response session(Request request) throws IOException {
    return switch (request.method()) {
      case "POST" -> sessions.signIn(request);
      case "DELETE" -> sessions.signOut(request);
      default -> sessions.get(request);
    };
  }

  private Response answer(Request request, Caller caller) throws IOException {
    if (!(Routes.of(request).route() instanceof V1Route route)) {
      return unmatched(request, caller);
    }
    require(route, caller);
    return switch (route) {
      case GET,
          PUT,
          DELETE,
          INCREMENT,
          BULK_GET,
          BULK,
          LIST,
          CLEAR,
          COUNT,
          TREE,
          ROWS,
          HISTORY,
          EDIT,
          GET_STALENESS,
          SET_STALENESS ->
          answer(route, at(request, caller, route));
      case PROMOTE,
          FOLLOW,
          CONFIRM_CLOCK,
          BACKUP,
          ROTATE_KEY,
          SET_LIMIT,
          RESET_LIMIT,
          COMPACT,
          RETIRE ->
          control(route, request);
      case AUDIT, LIST_TOKENS, CREATE_TOKEN, REVOKE_TOKEN, ROTATE_TOKEN ->
          administer(route, request);
      case CHANGE_VOTERS, STEP_DOWN, UPGRADE, JOIN -> voters.answer(route, request);
      case GET_NAMESPACE -> describe(find(caller, account(request, caller), name(request)));
      case CREATE_NAMESPACE -> create(request, caller, name(request));
      case POSITION -> {
        replication.peers().require(request);
        yield replication.position().exchange(request);
      }
      case FOLLOW_NAMESPACE, FOLLOW_FRAMES, FOLLOW_ALL -> feed(route, request, caller);
      case SNAPSHOT -> {
        replication.peers().require(request);
        yield replication.snapshot().read(request);
      }
      case DIGEST -> replication.digest().read(request);
      case STATUS -> json(replication.status());
      case USAGE -> usage(request, caller);
      case OVERVIEW -> overview.read(request, caller);
      case ANALYTICS -> analytics.read(request, caller);
      case LIMITS -> json(overview::limits);
      case SESSION, SIGN_IN, SIGN_OUT -> session(request);
      case CREATE_CODE -> sessions.createCode(request);
    };
  }

  private Response feed(V1Route route, Request request, Caller caller) {
    FeedFilter filter =
        switch (route) {
          case FOLLOW_NAMESPACE -> typed(request, part(request, caller));
          case FOLLOW_FRAMES -> {
            replication.peers().require(request);
            edgeTokens.check(caller);
            yield FeedFilter.EVERYTHING;
          }
          default -> typed(request, everything(request));
        };
    return replication.feed().read(request, caller, filter);
  }

  private Response administer(V1Route route, Request request) throws IOException {
    return switch (route) {
      case AUDIT -> audit.list(request);
      case LIST_TOKENS -> tokens.list();
      case CREATE_TOKEN -> tokens.create(request);
      case REVOKE_TOKEN -> tokens.revoke(Routes.of(request).token());
      case ROTATE_TOKEN -> tokens.rotate(request, Routes.of(request).token());
      default -> throw new IllegalStateException(route + " is not about tokens");
    };
  }

  /** Changes what this server is or does. */
  private Response control(V1Route route, Request request) {
    return switch (route) {
      case PROMOTE -> {
        replication.control().promote(Query.of(request).flag("force"));
        yield json(json -> json.writeBooleanProperty("promoting", true));
      }
      case FOLLOW -> {
        String origin = Query.of(request).text("origin").orElse("");
        replication.control().follow(origin);
        yield json(json -> json.writeStringProperty("following", origin));
      }
      case CONFIRM_CLOCK -> confirmClock();
      case BACKUP -> backup(Query.of(request).text("name").orElse(""));
      case ROTATE_KEY -> rotate(Query.of(request));
      case SET_LIMIT -> setLimit(request, Optional.of(required(request, "value")));
      case RESET_LIMIT -> setLimit(request, Optional.empty());
      case COMPACT -> compact();
      case RETIRE -> {
        String location = required(request, "location");
        replication.control().retire(location);
        yield json(json -> json.writeStringProperty("retired", location));
      }
      default -> throw new IllegalStateException(route + " does not control the server");
    };
  }

  private static String required(Request request, String name) {
    return Query.of(request)
        .text(name)
        .filter(text -> !text.isEmpty())
        .orElseThrow(() -> new InvalidRequestException("the query must have " + name));
  }

  private Response setLimit(Request request, Optional<String> value) {
    Control.ChangedLimit changed = replication.control().setLimit(required(request, "name"), value);
    return json(
        json -> {
          json.writeStringProperty("name", changed.setting().key());
          json.writeStringProperty("value", changed.setting().value());
          json.writeStringProperty("source", changed.setting().source());
          json.writeBooleanProperty("restart", !changed.now());
        });
  }

  private Response compact() {
    Control.Compacted compacted = replication.control().compact();
    return json(
        json -> {
          json.writeNumberProperty("bytes_before", compacted.before());
          json.writeNumberProperty("bytes_after", compacted.after());
        });
  }

  /** Answers a request for the entries or the settings of one namespace. */
  private Response answer(V1Route route, NamespaceRequest place) throws IOException {
    Request request = place.request();
    return switch (route) {
      case GET -> entries.get(place, key(request));
      case PUT, DELETE -> {
        Key key = key(request);
        yield Reply.await(reply -> entries.change(place, key, reply));
      }
      case INCREMENT -> entries.increment(place, key(request));
      case BULK_GET -> replication.many().read(place);
      case BULK -> batches.write(place);
      case LIST -> prefixes.list(place);
      case CLEAR -> prefixes.clear(place);
      case COUNT -> prefixes.count(place);
      case TREE -> summaries.tree(place);
      case ROWS -> summaries.rows(place);
      case HISTORY -> history.read(place, key(request));
      case EDIT -> {
        Key key = key(request);
        yield Reply.await(reply -> entries.edit(place, key, reply));
      }
      case GET_STALENESS -> staleness.get(place.id());
      case SET_STALENESS -> staleness.put(request, place.id());
      default -> throw new IllegalStateException(route + " is not about one namespace");
    };
  }

  /** Answers a request without a route. Only operators learn which methods tokens have. */
  private static Response unmatched(Request request, Caller caller) {
    if (Routes.isBelow(TOKENS, request.path())) {
      require(V1Route.LIST_TOKENS, caller);
      return V1Errors.answer(405, "method_not_allowed", "tokens take GET, POST, DELETE");
    }
    throw new V1Failure(
        404,
        "no_route",
        "there is no "
            + request.method()
            + " "
            + PercentCode.shown(request.path())
            + "; see docs/reference/http.md");
  }

  /**
   * Checks the access of routes that concern everything. Handlers check the access to namespaces.
   */
  private static void require(V1Route route, Caller caller) {
    switch (route.entry().access()) {
      case Access.Operator() when !caller.mayOperate() ->
          throw V1Failure.forbidden(operatorsOnly(route));
      case Access.Everywhere(Right right) when !caller.mayEverywhere(right) ->
          throw V1Failure.forbidden(notEverywhere(route));
      default -> {}
    }
  }

  private static String operatorsOnly(V1Route route) {
    return switch (route) {
      case LIST_TOKENS, CREATE_TOKEN, REVOKE_TOKEN, ROTATE_TOKEN ->
          "tokens require a token that may administer everything, or the local secret of the"
              + " server: run selvedge token on its machine with --data";
      default ->
          route.operation()
              + " requires a token that may administer everything, or the local secret of the"
              + " server: run selvedge "
              + route.operation()
              + " on its machine with --data";
    };
  }

  /** Returns why the caller may not use the route. A copy contains the digests of the tokens. */
  private static String notEverywhere(V1Route route) {
    return switch (route) {
      case STATUS -> "the status requires a token that may read everything";
      case FOLLOW_ALL -> "name a namespace: the token may not read all of them";
      default -> "a copy of everything requires a token with the right replicate or admin";
    };
  }

  private Key key(Request request) {
    return Routes.of(request).key(limits);
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

  private Response confirmClock() {
    replication.control().confirmClock();
    return json(json -> json.writeBooleanProperty("confirmed", true));
  }

  private Response rotate(Query query) {
    boolean rewrites = query.flag("rewrite");
    Control.Rotation rotation = replication.control().rotateKey(rewrites);
    return json(
        json -> {
          json.writeStringProperty("master_key", rotation.masterKey());
          json.writeBooleanProperty("rewriting", rotation.rewrites());
        });
  }

  /** Returns the changes of one namespace that the caller may read. */
  private FeedFilter part(Request request, Caller caller) {
    Query query = Query.of(request);
    AccountId account = account(request, caller);
    NamespaceInfo info = find(caller, account, query.text("namespace").orElseThrow());
    Bytes keys = caller.keys(Right.READ, account, info.id()).orElse(Bytes.EMPTY);
    return FeedFilter.of(
        info.id(), Keys.prefix(query.bytes("prefix").orElse(Bytes.EMPTY), limits), keys);
  }

  /** Returns the changes of all namespaces that the request selects. */
  private FeedFilter everything(Request request) {
    Bytes prefix = Query.of(request).bytes("prefix").orElse(Bytes.EMPTY);
    return FeedFilter.allBut(NamespaceId.SYSTEM, Keys.prefix(prefix, limits));
  }

  /** Returns those of the changes that have a type which the request names. */
  private static FeedFilter typed(Request request, FeedFilter all) {
    Optional<String> named = Query.of(request).text("type");
    if (named.isEmpty()) {
      return all;
    }
    Set<String> types = Set.copyOf(Arrays.asList(named.get().split(",", -1)));
    if (!CHANGE_TYPES.containsAll(types)) {
      throw new InvalidRequestException(
          "type must be one or more of put, delete, clear, such as put,delete, got \""
              + named.get()
              + "\"");
    }
    return FeedFilter.ofTypes(all, types);
  }

  private AccountId account(Request request, Caller caller) {
    return Query.of(request)
        .text("account")
        .map(AccountId::new)
        .orElseGet(() -> finder.account(caller));
  }

  /** Finds the namespace of the path by id or, in its account, by title. */
  private NamespaceRequest at(Request request, Caller caller, V1Route route) {
    AccountId account = account(request, caller);
    NamespaceInfo info = find(caller, account, name(request));
    request.countFor(info.id());
    Bytes prefix =
        caller
            .keys(route.right(), account, info.id())
            .orElseThrow(() -> V1Failure.forbidden("the token may not write in this namespace"));
    Namespace part = NamespacePart.of(namespaces.open(info.id()), prefix);
    return new NamespaceRequest(request, account, info.id(), part, prefix);
  }

  private static String name(Request request) {
    return Routes.of(request).namespace().text();
  }

  /** Returns the namespace with that title, and creates it if there is none. */
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
      return describe(namespaces.create(account, title), true);
    } catch (TitleTakenException e) {
      return describe(find(caller, account, title));
    }
  }

  private static Response describe(NamespaceInfo info) {
    return describe(info, false);
  }

  private static Response describe(NamespaceInfo info, boolean created) {
    return json(json -> {
          json.writeStringProperty("id", info.id().hex());
          json.writeStringProperty("title", info.title());
          json.writeStringProperty("account", info.account().hex());
          if (created) {
            json.writeBooleanProperty("created", true);
          }
        })
        .header(HeaderNames.SELVEDGE_NAMESPACE, info.id().hex());
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
    return Response.of(
        200,
        new Body.Held(object(members)),
        new Response.Header(HeaderNames.CONTENT_TYPE, Json.CONTENT_TYPE));
  }

  static Bytes object(Json.Writing members) {
    return Json.bytes(
        json -> {
          json.writeStartObject();
          members.to(json);
          json.writeEndObject();
        });
  }

  /** Returns the answer to a change, with its version. */
  static Response changed(Version version, Json.Writing members) {
    return json(json -> {
          members.to(json);
          json.writeNumberProperty("version", version.number());
        })
        .header(HeaderNames.ETAG, Entity.tag(version))
        .header(HeaderNames.SELVEDGE_VERSION, version.toString());
  }
}
