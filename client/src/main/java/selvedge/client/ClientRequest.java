package selvedge.client;

import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import selvedge.model.Version;

/**
 * A request to a server.
 *
 * @param operation its name for observers
 * @param target path and query
 * @param headers names and values in turn
 * @param atLeast the version that the answer to a read must take into account
 * @param effect what the server does with it
 * @param again whether the body can be sent again
 */
record ClientRequest(
    String operation,
    String method,
    String target,
    List<String> headers,
    Version atLeast,
    BodyPublisher body,
    Effect effect,
    BooleanSupplier again) {

  /** What a request does at the server. */
  enum Effect {
    READ,
    /** It must not be made twice. */
    CHANGE,
    /** Making it twice has the result of making it once. */
    IDEMPOTENT_CHANGE
  }

  static ClientRequest read(String operation, String target) {
    return new ClientRequest(
        operation,
        "GET",
        target,
        List.of(),
        Version.NONE,
        BodyPublishers.noBody(),
        Effect.READ,
        () -> true);
  }

  static ClientRequest change(String operation, String method, String target, BodyPublisher body) {
    return new ClientRequest(
        operation, method, target, List.of(), Version.NONE, body, Effect.CHANGE, () -> true);
  }

  /** Returns a copy that may be made twice. */
  ClientRequest idempotent() {
    return new ClientRequest(
        operation, method, target, headers, atLeast, body, Effect.IDEMPOTENT_CHANGE, again);
  }

  boolean changes() {
    return effect != Effect.READ;
  }

  /** Returns whether it may be sent again after a failure that leaves its outcome unknown. */
  boolean isRepeatable() {
    return effect != Effect.CHANGE;
  }

  /** Returns a copy with a body, for a read with many parameters. */
  ClientRequest posting(BodyPublisher parameters) {
    return new ClientRequest(
        operation, "POST", target, headers, atLeast, parameters, effect, again);
  }

  ClientRequest with(String name, String value) {
    List<String> more = new ArrayList<>(headers);
    more.add(name);
    more.add(value);
    return new ClientRequest(operation, method, target, more, atLeast, body, effect, again);
  }

  ClientRequest atLeast(Version version) {
    return new ClientRequest(operation, method, target, headers, version, body, effect, again);
  }

  /** Returns a copy whose body can be sent again only while the condition holds. */
  ClientRequest repeatableIf(BooleanSupplier condition) {
    return new ClientRequest(operation, method, target, headers, atLeast, body, effect, condition);
  }
}
