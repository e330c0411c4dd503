package selvedge.server.api.binding;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;
import selvedge.model.AccountId;
import selvedge.model.Bytes;
import selvedge.model.Condition;
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
import selvedge.server.access.Right;
import selvedge.server.api.LoopResult;
import selvedge.server.api.PercentCode;
import selvedge.server.api.Protocol;
import selvedge.server.api.Query;
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
 * What a Worker's {@code kvNamespace} asks. Safe for use by many threads.
 *
 * <p>A request names its namespace by a header, and then every path is a key, or by its path.
 */
public final class BindingApi implements Protocol {
  private static final String BULK_GET = "bulk/get";

  private static final String USUAL_QUERY = "urlencoded=true";

  /** What becomes of a value that was queued, in the words of this face. */
  private static final QueuedWrites.Wording WORDING =
      new QueuedWrites.Wording(BindingApi::perform, EntriesEndpoint::answer);

  private final Namespaces namespaces;
  private final Peek peek;
  private final QueuedWrites changes;
  private final Gate gate;
  private final Allowance allowance;
  private final QuotaCharge spending;
  private final Limits limits;
  private final NamespaceFinder finder;
  private final EntriesEndpoint entries;
  private final ListEndpoint lists;
  private final BulkGet bulkGet;

  /** Where a request leads to. */
  private record Place(Target target, AccountId account, NamespaceId id, Bytes keys) {

    /** Whether the caller has the right for every key. */
    boolean isWhole() {
      return keys.isEmpty();
    }
  }

  /**
   * @param spools where answers are put that are too large for memory
   * @param home the account in which a caller for all accounts finds titles
   */
  public BindingApi(
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
    this.finder = new NamespaceFinder(namespaces, home);
    this.entries = new EntriesEndpoint(limits, clock);
    this.lists = new ListEndpoint(limits);
    this.bulkGet = new BulkGet(limits, spools, false);
  }

  @Override
  public boolean owns(Request request) {
    return request.header(Target.HEADER).isPresent()
        || Protocol.isBelow(Target.PREFIX, request.path());
  }

  @Override
  public Response refusal(int status, String message) {
    return BindingErrors.answer(status, message);
  }

  /** What the get of a value asks for, as far as its head tells. */
  private record Asked(Target target, IdOrTitle namespace, Key key) {}

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
    return request.method().equals("GET")
        ? Target.of(request)
            .filter(target -> !target.key().isEmpty())
            .map(target -> new Asked(target, name(target), key(request, target)))
        : Optional.empty();
  }

  private Optional<LoopResult> getNow(Request request, Asked asked) {
    if (!(gate.admit(request) instanceof Admission.Admitted(Caller caller))) {
      return Optional.empty();
    }
    Place place = place(asked.target(), asked.namespace(), caller, Right.READ);
    if (!place.isWhole()) {
      return Optional.empty();
    }
    Key key = asked.key();
    Optional<Lookup> known = peek.at(place.id(), key);
    return Optional.of(
        known.isPresent()
            ? new LoopResult.Answered(perform(() -> get(request, place, known::get, true)))
            : new LoopResult.Reading(() -> perform(() -> read(request, place, key))));
  }

  /** Queues the put of a small value and the delete; everything else takes the other way. */
  @Override
  public boolean answerSoon(Request request, Reply reply) {
    if (!changes.takes(request)) {
      return false;
    }
    try {
      if (!(gate.admit(request) instanceof Admission.Admitted(Caller caller))) {
        return false;
      }
      Place place = place(Target.of(request).orElseThrow(), caller, Right.WRITE);
      if (!place.isWhole()) {
        return false;
      }
      Key key = key(request, place.target());
      if (request.method().equals("PUT")) {
        WriteOptions how = entries.how(request);
        changes.put(place.account(), place.id(), key, how, request, WORDING, reply);
      } else {
        Condition condition = Entity.condition(request);
        changes.delete(place.account(), place.id(), key, condition, request, WORDING, reply);
      }
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
                  BindingErrors.answer(
                          401, "Unauthorized: inject the header Authorization: Bearer TOKEN")
                      .header("WWW-Authenticate", "Bearer");
              case Admission.Admitted(Caller caller) ->
                  route(request, Target.of(request).orElseThrow(), caller);
            });
  }

  private static Response perform(QuotaCharge.Action action) {
    try {
      return action.run();
    } catch (SelvedgeException e) {
      return BindingErrors.of(e);
    } catch (UncheckedIOException e) {
      IOException cause = e.getCause();
      return BindingErrors.of(cause == null ? new IOException(e) : cause);
    } catch (IOException e) {
      return BindingErrors.of(e);
    }
  }

  private Response route(Request request, Target target, Caller caller) throws IOException {
    String method = request.method();
    if (method.equals("POST") && target.key().equals(BULK_GET)) {
      return bulkGet(request, place(target, caller, Right.READ));
    }
    if (target.key().isEmpty() && method.equals("GET")) {
      return list(request, place(target, caller, Right.READ));
    }
    return switch (method) {
      case "GET", "HEAD" -> read(request, place(target, caller, Right.READ), key(request, target));
      case "PUT" -> put(request, place(target, caller, Right.WRITE));
      case "DELETE" -> delete(request, place(target, caller, Right.WRITE));
      default ->
          throw new BindingFailure(
              405, method + " is not a method of a namespace: GET, PUT, DELETE, POST /bulk/get");
    };
  }

  private Place place(Target target, Caller caller, Right right) {
    return place(target, name(target), caller, right);
  }

  /** Finds a namespace by id or, in the caller's account, by title. */
  private Place place(Target target, IdOrTitle name, Caller caller, Right right) {
    NamespaceInfo info =
        finder
            .find(caller, name)
            .orElseThrow(
                () ->
                    new NamespaceNotFoundException(
                        "There is no namespace with the id or title \"" + name.text() + "\""));
    Bytes keys =
        caller
            .keys(right, info.account(), info.id())
            .orElseThrow(
                () -> new BindingFailure(403, "The token may not write in this namespace"));
    return new Place(target, info.account(), info.id(), keys);
  }

  private static IdOrTitle name(Target target) {
    if (target.byHeader()) {
      return IdOrTitle.of(PercentCode.shown(target.namespace()));
    }
    return PercentCode.decodePath(target.namespace())
        .map(name -> IdOrTitle.of(name.utf8()))
        .orElseThrow(
            () -> new BindingFailure(400, "Could not URL-decode the namespace in the path"));
  }

  private Key key(Request request, Target target) {
    how(request);
    return Keys.fromPath(target.key(), limits);
  }

  private ReadOptions how(Request request) {
    String query = request.query();
    return query.isEmpty() || query.equals(USUAL_QUERY)
        ? ReadOptions.PLAIN
        : Query.of(request).text("cache_ttl").map(this::cached).orElse(ReadOptions.PLAIN);
  }

  private ReadOptions cached(String given) {
    long least = limits.get(Limit.CACHE_TTL_SECONDS_MIN);
    try {
      long seconds = Long.parseLong(given);
      if (seconds >= least) {
        return ReadOptions.PLAIN.cacheTtl(Duration.ofSeconds(Math.min(seconds, Integer.MAX_VALUE)));
      }
    } catch (NumberFormatException e) {
      throw badCacheTtl(given, least);
    }
    throw badCacheTtl(given, least);
  }

  private static BindingFailure badCacheTtl(String given, long least) {
    return new BindingFailure(
        400, "Invalid cache_ttl of " + given + ". Cache TTL must be at least " + least + ".");
  }

  private Response read(Request request, Place place, Key key) throws IOException {
    Namespace namespace = open(place);
    return get(request, place, () -> namespace.get(key, how(request)), false);
  }

  private Response get(Request request, Place place, Supplier<Lookup> lookup, boolean fromMemory)
      throws IOException {
    return spending.read(
        place.account(),
        Quota.READS,
        () -> EntriesEndpoint.found(request, lookup.get(), fromMemory));
  }

  private Namespace open(Place place) {
    return NamespacePart.of(namespaces.open(place.id()), place.keys());
  }

  private Response put(Request request, Place place) throws IOException {
    Key key = key(request, place.target());
    NamespacePart.require(place.keys(), key);
    WriteOptions how = entries.how(request);
    Namespace namespace = open(place);
    Request admitted = spending.admitWrite(place.account(), place.id(), key, request);
    return spending.change(
        place.account(), Quota.WRITES, () -> entries.put(admitted, key, namespace, how));
  }

  private Response delete(Request request, Place place) throws IOException {
    Key key = key(request, place.target());
    Namespace namespace = open(place);
    return spending.change(
        place.account(), Quota.DELETES, () -> EntriesEndpoint.delete(request, key, namespace));
  }

  private Response list(Request request, Place place) throws IOException {
    Namespace namespace = open(place);
    return spending.read(
        place.account(), Quota.LISTS, () -> lists.list(request, place.id(), namespace));
  }

  private Response bulkGet(Request request, Place place) throws IOException {
    BulkGet.Question question = bulkGet.read(request);
    ReadOptions how =
        question.cacheTtl().isEmpty() ? ReadOptions.PLAIN : cached(question.cacheTtl());
    allowance.spend(place.account(), Quota.READS, question.keys().size());
    return bulkGet.answer(request, open(place), question, how, (json, values) -> values.to(json));
  }
}
