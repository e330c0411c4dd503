package selvedge.verification.fuzz;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import selvedge.model.AccountId;
import selvedge.model.Bytes;
import selvedge.model.Key;
import selvedge.model.Limit;
import selvedge.model.Limits;
import selvedge.model.Lookup;
import selvedge.model.Metadata;
import selvedge.model.Mutation;
import selvedge.model.NamespaceId;
import selvedge.model.Outcome;
import selvedge.model.Profile;
import selvedge.model.WriteOptions;
import selvedge.model.testing.MemoryNamespaces;
import selvedge.model.testing.SettableClock;
import selvedge.server.access.Admission;
import selvedge.server.access.Gate;
import selvedge.server.access.OpenCaller;
import selvedge.server.analytics.Analytics;
import selvedge.server.api.Body;
import selvedge.server.api.Json;
import selvedge.server.api.LoopResult;
import selvedge.server.api.Request;
import selvedge.server.api.Response;
import selvedge.server.api.binding.BindingApi;
import selvedge.server.api.rest.RestApi;
import selvedge.server.api.route.ApiRouter;
import selvedge.server.api.shared.Peek;
import selvedge.server.api.shared.ProtocolContext;
import selvedge.server.api.shared.Spools;
import selvedge.server.api.shared.Submit;
import selvedge.server.quota.Allowance;
import tools.jackson.core.JacksonException;

/** The protocols on namespaces in memory. They must answer every request. */
final class FuzzedApis {
  static final AccountId ACCOUNT = new AccountId("023e105f4ecef8ad9ca31a8372d0c353");

  private static final int ENTRIES_MAX = 1000;

  private final Limits limits = Limits.of(Profile.OPEN).with(Limit.VALUE_BYTES, 100_000);
  private final MemoryNamespaces memory =
      new MemoryNamespaces(new SettableClock(Instant.parse("2026-11-21T12:00:00Z")), limits);
  private final NamespaceId namespace = memory.create(ACCOUNT, "fuzz").id();
  private final ApiRouter api;
  private int answered;

  FuzzedApis() {
    Gate gate = _ -> new Admission.Admitted(new OpenCaller(true));
    Peek peek =
        (id, key) ->
            key.bytes().size() % 2 == 0 ? Optional.empty() : Optional.of(memory.open(id).get(key));
    Submit submit =
        (id, mutation, _, ending) ->
            ending.completed(new Outcome.Accepted(memory.open(id).write(List.of(mutation))));
    var clock = new SettableClock(Instant.parse("2026-11-21T12:00:00Z"));
    var spools = new Spools(spool(), () -> Long.MAX_VALUE, limits);
    fill();
    var context =
        new ProtocolContext(
            memory, peek, submit, gate, Allowance.UNLIMITED, limits, clock, spools, ACCOUNT);
    this.api =
        new ApiRouter(
            List.of(new RestApi(context, Analytics.none(clock)), new BindingApi(context)));
  }

  private static Path spool() {
    try {
      return Files.createTempDirectory("selvedge-fuzz");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void fill() {
    memory.open(namespace).write(List.of(new Mutation.Clear(Bytes.EMPTY)));
    WriteOptions how = WriteOptions.PLAIN.metadata(Metadata.json("{\"a\":\"é\"}"));
    for (String key : List.of("a", "a/b", "é", "json", "0")) {
      memory.open(namespace).put(Key.of(key), Bytes.utf8("[1, \"x\"]"), how);
    }
  }

  NamespaceId namespace() {
    return namespace;
  }

  /** Reads a key of the namespace. */
  Lookup get(Key key) {
    return memory.open(namespace).get(key);
  }

  /**
   * Sends the request on the event loop and on a thread. Fails unless the responses are valid and
   * have the same status.
   */
  void send(Request request) {
    if (++answered % ENTRIES_MAX == 0) {
      fill();
    }
    if (api.answerSoon(request, making -> require(making.get(), request))) {
      return;
    }
    Optional<Response> now =
        api.answerNow(request)
            .map(
                prompt ->
                    switch (prompt) {
                      case LoopResult.Answered(Response early) -> early;
                      case LoopResult.Reading(var rest) -> rest.get();
                    });
    Response response = api.answer(request);
    require(response, request);
    now.ifPresent(
        early -> {
          if (early.status() != response.status()) {
            throw new AssertionError(
                "status on the loop " + early.status() + ", on a thread " + response.status());
          }
        });
  }

  private static void require(Response response, Request request) {
    String body = body(response);
    if (response.status() >= 500) {
      throw new AssertionError(
          request.method() + " " + request.path() + " is " + response.status() + ": " + body);
    }
    if (response.header("Content-Type").orElse("").startsWith("application/json")) {
      requireJson(body, request);
    }
    for (int i = 0; i < response.reason().length(); i++) {
      if (response.reason().charAt(i) < ' ' || response.reason().charAt(i) > 255) {
        throw new AssertionError("no reason phrase: " + response.reason());
      }
    }
  }

  /** Requires that a body is what its type says, if it is not only announced. */
  private static void requireJson(String body, Request request) {
    try {
      if (!body.isEmpty()) {
        Json.tree(Bytes.utf8(body));
      }
    } catch (JacksonException e) {
      throw new AssertionError(
          request.method() + " " + request.path() + " has a body that is not JSON: " + body, e);
    }
  }

  private static String body(Response response) {
    try {
      return switch (response.body()) {
        case Body.Held(Bytes bytes) -> bytes.utf8();
        case Body.Announced _ -> "";
        case Body.Streamed(var value, long offset, long length) -> {
          try (InputStream stream = value.open()) {
            stream.skipNBytes(offset);
            yield Bytes.adopt(stream.readNBytes(Math.toIntExact(length))).utf8();
          }
        }
        case Body.Live _ -> "";
        case Body.Written(Body.Output output) -> {
          var out = new ByteArrayOutputStream();
          output.writeTo(out);
          yield out.toString(StandardCharsets.UTF_8);
        }
      };
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
