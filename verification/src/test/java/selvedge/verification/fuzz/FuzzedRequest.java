package selvedge.verification.fuzz;

import java.io.InputStream;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import selvedge.model.Bytes;
import selvedge.server.api.Request;

/**
 * A request that no socket brought.
 *
 * @param headers by name in lower case
 * @param announced whether the length of the body is told
 */
record FuzzedRequest(
    String method,
    String path,
    String query,
    Map<String, String> headers,
    Bytes content,
    boolean announced)
    implements Request {

  @Override
  public Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
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
