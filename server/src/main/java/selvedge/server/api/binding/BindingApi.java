package selvedge.server.api.binding;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import selvedge.model.AccountId;
import selvedge.model.Bytes;
import selvedge.model.InvalidRequestException;
import selvedge.model.Key;
import selvedge.model.Limit;
import selvedge.model.Limits;
import selvedge.model.Lookup;
import selvedge.model.Namespace;
import selvedge.model.NamespaceId;
import selvedge.model.NamespaceInfo;
import selvedge.model.NamespaceNotFoundException;
import selvedge.model.Namespaces;
import selvedge.model.ReadOptions;
import selvedge.model.SelvedgeException;
import selvedge.model.WriteOptions;
import selvedge.server.access.Admission;
import selvedge.server.access.Caller;
import selvedge.server.access.Gate;
import selvedge.server.access.IdOrTitle;
import selvedge.server.access.NamespaceFinder;
import selvedge.server.access.NamespacePart;
import selvedge.server.api.HeaderNames;
import selvedge.server.api.LoopResult;
import selvedge.server.api.Query;
import selvedge.server.api.Reply;
import selvedge.server.api.Request;
import selvedge.server.api.Response;
import selvedge.server.api.route.BindingRoute;
import selvedge.server.api.route.Protocol;
import selvedge.server.api.route.ProtocolName;
import selvedge.server.api.route.Routes;
import selvedge.server.api.route.Target;
import selvedge.server.api.shared.BulkGet;
import selvedge.server.api.shared.KeyWrites;
import selvedge.server.api.shared.Peek;
import selvedge.server.api.shared.ProtocolContext;
import selvedge.server.api.shared.QuotaCharge;
import selvedge.server.quota.Allowance;

/**
 * The operations that a Worker's {@code kvNamespace} requests. Safe for use by many threads.
 *
 * <p>A request names its namespace by a header, and then every path is a key, or by its path.
 */
public final class BindingApi implements Protocol {
  private static final String USUAL_QUERY = "urlencoded=true";
  private static final KeyWrites.Wording WORDING =
      new KeyWrites.Wording(BindingErrors.RESPONSES, EntriesEndpoint::answer);

  private final Namespaces namespaces;
  private final Peek peek;
  private final KeyWrites writes;
  private final Gate gate;
  private final Allowance allowance;
  private final QuotaCharge charge;
  private final Limits limits;
  private final NamespaceFinder finder;
  private final EntriesEndpoint entries;
  private final ListEndpoint lists;
  private final BulkGet bulkGet;

  /**
   * A request and the namespace that it is about.
   *
   * @param prefix of the keys for which the caller has the right; empty for all of them
   */
  private record Call(
      Request request, Target target, AccountId account, NamespaceId id, Bytes prefix) {}

  public BindingApi(ProtocolContext context) {
    this.namespaces = context.namespaces();
    this.peek = context.peek();
    this.gate = context.gate();
    this.allowance = context.allowance();
    this.charge = new QuotaCharge(allowance);
    this.writes = new KeyWrites(context);
    this.limits = context.limits();
    this.finder = new NamespaceFinder(namespaces, context.defaultAccount());
    this.entries = new EntriesEndpoint(limits, context.clock());
    this.lists = new ListEndpoint(limits);
    this.bulkGet = new BulkGet(limits, context.spools(), false);
  }

  @Override
  public ProtocolName name() {
    return ProtocolName.BINDING;
  }

  @Override
  public Response refusal(int status, String message) {
    return BindingErrors.answer(status, message);
  }

  /** Answers the get of a value that is in memory. */
  @Override
  public Optional<LoopResult> answerNow(Request request) {
    Target target = Routes.of(request);
    if (target.route() != BindingRoute.GET || !request.method().equals("GET")) {
      return Optional.empty();
    }
    try {
      return gate.admit(request) instanceof Admission.Admitted(Caller caller)
          ? getNow(call(request, target, caller, BindingRoute.GET))
          : Optional.empty();
    } catch (SelvedgeException e) {
      return Optional.empty();
    }
  }

  private Optional<LoopResult> getNow(Call call) {
    if (!call.prefix().isEmpty()) {
      return Optional.empty();
    }
    Key key = key(call);
    Optional<Lookup> known = peek.at(call.id(), key);
    return Optional.of(
        known.isPresent()
            ? new LoopResult.Answered(
                BindingErrors.RESPONSES.answer(() -> get(call, known::get, true)))
            : new LoopResult.Reading(() -> BindingErrors.RESPONSES.answer(() -> get(call, key))));
  }

  /** Submits the put of a small value and the delete. */
  @Override
  public boolean answerSoon(Request request, Reply reply) {
    Target target = Routes.of(request);
    if (!(target.route() instanceof BindingRoute route)
        || route.isRead()
        || !writes.canSubmit(request)) {
      return false;
    }
    try {
      if (!(gate.admit(request) instanceof Admission.Admitted(Caller caller))) {
        return false;
      }
      change(call(request, target, caller, route), route, reply);
      return true;
    } catch (SelvedgeException e) {
      return false;
    }
  }

  private void change(Call call, BindingRoute route, Reply reply) {
    Key key = key(call);
    NamespacePart.require(call.prefix(), key);
    WriteOptions options =
        route == BindingRoute.PUT
            ? entries.options(call.request())
            : EntriesEndpoint.condition(call.request());
    var write = new KeyWrites.Write(call.request(), call.account(), call.id(), key, options);
    if (route == BindingRoute.PUT) {
      writes.put(write, WORDING, reply);
    } else {
      writes.delete(write, WORDING, reply);
    }
  }

  @Override
  public boolean isAdmitted(Request request) {
    return gate.admits(request);
  }

  @Override
  public Response answer(Request request) {
    return BindingErrors.RESPONSES.answer(
        () ->
            switch (gate.admit(request)) {
              case Admission.Refused _ ->
                  BindingErrors.answer(
                          401, "Unauthorized: inject the header Authorization: Bearer TOKEN")
                      .header(HeaderNames.WWW_AUTHENTICATE, "Bearer");
              case Admission.Admitted(Caller caller) -> answer(request, Routes.of(request), caller);
            });
  }

  private Response answer(Request request, Target target, Caller caller) throws IOException {
    if (!(target.route() instanceof BindingRoute route)) {
      throw new BindingFailure(
          405,
          request.method() + " is not a method of a namespace: GET, PUT, DELETE, POST /bulk/get");
    }
    Call call = call(request, target, caller, route);
    return switch (route) {
      case GET -> get(call, key(call));
      case PUT, DELETE -> Reply.await(reply -> change(call, route, reply));
      case LIST -> list(call);
      case BULK_GET -> bulkGet(call);
    };
  }

  /** Finds the namespace by id or, in the caller's account, by title. */
  private Call call(Request request, Target target, Caller caller, BindingRoute route) {
    IdOrTitle name = name(target);
    NamespaceInfo info =
        finder
            .find(caller, name)
            .orElseThrow(
                () ->
                    new NamespaceNotFoundException(
                        "There is no namespace with the id or title \"" + name.text() + "\""));
    request.countFor(info.id());
    Bytes prefix =
        caller
            .keys(route.right(), info.account(), info.id())
            .orElseThrow(
                () -> new BindingFailure(403, "The token may not write in this namespace"));
    return new Call(request, target, info.account(), info.id(), prefix);
  }

  private static IdOrTitle name(Target target) {
    try {
      return target.namespace();
    } catch (InvalidRequestException e) {
      throw new BindingFailure(400, "Could not URL-decode the namespace in the path");
    }
  }

  /** Returns the key. A {@code cache_ttl} must be valid whatever the request does with the key. */
  private Key key(Call call) {
    readOptions(call.request());
    return call.target().key(limits);
  }

  private ReadOptions readOptions(Request request) {
    String query = request.query();
    return query.isEmpty() || query.equals(USUAL_QUERY)
        ? ReadOptions.PLAIN
        : Query.of(request).text("cache_ttl").map(this::cached).orElse(ReadOptions.PLAIN);
  }

  private ReadOptions cached(String cacheTtl) {
    long least = limits.get(Limit.CACHE_TTL_SECONDS_MIN);
    try {
      long seconds = Long.parseLong(cacheTtl);
      if (seconds >= least) {
        return ReadOptions.PLAIN.cacheTtl(Duration.ofSeconds(Math.min(seconds, Integer.MAX_VALUE)));
      }
    } catch (NumberFormatException e) {
      throw badCacheTtl(cacheTtl, least);
    }
    throw badCacheTtl(cacheTtl, least);
  }

  private static BindingFailure badCacheTtl(String cacheTtl, long least) {
    return new BindingFailure(
        400, "Invalid cache_ttl of " + cacheTtl + ". Cache TTL must be at least " + least + ".");
  }

  private Response get(Call call, Key key) throws IOException {
    Namespace namespace = open(call);
    return get(call, () -> namespace.get(key, readOptions(call.request())), false);
  }

  private Response get(Call call, Supplier<Lookup> lookup, boolean fromMemory) throws IOException {
    return charge.read(
        call.account(),
        BindingRoute.GET.quota(),
        () -> EntriesEndpoint.found(call.request(), lookup.get(), fromMemory));
  }

  private Namespace open(Call call) {
    return NamespacePart.of(namespaces.open(call.id()), call.prefix());
  }

  private Response list(Call call) throws IOException {
    Namespace namespace = open(call);
    return charge.read(
        call.account(),
        BindingRoute.LIST.quota(),
        () -> lists.list(call.request(), call.id(), namespace));
  }

  private Response bulkGet(Call call) throws IOException {
    BulkGet.Question question = bulkGet.read(call.request());
    ReadOptions options =
        question.cacheTtl().isEmpty() ? ReadOptions.PLAIN : cached(question.cacheTtl());
    allowance.spend(call.account(), BindingRoute.BULK_GET.quota(), question.keys().size());
    return bulkGet.answer(
        call.request(), open(call), question, options, (json, values) -> values.to(json));
  }
}
