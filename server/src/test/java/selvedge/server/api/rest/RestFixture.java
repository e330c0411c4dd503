package selvedge.server.api.rest;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import selvedge.model.AccountId;
import selvedge.model.Limit;
import selvedge.model.Limits;
import selvedge.model.Namespace;
import selvedge.model.NamespaceId;
import selvedge.model.Namespaces;
import selvedge.model.Profile;
import selvedge.model.testing.MemoryNamespaces;
import selvedge.model.testing.SettableClock;
import selvedge.server.access.Admission;
import selvedge.server.access.Gate;
import selvedge.server.access.OpenCaller;
import selvedge.server.analytics.Analytics;
import selvedge.server.api.Answer;
import selvedge.server.api.DirectSubmit;
import selvedge.server.api.LoopResult;
import selvedge.server.api.TestRequest;
import selvedge.server.api.route.ApiRouter;
import selvedge.server.api.shared.Peek;
import selvedge.server.api.shared.ProtocolContext;
import selvedge.server.api.shared.Spools;
import selvedge.server.quota.Allowance;

/** The REST API on namespaces in memory, with short methods for requests. */
final class RestFixture {
  /** The prefix of keys that are not in memory. */
  static final String COLD = "cold";

  static final AccountId ACCOUNT = new AccountId("023e105f4ecef8ad9ca31a8372d0c353");
  static final AccountId OTHER = new AccountId("ffffffffffffffffffffffffffffffff");
  static final String NAMESPACES = "/client/v4/accounts/" + ACCOUNT + "/storage/kv/namespaces";
  static final Instant NOW = Instant.parse("2026-11-21T12:00:00.750Z");

  final SettableClock clock = new SettableClock(NOW);
  final Limits limits;
  final MemoryNamespaces memory;
  final NamespaceId id;
  final Namespace namespace;
  private final ApiRouter api;

  RestFixture(Path spool) {
    this(spool, Limits.of(Profile.OPEN));
  }

  RestFixture(Path spool, Limit limit, long value) {
    this(spool, Limits.of(Profile.OPEN).with(limit, value));
  }

  RestFixture(Path spool, Limits limits) {
    this.limits = limits;
    this.memory = new MemoryNamespaces(clock, limits);
    this.id = memory.create(ACCOUNT, "things").id();
    this.namespace = memory.open(id);
    this.api =
        api(spool, memory, _ -> new Admission.Admitted(new OpenCaller(true)), Allowance.UNLIMITED);
  }

  private RestFixture(
      RestFixture other, Path spool, Namespaces namespaces, Gate gate, Allowance allowance) {
    this.limits = other.limits;
    this.memory = other.memory;
    this.id = other.id;
    this.namespace = other.namespace;
    this.api = api(spool, namespaces, gate, allowance);
  }

  /** Returns a fixture with the same namespaces and another gate. */
  RestFixture guarded(Path spool, Gate gate) {
    return new RestFixture(this, spool, memory, gate, Allowance.UNLIMITED);
  }

  RestFixture allowed(Path spool, Allowance allowance) {
    return new RestFixture(
        this, spool, memory, _ -> new Admission.Admitted(new OpenCaller(true)), allowance);
  }

  /** Returns a fixture whose API uses other namespaces in front of these. */
  RestFixture over(Path spool, Namespaces namespaces) {
    return new RestFixture(
        this,
        spool,
        namespaces,
        _ -> new Admission.Admitted(new OpenCaller(true)),
        Allowance.UNLIMITED);
  }

  private ApiRouter api(Path spool, Namespaces namespaces, Gate gate, Allowance allowance) {
    Peek peek =
        (namespaceId, key) ->
            key.name().startsWith(COLD)
                ? Optional.empty()
                : Optional.of(memory.open(namespaceId).get(key));
    return new ApiRouter(
        List.of(
            new RestApi(
                new ProtocolContext(
                    namespaces,
                    peek,
                    new DirectSubmit(namespaces),
                    gate,
                    allowance,
                    limits,
                    clock,
                    new Spools(spool, () -> Long.MAX_VALUE, limits),
                    ACCOUNT),
                Analytics.none(clock))));
  }

  String path() {
    return NAMESPACES + "/" + id;
  }

  /** Returns the path of a value. */
  String value(String encodedKey) {
    return path() + "/values/" + encodedKey;
  }

  String metadata(String encodedKey) {
    return path() + "/metadata/" + encodedKey;
  }

  String keys(String query) {
    return path() + "/keys" + query;
  }

  String bulk(String tail) {
    return path() + "/bulk" + tail;
  }

  Answer send(TestRequest request) {
    return Answer.of(api.answer(request));
  }

  Optional<Answer> sendNow(TestRequest request) {
    return Answer.now(api.answerNow(request));
  }

  Optional<LoopResult> prompt(TestRequest request) {
    return api.answerNow(request);
  }

  /** Returns the response to a queued change; empty if it was not queued. */
  Optional<Answer> sendSoon(TestRequest request) {
    List<Answer> answers = new ArrayList<>();
    boolean taken =
        api.answerSoon(request, computation -> answers.add(Answer.of(computation.get())));
    if (taken != (answers.size() == 1)) {
      throw new AssertionError("taken: " + taken + ", answers: " + answers);
    }
    return answers.stream().findFirst();
  }

  Answer get(String target) {
    return send(new TestRequest("GET", target));
  }

  Answer put(String target, String body) {
    return send(new TestRequest("PUT", target).body(body));
  }

  Answer post(String target, String body) {
    return send(new TestRequest("POST", target).body(body));
  }

  Answer delete(String target) {
    return send(new TestRequest("DELETE", target));
  }

  Answer delete(String target, String body) {
    return send(new TestRequest("DELETE", target).body(body));
  }

  /** Returns the key names of one page. */
  List<String> names(String query) {
    List<String> names = new ArrayList<>();
    get(keys(query)).ok().result().forEach(listed -> names.add(listed.get("name").asString()));
    return names;
  }
}
