package selvedge.server.session;

import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import selvedge.server.api.ForwardingRequest;
import selvedge.server.api.HeaderNames;
import selvedge.server.api.Request;
import selvedge.server.api.Response;

/**
 * A request with the token of its cookie in place of the cookie. Two of them are equal if they have
 * the same request.
 */
final class SessionRequest extends ForwardingRequest {
  private final String authorization;

  SessionRequest(Request request, String token) {
    super(request);
    this.authorization = "Bearer " + token;
  }

  @Override
  public Optional<String> header(String name) {
    if (name.equalsIgnoreCase(HeaderNames.AUTHORIZATION)) {
      return Optional.of(authorization);
    }
    return name.equalsIgnoreCase(HeaderNames.COOKIE) ? Optional.empty() : request.header(name);
  }

  @Override
  public List<Response.Header> headers() {
    List<Response.Header> headers = new ArrayList<>(request.headers());
    headers.removeIf(header -> header.name().equalsIgnoreCase(HeaderNames.COOKIE));
    headers.add(new Response.Header(HeaderNames.AUTHORIZATION, authorization));
    return headers;
  }

  @Override
  public InputStream body() {
    return request.body();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SessionRequest session && session.request.equals(request);
  }

  @Override
  public int hashCode() {
    return request.hashCode();
  }
}
