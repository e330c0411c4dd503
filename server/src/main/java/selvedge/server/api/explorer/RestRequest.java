package selvedge.server.api.explorer;

import java.io.InputStream;
import java.util.function.Function;
import selvedge.server.api.ForwardingRequest;
import selvedge.server.api.Request;

/** A request with the path and the query of the same operation in REST. */
final class RestRequest extends ForwardingRequest {
  private final String path;
  private final String query;

  RestRequest(Request request, String path, String query) {
    super(request);
    this.path = path;
    this.query = query;
  }

  @Override
  public String path() {
    return path;
  }

  @Override
  public String query() {
    return query;
  }

  /** Reads each time: what the other request keeps comes from its own path and query. */
  @Override
  public <T> T once(Class<T> kind, Function<Request, T> reading) {
    return reading.apply(this);
  }

  @Override
  public InputStream body() {
    return request.body();
  }
}
