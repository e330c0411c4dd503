package selvedge.server.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import selvedge.server.api.Request;
import selvedge.server.api.Response;

/** A request as Netty decoded it. */
final class NettyRequest implements Request {
  private final HttpRequest request;
  private final InboundBody body;
  private final OptionalLong contentLength;
  private final Loop loop;
  private final String target;
  private final int queryMark;

  /** Names and values in turn. Few are there and many are asked for, so that nothing is hashed. */
  private final String[] fields;

  /** Any thread may write it: whatever was read is the same, and immutable. */
  private @Nullable Object kept;

  NettyRequest(HttpRequest request, InboundBody body, boolean hasBody, Loop loop) {
    this.request = request;
    this.body = body;
    this.contentLength = hasBody ? length(request) : OptionalLong.of(0);
    this.loop = loop;
    this.target = originForm(request.uri());
    this.queryMark = target.indexOf('?');
    this.fields = fields(request.headers());
  }

  private static OptionalLong length(HttpRequest request) {
    if (HttpUtil.isTransferEncodingChunked(request)
        || !request.headers().contains(HttpHeaderNames.CONTENT_LENGTH)) {
      return OptionalLong.empty();
    }
    return OptionalLong.of(HttpUtil.getContentLength(request));
  }

  private static String[] fields(HttpHeaders headers) {
    String[] fields = new String[2 * headers.size()];
    int next = 0;
    for (var each = headers.iteratorCharSequence(); each.hasNext(); ) {
      var field = each.next();
      fields[next++] = field.getKey().toString();
      fields[next++] = field.getValue().toString();
    }
    return fields;
  }

  /** A proxy's absolute form names the host once more; what counts is what follows it. */
  private static String originForm(String uri) {
    if (uri.startsWith("http://") || uri.startsWith("https://")) {
      int path = uri.indexOf('/', uri.indexOf("://") + 3);
      return path < 0 ? "/" : uri.substring(path);
    }
    return uri;
  }

  @Override
  public String method() {
    return request.method().name();
  }

  @Override
  public String path() {
    return queryMark < 0 ? target : target.substring(0, queryMark);
  }

  @Override
  public String query() {
    return queryMark < 0 ? "" : target.substring(queryMark + 1);
  }

  @Override
  public Optional<String> header(String name) {
    String[] known = fields;
    for (int i = 0; i < known.length; i += 2) {
      if (known[i].equalsIgnoreCase(name)) {
        return Optional.of(known[i + 1]);
      }
    }
    return Optional.empty();
  }

  @Override
  public List<Response.Header> headers() {
    List<Response.Header> headers = new ArrayList<>();
    for (int i = 0; i < fields.length; i += 2) {
      headers.add(new Response.Header(fields[i], fields[i + 1]));
    }
    return headers;
  }

  @Override
  public OptionalLong contentLength() {
    return contentLength;
  }

  @Override
  public boolean isAlone() {
    return loop.isAlone();
  }

  @Override
  public <T> Optional<T> once(Class<T> kind, Supplier<Optional<T>> reading) {
    Object known = kept;
    if (kind.isInstance(known)) {
      return Optional.of(kind.cast(known));
    }
    Optional<T> read = reading.get();
    read.ifPresent(fresh -> kept = fresh);
    return read;
  }

  @Override
  public InputStream body() {
    return body;
  }
}
