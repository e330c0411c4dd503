package selvedge.server.api.binding;

import java.util.Optional;
import selvedge.server.api.Protocol;
import selvedge.server.api.Request;

/**
 * What a request is about.
 *
 * @param namespace an id or a title, encoded as {@code byHeader} says
 * @param key still percent-encoded; empty for the namespace itself
 */
record Target(String namespace, boolean byHeader, String key) {
  static final String HEADER = "CF-KV-Namespace-Id";
  static final String PREFIX = "/kv";

  /** Empty for a request of another face. The header wins, because then any path is a key. */
  static Optional<Target> of(Request request) {
    String path = request.path();
    Optional<String> header = request.header(HEADER);
    if (header.isPresent()) {
      return Optional.of(
          new Target(header.get(), true, path.substring(Math.min(1, path.length()))));
    }
    if (!Protocol.isBelow(PREFIX, path)) {
      return Optional.empty();
    }
    int start = PREFIX.length() + 1;
    int slash = path.indexOf('/', Math.min(start, path.length()));
    return Optional.of(
        slash < 0
            ? new Target(path.substring(Math.min(start, path.length())), false, "")
            : new Target(path.substring(start, slash), false, path.substring(slash + 1)));
  }
}
