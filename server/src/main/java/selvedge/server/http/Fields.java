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
 * The header fields of a request, and what HTTP itself reads out of them. Immutable: many requests
 * may have the same.
 */
final class Fields {

  /** Names and values in turn. Few are there and many are asked for, so that nothing is hashed. */
  private final String[] texts;

  private final OptionalLong length;
  private final boolean tellWhereItEnds;
  private final boolean keepAlive;
  private final boolean waitToContinue;
  private final boolean takeChunks;
  private final RequestSource provenance;

  Fields(HttpRequest head) {
    this.texts = texts(head.headers());
    boolean inChunks = HttpUtil.isTransferEncodingChunked(head);
    this.length =
        inChunks || !head.headers().contains(HttpHeaderNames.CONTENT_LENGTH)
            ? OptionalLong.empty()
            : OptionalLong.of(HttpUtil.getContentLength(head));
    this.tellWhereItEnds =
        !inChunks && !head.headers().contains(HttpHeaderNames.SEC_WEBSOCKET_KEY1);
    this.keepAlive = HttpUtil.isKeepAlive(head);
    this.waitToContinue = HttpUtil.is100ContinueExpected(head);
    this.takeChunks = !head.protocolVersion().equals(HttpVersion.HTTP_1_0);
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

  /** Where requests with these fields come from. */
  RequestSource provenance() {
    return provenance;
  }

  Optional<String> find(String name) {
    String[] known = texts;
    for (int i = 0; i < known.length; i += 2) {
      if (known[i].equalsIgnoreCase(name)) {
        return Optional.of(known[i + 1]);
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

  /** What {@code Content-Length} says, where that is how long the body is. */
  OptionalLong length() {
    return length;
  }

  /**
   * Whether they say, whatever the method is, that a body of so many bytes follows on HTTP/1.1. A
   * WebSocket of the first drafts has a body that they do not speak of.
   */
  boolean announce(int bytes) {
    return tellWhereItEnds && length.orElse(0) == bytes;
  }

  /** Whether the connection may go on after the answer. */
  boolean keepAlive() {
    return keepAlive;
  }

  /** Whether the client waits to be told to send the body. */
  boolean waitToContinue() {
    return waitToContinue;
  }

  /** Whether the client understands an answer in chunks, as everybody does since HTTP/1.1. */
  boolean takeChunks() {
    return takeChunks;
  }
}
