package selvedge.server.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import selvedge.server.api.Request;
import selvedge.server.api.Response;

/** A request as Netty decoded it. */
final class NettyRequest implements Request {
  private final HttpRequest request;
  private final InboundBody body;
  private final boolean hasBody;
  private final String target;
  private final int queryMark;

  NettyRequest(HttpRequest request, InboundBody body, boolean hasBody) {
    this.request = request;
    this.body = body;
    this.hasBody = hasBody;
    this.target = originForm(request.uri());
    this.queryMark = target.indexOf('?');
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
    return Optional.ofNullable(request.headers().get(name));
  }

  @Override
  public List<Response.Header> headers() {
    List<Response.Header> headers = new ArrayList<>();
    request
        .headers()
        .forEach(each -> headers.add(new Response.Header(each.getKey(), each.getValue())));
    return headers;
  }

  @Override
  public OptionalLong contentLength() {
    if (!hasBody) {
      return OptionalLong.of(0);
    }
    if (HttpUtil.isTransferEncodingChunked(request)
        || !request.headers().contains(HttpHeaderNames.CONTENT_LENGTH)) {
      return OptionalLong.empty();
    }
    return OptionalLong.of(HttpUtil.getContentLength(request));
  }

  @Override
  public InputStream body() {
    return body;
  }
}
