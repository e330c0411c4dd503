package selvedge.server.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import java.util.List;
import java.util.Optional;

/** What RFC 9112 requires a server to refuse about the field {@code Host}. */
final class HostField {
  private static final String PUNCTUATION = "-._~!$&'()*+,;=%:[]";

  private HostField() {}

  /** Says what is wrong; empty if nothing is. HTTP/2 brings its authority in the same field. */
  static Optional<String> fault(HttpRequest head, boolean http2) {
    List<String> hosts = head.headers().getAll(HttpHeaderNames.HOST);
    if (hosts.isEmpty()) {
      return head.protocolVersion().equals(HttpVersion.HTTP_1_0)
          ? Optional.empty()
          : Optional.of("a request must name its host");
    }
    String host = hosts.getFirst();
    if (hosts.size() > 1 && !(http2 && hosts.stream().allMatch(host::equalsIgnoreCase))) {
      return Optional.of("a request must name one host, and this one names " + hosts.size());
    }
    return isWellFormed(host)
        ? Optional.empty()
        : Optional.of("the host of the request is no name");
  }

  private static boolean isWellFormed(String host) {
    for (int i = 0; i < host.length(); i++) {
      char c = host.charAt(i);
      boolean word = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
      if (!word && PUNCTUATION.indexOf(c) < 0) {
        return false;
      }
    }
    return true;
  }
}
