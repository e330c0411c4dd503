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
 * @param changes whether it is a change, which must not be made twice
 * @param again whether the body can be sent again
 */
record ClientRequest(
    String operation,
    String method,
    String target,
    List<String> headers,
    Version atLeast,
    BodyPublisher body,
    boolean changes,
    BooleanSupplier again) {

  static ClientRequest read(String operation, String target) {
    return new ClientRequest(
        operation,
        "GET",
        target,
        List.of(),
        Version.NONE,
        BodyPublishers.noBody(),
        false,
        () -> true);
  }

  static ClientRequest change(String operation, String method, String target, BodyPublisher body) {
    return new ClientRequest(
        operation, method, target, List.of(), Version.NONE, body, true, () -> true);
  }

  /** Returns a copy with a body, for a read with many parameters. */
  ClientRequest posting(BodyPublisher parameters) {
    return new ClientRequest(
        operation, "POST", target, headers, atLeast, parameters, changes, again);
  }

  ClientRequest with(String name, String value) {
    List<String> more = new ArrayList<>(headers);
    more.add(name);
    more.add(value);
    return new ClientRequest(operation, method, target, more, atLeast, body, changes, again);
  }

  ClientRequest atLeast(Version version) {
    return new ClientRequest(operation, method, target, headers, version, body, changes, again);
  }

  /** Returns a copy whose body can be sent again only while the condition holds. */
  ClientRequest repeatableIf(BooleanSupplier condition) {
    return new ClientRequest(operation, method, target, headers, atLeast, body, changes, condition);
  }
}
