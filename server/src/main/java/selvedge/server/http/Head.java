package selvedge.server.http;

import io.netty.handler.codec.http.HttpRequest;

/**
 * What comes before the body of a request.
 *
 * @param target as it was sent
 */
record Head(String method, String target, Fields fields) {

  /** What Netty has decoded. */
  static Head of(HttpRequest request) {
    return new Head(request.method().name(), request.uri(), new Fields(request));
  }

  /** Whether the answer has no body. */
  boolean asksForNoBody() {
    return method.equals("HEAD");
  }
}
