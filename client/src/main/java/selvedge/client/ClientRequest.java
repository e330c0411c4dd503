package selvedge.client;

import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import selvedge.model.Version;

/**
 * What is asked of a server.
 *
 * @param operation what observers call it
 * @param target path and query
 * @param headers names and values by turns
 * @param atLeast what a read must contain
 * @param changes whether it may not be made twice
 * @param again whether the body can be sent once more
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

  /** A read whose question is in its body. */
  ClientRequest posting(BodyPublisher question) {
    return new ClientRequest(operation, "POST", target, headers, atLeast, question, changes, again);
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

  /** A body that can be sent again only as long as the condition holds. */
  ClientRequest repeatableIf(BooleanSupplier condition) {
    return new ClientRequest(operation, method, target, headers, atLeast, body, changes, condition);
  }
}
