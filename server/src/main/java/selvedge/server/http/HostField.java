package selvedge.server.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import java.util.List;
import java.util.Optional;

/** Checks the field {@code Host} as RFC 9112 requires. */
final class HostField {
  private static final String PUNCTUATION = "-._~!$&'()*+,;=%:[]";

  private HostField() {}

  /**
   * Returns an error message for an invalid field; empty if it is valid. HTTP/2 has its authority
   * in it.
   */
  static Optional<String> fault(HttpRequest head, boolean http2) {
    List<String> hosts = head.headers().getAll(HttpHeaderNames.HOST);
    if (hosts.isEmpty()) {
      return head.protocolVersion().equals(HttpVersion.HTTP_1_0)
          ? Optional.empty()
          : Optional.of("the header Host is missing");
    }
    String host = hosts.getFirst();
    if (hosts.size() > 1 && !(http2 && hosts.stream().allMatch(host::equalsIgnoreCase))) {
      return Optional.of("a request must have one Host header, got " + hosts.size());
    }
    return isWellFormed(host)
        ? Optional.empty()
        : Optional.of(
            "the header Host must be a host name or an IP address, with an optional port");
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
