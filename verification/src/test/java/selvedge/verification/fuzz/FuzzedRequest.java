package selvedge.verification.fuzz;

import java.io.InputStream;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import selvedge.model.Bytes;
import selvedge.server.api.Request;
import selvedge.server.api.Response;

/**
 * A request that was not received from a socket.
 *
 * @param fields header fields by name in lower case
 * @param hasLength whether the length of the body is known
 */
record FuzzedRequest(
    String method,
    String path,
    String query,
    Map<String, String> fields,
    Bytes content,
    boolean hasLength)
    implements Request {

  @Override
  public Optional<String> header(String name) {
    return Optional.ofNullable(fields.get(name.toLowerCase(Locale.ROOT)));
  }

  @Override
  public List<Response.Header> headers() {
    return fields.entrySet().stream()
        .map(each -> new Response.Header(each.getKey(), each.getValue()))
        .toList();
  }

  @Override
  public OptionalLong contentLength() {
    return hasLength ? OptionalLong.of(content.size()) : OptionalLong.empty();
  }

  @Override
  public InputStream body() {
    return content.open();
  }
}
