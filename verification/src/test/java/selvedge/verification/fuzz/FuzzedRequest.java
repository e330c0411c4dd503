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
 * A request that no socket brought.
 *
 * @param given by name in lower case
 * @param announced whether the length of the body is told
 */
record FuzzedRequest(
    String method,
    String path,
    String query,
    Map<String, String> given,
    Bytes content,
    boolean announced)
    implements Request {

  @Override
  public Optional<String> header(String name) {
    return Optional.ofNullable(given.get(name.toLowerCase(Locale.ROOT)));
  }

  @Override
  public List<Response.Header> headers() {
    return given.entrySet().stream()
        .map(each -> new Response.Header(each.getKey(), each.getValue()))
        .toList();
  }

  @Override
  public OptionalLong contentLength() {
    return announced ? OptionalLong.of(content.size()) : OptionalLong.empty();
  }

  @Override
  public InputStream body() {
    return content.open();
  }
}
