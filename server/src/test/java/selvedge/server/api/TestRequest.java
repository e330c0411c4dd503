package selvedge.server.api;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** A request that was not received from a socket. */
public final class TestRequest implements Request {
  private final String method;
  private final String path;
  private final String query;
  private final Map<String, String> headers = new HashMap<>();
  private InputStream body = InputStream.nullInputStream();
  private OptionalLong contentLength = OptionalLong.of(0);

  /**
   * @param target path and query of the request line, in any characters
   */
  public TestRequest(String method, String target) {
    int mark = target.indexOf('?');
    this.method = method;
    this.path = raw(mark < 0 ? target : target.substring(0, mark));
    this.query = mark < 0 ? "" : raw(target.substring(mark + 1));
  }

  /** Returns the text like the transport does: one char per byte of UTF-8. */
  private static String raw(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }

  public TestRequest with(String header, String value) {
    headers.put(header.toLowerCase(Locale.ROOT), raw(value));
    return this;
  }

  public TestRequest body(String text) {
    return body(text.getBytes(StandardCharsets.UTF_8));
  }

  public TestRequest body(byte[] bytes) {
    body = new ByteArrayInputStream(bytes);
    contentLength = OptionalLong.of(bytes.length);
    return this;
  }

  /** Sets a body without a Content-Length. */
  public TestRequest chunked(InputStream stream) {
    body = stream;
    contentLength = OptionalLong.empty();
    return this;
  }

  /** Sets a body with the given Content-Length, which may be wrong. */
  public TestRequest announced(long length, InputStream stream) {
    body = stream;
    contentLength = OptionalLong.of(length);
    return this;
  }

  @Override
  public String method() {
    return method;
  }

  @Override
  public String path() {
    return path;
  }

  @Override
  public String query() {
    return query;
  }

  @Override
  public Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
  }

  @Override
  public List<Response.Header> headers() {
    return headers.entrySet().stream()
        .map(each -> new Response.Header(each.getKey(), each.getValue()))
        .toList();
  }

  @Override
  public OptionalLong contentLength() {
    return contentLength;
  }

  @Override
  public InputStream body() {
    return body;
  }
}
