package selvedge.server.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import selvedge.server.api.RequestSource;
import selvedge.server.api.Response;

/**
 * The header fields of a request, and the values that the transport reads from them. Immutable:
 * many requests share an instance.
 */
final class HeaderFields {

  /** Names and values in turn. A scan of the few fields is faster than a hash table. */
  private final String[] texts;

  private final OptionalLong length;
  private final boolean lengthIsReliable;
  private final boolean keepAlive;
  private final boolean expectsContinue;
  private final boolean acceptsChunks;
  private final RequestSource provenance;

  HeaderFields(HttpRequest head) {
    this.texts = texts(head.headers());
    boolean inChunks = HttpUtil.isTransferEncodingChunked(head);
    this.length =
        inChunks || !head.headers().contains(HttpHeaderNames.CONTENT_LENGTH)
            ? OptionalLong.empty()
            : OptionalLong.of(HttpUtil.getContentLength(head));
    this.lengthIsReliable =
        !inChunks && !head.headers().contains(HttpHeaderNames.SEC_WEBSOCKET_KEY1);
    this.keepAlive = HttpUtil.isKeepAlive(head);
    this.expectsContinue = HttpUtil.is100ContinueExpected(head);
    this.acceptsChunks = !head.protocolVersion().equals(HttpVersion.HTTP_1_0);
    this.provenance = provenance(texts);
  }

  private static String[] texts(HttpHeaders headers) {
    String[] texts = new String[2 * headers.size()];
    int next = 0;
    for (var each = headers.iteratorCharSequence(); each.hasNext(); ) {
      var field = each.next();
      texts[next++] = field.getKey().toString();
      texts[next++] = field.getValue().toString();
    }
    return texts;
  }

  private static RequestSource provenance(String[] texts) {
    var reading = new RequestSource.Reading();
    for (int i = 0; i < texts.length; i += 2) {
      reading.field(texts[i], texts[i + 1]);
    }
    return reading.end();
  }

  /** Returns the source of requests with these fields. */
  RequestSource provenance() {
    return provenance;
  }

  Optional<String> find(String name) {
    for (int i = 0; i < texts.length; i += 2) {
      if (texts[i].equalsIgnoreCase(name)) {
        return Optional.of(texts[i + 1]);
      }
    }
    return Optional.empty();
  }

  List<Response.Header> all() {
    List<Response.Header> all = new ArrayList<>();
    for (int i = 0; i < texts.length; i += 2) {
      all.add(new Response.Header(texts[i], texts[i + 1]));
    }
    return all;
  }

  /** Returns {@code Content-Length}; empty if the field is missing or the body is chunked. */
  OptionalLong length() {
    return length;
  }

  /**
   * Returns whether the fields announce a body of this size on HTTP/1.1, for any method. Netty
   * reads a body without a length after the WebSocket key of the first drafts.
   */
  boolean announce(int bytes) {
    return lengthIsReliable && length.orElse(0) == bytes;
  }

  /** Returns whether the connection may stay open after the response. */
  boolean keepAlive() {
    return keepAlive;
  }

  /** Returns whether the client waits for a 100 before it sends the body. */
  boolean expectsContinue() {
    return expectsContinue;
  }

  /** Returns whether the client accepts a chunked response, which HTTP/1.0 does not have. */
  boolean acceptsChunks() {
    return acceptsChunks;
  }
}
