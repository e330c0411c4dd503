package selvedge.server.api.rest;

import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import selvedge.model.Bytes;
import selvedge.model.Key;
import selvedge.model.Limits;
import selvedge.model.Lookup;
import selvedge.model.Namespace;
import selvedge.model.NamespaceInfo;
import selvedge.model.Namespaces;
import selvedge.model.ReadOptions;
import selvedge.model.SelvedgeException;
import selvedge.server.access.Admission;
import selvedge.server.access.Caller;
import selvedge.server.access.Gate;
import selvedge.server.access.NamespacePart;
import selvedge.server.access.Refusal;
import selvedge.server.access.Right;
import selvedge.server.analytics.Analytics;
import selvedge.server.api.LoopResult;
import selvedge.server.api.Reply;
import selvedge.server.api.Request;
import selvedge.server.api.Response;
import selvedge.server.api.graphql.GraphqlEndpoint;
import selvedge.server.api.route.Protocol;
import selvedge.server.api.route.ProtocolName;
import selvedge.server.api.route.RestRoute;
import selvedge.server.api.route.Route;
import selvedge.server.api.route.Routes;
import selvedge.server.api.route.Target;
import selvedge.server.api.route.UnmatchedRoute;
import selvedge.server.api.shared.BulkGet;
import selvedge.server.api.shared.KeyWrites;
import selvedge.server.api.shared.Peek;
import selvedge.server.api.shared.ProtocolContext;
import selvedge.server.api.shared.QuotaCharge;
import selvedge.server.quota.Allowance;

/**
 * Everything under {@code /client/v4}. Safe for use by many threads.
 *
 * <p>A request is checked in the order of its parts: the form of the path, the sender, the account,
 * the namespace, the key, and only then the body.
 */
public final class RestApi implements Protocol {
  private final Map<RestRoute, RestErrors> errors = new EnumMap<>(RestRoute.class);
  private final Namespaces namespaces;
  private final Gate gate;
  private final Allowance allowance;
  private final QuotaCharge charge;
  private final Limits limits;
  private final Peek peek;
  private final KeyWrites writes;
  private final NamespacesEndpoint namespacesEndpoint;
  private final KeysEndpoint keysEndpoint;
  private final ValuesEndpoint valuesEndpoint;
  private final BulkEndpoint bulkEndpoint;
  private final BulkGet bulkGet;
  private final AccountsEndpoint accountsEndpoint;
  private final AnalyticsEndpoint analytics;
  private final GraphqlEndpoint graphql;

  /**
   * @param numbers of the past
   */
  public RestApi(ProtocolContext context, Analytics numbers) {
    for (RestRoute route : RestRoute.values()) {
      errors.put(route, new RestErrors(route.operation()));
    }
    this.namespaces = context.namespaces();
    this.peek = context.peek();
    this.gate = context.gate();
    this.allowance = context.allowance();
    this.charge = new QuotaCharge(allowance);
    this.writes = new KeyWrites(context);
    this.limits = context.limits();
    this.namespacesEndpoint = new NamespacesEndpoint(namespaces, limits);
    this.keysEndpoint = new KeysEndpoint(limits);
    this.valuesEndpoint = new ValuesEndpoint(writes, context);
    this.bulkEndpoint = new BulkEndpoint(limits, context.clock(), context.spools());
    this.bulkGet = new BulkGet(limits, context.spools(), true);
    this.analytics = new AnalyticsEndpoint(numbers, namespaces);
    this.graphql = new GraphqlEndpoint(numbers, namespaces, limits);
    this.accountsEndpoint = new AccountsEndpoint(namespaces, context.defaultAccount());
  }

  @Override
  public ProtocolName name() {
    return ProtocolName.REST;
  }

  private RestErrors errors(RestRoute route) {
    return Objects.requireNonNull(errors.get(route));
  }

  /** Answers the get of a value that is in memory. */
  @Override
  public Optional<LoopResult> answerNow(Request request) {
    Target target = Routes.of(request);
    if (target.route() != RestRoute.GET || !request.method().equals("GET")) {
      return Optional.empty();
    }
    try {
      return gate.admit(request) instanceof Admission.Admitted(Caller caller)
          ? getNow(new Call(request, target, caller))
          : Optional.empty();
    } catch (SelvedgeException e) {
      return Optional.empty();
    }
  }

  private Optional<LoopResult> getNow(Call call) {
    NamespaceInfo info = find(call, RestRoute.GET);
    if (!call.isWhole(info, Right.READ)) {
      return Optional.empty();
    }
    Key key = call.target().key(limits);
    RestErrors failures = errors(RestRoute.GET);
    Optional<Lookup> known = peek.at(info.id(), key);
    return Optional.of(
        known.isPresent()
            ? new LoopResult.Answered(failures.answer(() -> get(call, known::get)))
            : new LoopResult.Reading(
                () -> failures.answer(() -> get(call, () -> namespaces.open(info.id()).get(key)))));
  }

  private Response get(Call call, Supplier<Lookup> lookup) throws IOException {
    return charge.read(
        call.account(),
        RestRoute.GET.quota(),
        () -> ValuesEndpoint.get(call.request(), lookup.get()));
  }

  /** Submits the put of a small value and the delete. */
  @Override
  public boolean answerSoon(Request request, Reply reply) {
    Target target = Routes.of(request);
    boolean change = target.route() == RestRoute.PUT || target.route() == RestRoute.DELETE;
    if (!change || !writes.canSubmit(request)) {
      return false;
    }
    try {
      if (!(gate.admit(request) instanceof Admission.Admitted(Caller caller))
          || !caller.hasRightIn(target.account())
          || ValuesEndpoint.isForm(request)) {
        return false;
      }
      change(new Call(request, target, caller), (RestRoute) target.route(), reply);
      return true;
    } catch (SelvedgeException e) {
      return false;
    }
  }

  private void change(Call call, RestRoute route, Reply reply) {
    NamespaceInfo info = find(call, route);
    Key key = call.target().key(limits);
    NamespacePart.require(call.keys(info, route.right()), key);
    var wording =
        new KeyWrites.Wording(
            errors(route), outcome -> ValuesEndpoint.answer(outcome, route.operation()));
    if (route == RestRoute.PUT) {
      valuesEndpoint.put(call, info, key, wording, reply);
    } else {
      valuesEndpoint.delete(call, info, key, wording, reply);
    }
  }

  @Override
  public boolean isAdmitted(Request request) {
    return gate.admits(request);
  }

  @Override
  public Response answer(Request request) {
    Target target = Routes.of(request);
    if (target.route() instanceof UnmatchedRoute unmatched && !unmatched.hasPath()) {
      return Envelope.failure(RestErrors.noRoute(request.path()));
    }
    return switch (gate.admit(request)) {
      case Admission.Refused(Refusal reason) -> Envelope.failure(refusal(target.route(), reason));
      case Admission.Admitted(Caller caller) -> answer(new Call(request, target, caller));
    };
  }

  /** Returns the refusal of a request whose sender is not admitted; empty if the sender is. */
  public Optional<Response> refused(Request request) {
    return gate.admit(request) instanceof Admission.Refused(Refusal reason)
        ? Optional.of(Envelope.failure(RestErrors.of(reason)))
        : Optional.empty();
  }

  private static RestFailure refusal(Route route, Refusal reason) {
    return route == RestRoute.VERIFY || route == RestRoute.VERIFY_IN_ACCOUNT
        ? new RestFailure(401, 1000, "Invalid API Token")
        : RestErrors.of(reason);
  }

  private Response answer(Call call) {
    Target target = call.target();
    if (target.hasAccount() && !call.caller().hasRightIn(target.account())) {
      return Envelope.failure(RestErrors.forbidden());
    }
    return target.route() instanceof RestRoute route
        ? errors(route).answer(() -> answer(call, route))
        : Envelope.failure(RestErrors.methodNotAllowed(call.request().method()));
  }

  private Response answer(Call call, RestRoute route) throws IOException {
    return switch (route) {
      case GET -> {
        Namespace namespace = open(call, route);
        Key key = call.target().key(limits);
        yield get(call, () -> namespace.get(key));
      }
      case PUT, DELETE -> Reply.await(reply -> change(call, route, reply));
      case LIST -> list(call);
      case METADATA -> metadata(call);
      case BULK_PUT -> bulkPut(call);
      case BULK_DELETE, BULK_DELETE_BY_POST -> bulkDelete(call, route);
      case BULK_GET -> bulkGet(call, open(call, route));
      case LIST_NAMESPACES -> namespacesEndpoint.list(call);
      case CREATE_NAMESPACE -> namespacesEndpoint.create(call);
      case GET_NAMESPACE -> namespacesEndpoint.read(find(call, route));
      case RENAME_NAMESPACE -> namespacesEndpoint.rename(call, find(call, route));
      case DELETE_NAMESPACE -> namespacesEndpoint.delete(find(call, route));
      case ANALYTICS -> analytics.operations(call);
      case STORED_ANALYTICS -> analytics.stored(call);
      case GRAPHQL -> graphql.answer(call.request(), call.caller());
      case GET_ACCOUNT -> accountsEndpoint.account(call.account());
      case VERIFY, VERIFY_IN_ACCOUNT -> accountsEndpoint.verify(call.caller());
      case GET_USER -> accountsEndpoint.user(call.caller());
      case LIST_ACCOUNTS -> accountsEndpoint.accounts(call.request(), call.caller());
      case LIST_MEMBERSHIPS -> accountsEndpoint.memberships(call.request(), call.caller());
    };
  }

  private Response list(Call call) throws IOException {
    NamespaceInfo info = find(call, RestRoute.LIST);
    return charge.read(
        call.account(),
        RestRoute.LIST.quota(),
        () -> keysEndpoint.list(call.request(), info, call.open(namespaces, info, Right.READ)));
  }

  private Response metadata(Call call) throws IOException {
    Namespace namespace = open(call, RestRoute.METADATA);
    Key key = call.target().key(limits);
    return charge.read(
        call.account(), RestRoute.METADATA.quota(), () -> keysEndpoint.metadata(key, namespace));
  }

  private Response bulkPut(Call call) throws IOException {
    NamespaceInfo info = find(call, RestRoute.BULK_PUT);
    Bytes prefix = call.keys(info, Right.WRITE);
    return bulkEndpoint.put(
        call.request(),
        call.open(namespaces, info, Right.WRITE),
        (key, bytes) -> {
          NamespacePart.require(prefix, key);
          allowance.admitWrite(call.account(), info.id(), key, bytes);
        },
        count -> allowance.spend(call.account(), RestRoute.BULK_PUT.quota(), count));
  }

  private Response bulkDelete(Call call, RestRoute route) throws IOException {
    NamespaceInfo info = find(call, route);
    Bytes prefix = call.keys(info, Right.WRITE);
    return bulkEndpoint.delete(
        call.request(),
        call.open(namespaces, info, Right.WRITE),
        (key, _) -> NamespacePart.require(prefix, key),
        count -> allowance.spend(call.account(), route.quota(), count));
  }

  private Response bulkGet(Call call, Namespace namespace) throws IOException {
    BulkGet.Question question = bulkGet.read(call.request());
    allowance.spend(call.account(), RestRoute.BULK_GET.quota(), question.keys().size());
    return bulkGet.answer(call.request(), namespace, question, ReadOptions.PLAIN, Envelope::values);
  }

  private NamespaceInfo find(Call call, RestRoute route) {
    return call.namespace(namespaces, route.right(), route.operation());
  }

  private Namespace open(Call call, RestRoute route) {
    return call.open(namespaces, find(call, route), route.right());
  }

  @Override
  public Response refusal(int status, String message) {
    return Envelope.failure(new RestFailure(status, 10000 + status, message));
  }
}
