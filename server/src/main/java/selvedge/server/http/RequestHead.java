package selvedge.server.http;

import io.netty.handler.codec.http.HttpRequest;

/**
 * The request line and the header fields of a request.
 *
 * @param target as the client sent it
 */
record RequestHead(String method, String target, HeaderFields fields) {

  /** Converts a head that Netty has decoded. */
  static RequestHead of(HttpRequest request) {
    return new RequestHead(request.method().name(), request.uri(), new HeaderFields(request));
  }

  /** Returns whether the response must not have a body. */
  boolean forbidsResponseBody() {
    return method.equals("HEAD");
  }
}
