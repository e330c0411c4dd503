package selvedge.server.api.rest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import selvedge.model.AccountId;
import selvedge.model.Bytes;
import selvedge.model.Key;
import selvedge.model.Limits;
import selvedge.model.Lookup;
import selvedge.model.Namespace;
import selvedge.model.NamespaceId;
import selvedge.model.NamespaceInfo;
import selvedge.model.Namespaces;
import selvedge.model.ReadOptions;
import selvedge.model.SelvedgeException;
import selvedge.model.WriteOptions;
import selvedge.server.access.Admission;
import selvedge.server.access.Caller;
import selvedge.server.access.Gate;
import selvedge.server.access.NamespacePart;
import selvedge.server.access.Right;
import selvedge.server.api.LoopResult;
import selvedge.server.api.Protocol;
import selvedge.server.api.Reply;
import selvedge.server.api.Request;
import selvedge.server.api.Response;
import selvedge.server.api.shared.BulkGet;
import selvedge.server.api.shared.Entity;
import selvedge.server.api.shared.Keys;
import selvedge.server.api.shared.Peek;
import selvedge.server.api.shared.QueuedWrites;
import selvedge.server.api.shared.QuotaCharge;
import selvedge.server.api.shared.Spools;
import selvedge.server.api.shared.Submit;
import selvedge.server.quota.Allowance;
import selvedge.server.quota.Quota;

/**
 * Everything under {@code /client/v4}. Safe for use by many threads.
 *
 * <p>Paths are taken apart while they are still percent-encoded, so that a key may hold any
 * character. What comes first in a request is checked first: the account's form, the sender, the
 * namespace, the key, and only then the body.
 */
public final class RestApi implements Protocol {
  public static final String PREFIX = "/client/v4";

  private final Namespaces namespaces;
  private final Gate gate;
  private final Allowance allowance;
  private final QuotaCharge spending;
  private final Limits limits;
  private final Peek peek;
  private final QueuedWrites changes;
  private final NamespacesEndpoint namespacesEndpoint;
  private final KeysEndpoint keysEndpoint;
  private final ValuesEndpoint valuesEndpoint;
  private final BulkEndpoint bulkEndpoint;
  private final BulkGet bulkGet;
  private final AccountsEndpoint accountsEndpoint;

  /**
   * @param spools where bodies are put that have to arrive whole
   * @param home the account that is there before it has a namespace
   */
  public RestApi(
      Namespaces namespaces,
      Peek peek,
      Submit submit,
      Gate gate,
      Allowance allowance,
      Limits limits,
      InstantSource clock,
      Spools spools,
      AccountId home) {
    this.namespaces = namespaces;
    this.peek = peek;
    this.gate = gate;
    this.allowance = allowance;
    this.spending = new QuotaCharge(allowance);
    this.changes = new QueuedWrites(submit, allowance, limits, clock);
    this.limits = limits;
    this.namespacesEndpoint = new NamespacesEndpoint(namespaces, limits);
    this.keysEndpoint = new KeysEndpoint(limits);
    this.valuesEndpoint = new ValuesEndpoint(limits, clock, spools);
    this.bulkEndpoint = new BulkEndpoint(limits, clock, spools);
    this.bulkGet = new BulkGet(limits, spools, true);
    this.accountsEndpoint = new AccountsEndpoint(namespaces, home);
  }

  @Override
  public boolean owns(Request request) {
    return Protocol.isBelow(PREFIX, request.path());
  }

  /** What the get of a value asks for, as far as its path tells. */
  private record Asked(AccountId account, NamespaceId namespace, Key key) {}

  /** The get of a value, which memory may have; everything else takes the other way. */
  @Override
  public Optional<LoopResult> answerNow(Request request) {
    try {
      return request.once(Asked.class, () -> asked(request)).flatMap(each -> getNow(request, each));
    } catch (SelvedgeException e) {
      return Optional.empty();
    }
  }

  private Optional<Asked> asked(Request request) {
    if (!request.method().equals("GET")) {
      return Optional.empty();
    }
    return Target.of(request.path().substring(PREFIX.length()))
        .filter(target -> target.kind().equals("values"))
        .filter(target -> NamespaceId.isWellFormed(target.namespace()))
        .map(
            target ->
                new Asked(
                    target.account(),
                    new NamespaceId(target.namespace()),
                    Keys.fromPath(target.rest(), limits)));
  }

  private Optional<LoopResult> getNow(Request request, Asked asked) {
    if (!(gate.admit(request) instanceof Admission.Admitted(Caller caller))) {
      return Optional.empty();
    }
    var call = new Call(request, caller, asked.account());
    NamespaceInfo info = call.namespace(namespaces, asked.namespace(), Right.READ, "get");
    if (!call.isWhole(info, Right.READ)) {
      return Optional.empty();
    }
    Key key = asked.key();
    Optional<Lookup> known = peek.at(info.id(), key);
    return Optional.of(
        known.isPresent()
            ? new LoopResult.Answered(perform("get", () -> get(call, known::get)))
            : new LoopResult.Reading(
                () -> perform("get", () -> get(call, () -> namespaces.open(info.id()).get(key)))));
  }

  private Response get(Call call, Supplier<Lookup> lookup) throws IOException {
    return spending.read(
        call.account(), Quota.READS, () -> ValuesEndpoint.get(call.request(), lookup.get()));
  }

  /** Queues the put of a small value and the delete; everything else takes the other way. */
  @Override
  public boolean answerSoon(Request request, Reply reply) {
    if (!changes.takes(request)) {
      return false;
    }
    try {
      Optional<Target> target = Target.of(request.path().substring(PREFIX.length()));
      return target.isPresent()
          && target.get().kind().equals("values")
          && gate.admit(request) instanceof Admission.Admitted(Caller caller)
          && caller.hasRightIn(target.get().account())
          && change(new Call(request, caller, target.get().account()), target.get(), reply);
    } catch (SelvedgeException e) {
      return false;
    }
  }

  private boolean change(Call call, Target target, Reply reply) {
    boolean put = call.is("PUT");
    String operation = put ? "put" : "remove key";
    var wording =
        new QueuedWrites.Wording(
            action -> perform(operation, action),
            outcome -> ValuesEndpoint.answer(outcome, operation));
    NamespaceInfo info = find(call, target, Right.WRITE, operation);
    if (!call.isWhole(info, Right.WRITE)) {
      return false;
    }
    Key key = Keys.fromPath(target.rest(), limits);
    Request request = call.request();
    if (put) {
      Optional<WriteOptions> how = valuesEndpoint.howPlain(request);
      how.ifPresent(
          plain -> changes.put(call.account(), info.id(), key, plain, request, wording, reply));
      return how.isPresent();
    }
    changes.delete(
        call.account(), info.id(), key, Entity.condition(request), request, wording, reply);
    return true;
  }

  @Override
  public boolean isAdmitted(Request request) {
    return gate.admit(request) instanceof Admission.Admitted;
  }

  @Override
  public Response answer(Request request) {
    String path = request.path().substring(PREFIX.length());
    return switch (path) {
      case "/user/tokens/verify" -> verify(request, _ -> true);
      case "/user" -> admitted(request, caller -> get(request, accountsEndpoint.user(caller)));
      case "/accounts" ->
          admitted(request, caller -> get(request, accountsEndpoint.accounts(request, caller)));
      case "/memberships" ->
          admitted(request, caller -> get(request, accountsEndpoint.memberships(request, caller)));
      default -> account(request, path);
    };
  }

  private interface Admittance {
    Response of(Caller caller) throws IOException;
  }

  private Response admitted(Request request, Admittance admittance) {
    return switch (gate.admit(request)) {
      case Admission.Refused(var reason) -> Envelope.failure(RestErrors.of(reason));
      case Admission.Admitted(Caller caller) ->
          perform(request.method(), () -> admittance.of(caller));
    };
  }

  private Response verify(Request request, Predicate<Caller> knows) {
    return switch (gate.admit(request)) {
      case Admission.Refused _ -> Envelope.failure(new RestFailure(401, 1000, "Invalid API Token"));
      case Admission.Admitted(Caller caller) when !knows.test(caller) ->
          Envelope.failure(RestErrors.forbidden());
      case Admission.Admitted(Caller caller) ->
          perform("verify token", () -> get(request, accountsEndpoint.verify(caller)));
    };
  }

  private static Response get(Request request, Response response) {
    if (request.method().equals("GET")) {
      return response;
    }
    throw RestErrors.methodNotAllowed(request.method());
  }

  private Response account(Request request, String path) {
    Optional<Target> target;
    try {
      target = Target.of(path);
    } catch (SelvedgeException e) {
      return Envelope.failure(RestErrors.of(e, "route"));
    }
    if (target.isEmpty()) {
      return Envelope.failure(RestErrors.noRoute(request.path()));
    }
    if (target.get().kind().equals("verify")) {
      return verify(request, caller -> caller.hasRightIn(target.get().account()));
    }
    return admitted(
        request,
        caller -> {
          if (!caller.hasRightIn(target.get().account())) {
            throw RestErrors.forbidden();
          }
          return route(new Call(request, caller, target.get().account()), target.get());
        });
  }

  private Response route(Call call, Target target) {
    return switch (target.kind()) {
      case "account" ->
          perform(
              "get account", () -> get(call.request(), accountsEndpoint.account(call.account())));
      case "namespaces" -> collection(call);
      case "namespace" -> namespace(call, target);
      case "keys" -> keys(call, target);
      case "values" -> value(call, target);
      case "metadata" -> metadata(call, target);
      default -> bulk(call, target);
    };
  }

  private Response collection(Call call) {
    return switch (call.request().method()) {
      case "GET" -> perform("list namespaces", () -> namespacesEndpoint.list(call));
      case "POST" -> perform("create namespace", () -> namespacesEndpoint.create(call));
      default -> notAllowed(call);
    };
  }

  private Response namespace(Call call, Target target) {
    return switch (call.request().method()) {
      case "GET" ->
          perform(
              "get namespace",
              () -> namespacesEndpoint.read(find(call, target, Right.READ, "get namespace")));
      case "PUT" ->
          perform(
              "rename namespace",
              () ->
                  namespacesEndpoint.rename(
                      call, find(call, target, Right.ADMIN, "rename namespace")));
      case "DELETE" ->
          perform(
              "remove namespace",
              () -> namespacesEndpoint.delete(find(call, target, Right.ADMIN, "remove namespace")));
      default -> notAllowed(call);
    };
  }

  private Response keys(Call call, Target target) {
    if (!call.is("GET")) {
      return notAllowed(call);
    }
    return perform(
        "list keys",
        () -> {
          NamespaceInfo info = find(call, target, Right.READ, "list keys");
          return spending.read(
              call.account(),
              Quota.LISTS,
              () ->
                  keysEndpoint.list(call.request(), info, call.open(namespaces, info, Right.READ)));
        });
  }

  private Response value(Call call, Target target) {
    return switch (call.request().method()) {
      case "GET", "HEAD" ->
          perform(
              "get",
              () -> {
                Namespace namespace = open(call, target, Right.READ, "get");
                Key key = Keys.fromPath(target.rest(), limits);
                return get(call, () -> namespace.get(key));
              });
      case "PUT" ->
          perform(
              "put",
              () -> {
                NamespaceInfo info = find(call, target, Right.WRITE, "put");
                Namespace namespace = call.open(namespaces, info, Right.WRITE);
                Key key = Keys.fromPath(target.rest(), limits);
                NamespacePart.require(call.keys(info, Right.WRITE), key);
                return spending.change(
                    call.account(),
                    Quota.WRITES,
                    () ->
                        valuesEndpoint.put(
                            call.request(),
                            key,
                            namespace,
                            request ->
                                spending.admitWrite(call.account(), info.id(), key, request)));
              });
      case "DELETE" ->
          perform(
              "remove key",
              () -> {
                Namespace namespace = open(call, target, Right.WRITE, "remove key");
                Key key = Keys.fromPath(target.rest(), limits);
                return spending.change(
                    call.account(),
                    Quota.DELETES,
                    () -> valuesEndpoint.delete(call.request(), key, namespace));
              });
      default -> notAllowed(call);
    };
  }

  private Response metadata(Call call, Target target) {
    if (!call.is("GET")) {
      return notAllowed(call);
    }
    return perform(
        "metadata",
        () -> {
          Namespace namespace = open(call, target, Right.READ, "metadata");
          Key key = Keys.fromPath(target.rest(), limits);
          return spending.read(
              call.account(), Quota.READS, () -> keysEndpoint.metadata(key, namespace));
        });
  }

  private Response bulk(Call call, Target target) {
    return switch (call.request().method() + " " + target.rest()) {
      case "PUT " ->
          perform(
              "bulk put",
              () -> {
                NamespaceInfo info = find(call, target, Right.WRITE, "bulk put");
                Bytes prefix = call.keys(info, Right.WRITE);
                return bulkEndpoint.put(
                    call.request(),
                    call.open(namespaces, info, Right.WRITE),
                    (key, bytes) -> {
                      NamespacePart.require(prefix, key);
                      allowance.admitWrite(call.account(), info.id(), key, bytes);
                    },
                    count -> allowance.spend(call.account(), Quota.WRITES, count));
              });
      case "DELETE ", "POST delete" ->
          perform(
              "bulk remove keys",
              () -> {
                NamespaceInfo info = find(call, target, Right.WRITE, "bulk remove keys");
                Bytes prefix = call.keys(info, Right.WRITE);
                return bulkEndpoint.delete(
                    call.request(),
                    call.open(namespaces, info, Right.WRITE),
                    (key, _) -> NamespacePart.require(prefix, key),
                    count -> allowance.spend(call.account(), Quota.DELETES, count));
              });
      case "POST get" ->
          perform(
              "bulk get keys",
              () -> bulkGet(call, open(call, target, Right.READ, "bulk get keys")));
      default -> notAllowed(call);
    };
  }

  private Response bulkGet(Call call, Namespace namespace) throws IOException {
    BulkGet.Question question = bulkGet.read(call.request());
    allowance.spend(call.account(), Quota.READS, question.keys().size());
    return bulkGet.answer(call.request(), namespace, question, ReadOptions.PLAIN, Envelope::values);
  }

  private NamespaceInfo find(Call call, Target target, Right right, String operation) {
    return call.namespace(namespaces, target.namespace(), right, operation);
  }

  private Namespace open(Call call, Target target, Right right, String operation) {
    return call.open(namespaces, find(call, target, right, operation), right);
  }

  private static Response notAllowed(Call call) {
    return Envelope.failure(RestErrors.methodNotAllowed(call.request().method()));
  }

  private static Response perform(String operation, QuotaCharge.Action action) {
    try {
      return action.run();
    } catch (SelvedgeException e) {
      return Envelope.failure(RestErrors.of(e, operation));
    } catch (UncheckedIOException e) {
      return Envelope.failure(RestErrors.of(e, operation));
    } catch (IOException e) {
      return Envelope.failure(RestErrors.of(e, operation));
    }
  }

  @Override
  public Response refusal(int status, String message) {
    return Envelope.failure(new RestFailure(status, 10000 + status, message));
  }
}
