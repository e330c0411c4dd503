package selvedge.server.http;

import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import selvedge.server.api.Body;
import selvedge.server.api.Response;

/** Turns the head of an answer into Netty's. Safe for use by many threads. */
final class ResponseHeads {
  private final HttpDate date;

  ResponseHeads(HttpDate date) {
    this.date = date;
  }

  /**
   * @param chunked whether a body of unknown length can be sent in chunks
   */
  HttpResponse head(Response response, boolean keepAlive, boolean chunked) {
    var head =
        new DefaultHttpResponse(
            HttpVersion.HTTP_1_1,
            status(response),
            DefaultHttpHeadersFactory.headersFactory().withValidation(false));
    HttpHeaders headers = head.headers();
    for (Response.Header header : response.headers()) {
      headers.add(header.name(), oneLine(header.value()));
    }
    headers.set(HttpHeaderNames.DATE, date.text());
    if (!keepAlive) {
      headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    }
    switch (response.body()) {
      case Body.Held held when response.status() != 304 && response.status() != 204 ->
          headers.set(HttpHeaderNames.CONTENT_LENGTH, held.bytes().length());
      case Body.Held _ -> {}
      case Body.Streamed streamed -> headers.set(HttpHeaderNames.CONTENT_LENGTH, streamed.length());
      case Body.Announced announced ->
          headers.set(HttpHeaderNames.CONTENT_LENGTH, announced.length());
      case Body.Live _ when chunked ->
          headers.set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
      case Body.Live _ -> {}
      case Body.Written _ when chunked ->
          headers.set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
      case Body.Written _ -> {}
    }
    return head;
  }

  private static HttpResponseStatus status(Response response) {
    HttpResponseStatus standard = HttpResponseStatus.valueOf(response.status());
    return standard.reasonPhrase().equals(response.reason())
        ? standard
        : new HttpResponseStatus(response.status(), oneLine(response.reason()));
  }

  private static String oneLine(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ' && c != '\t') {
        return text.replaceAll("[\\x00-\\x08\\x0a-\\x1f]", " ");
      }
    }
    return text;
  }
}
