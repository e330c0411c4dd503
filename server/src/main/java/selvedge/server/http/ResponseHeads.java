package selvedge.server.http;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.util.OptionalLong;
import selvedge.server.api.Body;
import selvedge.server.api.BytesBuilder;
import selvedge.server.api.Response;

/** Encodes the head of a response. Safe for use by many threads. */
public final class ResponseHeads {
  private static final String LINE_END = "\r\n";
  private static final String NO_SNIFFING = "x-content-type-options";
  private static final String RESOURCE_POLICY = "cross-origin-resource-policy";

  /**
   * The fields that keep a browser from running a value as a script or a style, and from embedding
   * it in a page of another origin.
   */
  static final String STANDING_LINES =
      NO_SNIFFING + ": nosniff" + LINE_END + RESOURCE_POLICY + ": same-origin" + LINE_END;

  /** The initial buffer size, enough for the usual head. */
  static final int HEAD_BYTES = 512;

  private final HttpDate date;

  public ResponseHeads(HttpDate date) {
    this.date = date;
  }

  /**
   * Returns the head of a response as a Netty object.
   *
   * @param chunked whether a body of unknown length can be sent in chunks
   */
  public HttpResponse head(Response response, boolean keepAlive, boolean chunked) {
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
    headers.set(NO_SNIFFING, "nosniff");
    headers.set(RESOURCE_POLICY, "same-origin");
    if (!keepAlive) {
      headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    }
    length(response).ifPresent(length -> headers.set(HttpHeaderNames.CONTENT_LENGTH, length));
    if (chunked
        && (response.body() instanceof Body.Live || response.body() instanceof Body.Written)) {
      headers.set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
    }
    return head;
  }

  /** Writes the head of a complete response as HTTP/1.1. */
  public void write(ByteBuf out, Response response, boolean keepAlive) {
    var head = new BytesBuilder(HEAD_BYTES);
    head.add("HTTP/1.1 ").add(Integer.toString(response.status()));
    line(head, " ", response.reason());
    for (Response.Header header : response.headers()) {
      head.add(header.name());
      line(head, ": ", header.value());
    }
    head.add(date.lines());
    if (!keepAlive) {
      head.add("connection: close").add(LINE_END);
    }
    OptionalLong length = length(response);
    if (length.isPresent()) {
      head.add("content-length: ").add(Long.toString(length.getAsLong())).add(LINE_END);
    }
    head.add(LINE_END);
    out.writeBytes(head.array(), 0, head.size());
  }

  private static void line(BytesBuilder head, String start, String text) {
    head.add(start).add(oneLine(text)).add(LINE_END);
  }

  /** Returns the length of the body; empty if it is not known, or if the status forbids a body. */
  private static OptionalLong length(Response response) {
    return switch (response.body()) {
      case Body.Held held when response.status() != 304 && response.status() != 204 ->
          OptionalLong.of(held.bytes().length());
      case Body.Announced announced -> OptionalLong.of(announced.length());
      case Body.Streamed streamed -> OptionalLong.of(streamed.length());
      case Body _ -> OptionalLong.empty();
    };
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
