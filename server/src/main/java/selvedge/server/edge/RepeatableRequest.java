package selvedge.server.edge;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import selvedge.model.Bytes;
import selvedge.server.api.Provenance;
import selvedge.server.api.Request;
import selvedge.server.api.Response;

/** A request whose body can be read more than once, because it is in memory. */
record RepeatableRequest(Request request, Bytes held) implements Request {

  /** Leaves a body as it is that is longer than that, or whose length nobody has told. */
  static Request of(Request request, long bytesMax) throws IOException {
    long length = request.contentLength().orElse(Long.MAX_VALUE);
    return length == 0 || length > bytesMax
        ? request
        : new RepeatableRequest(request, Bytes.adopt(request.body().readAllBytes()));
  }

  @Override
  public String method() {
    return request.method();
  }

  @Override
  public String path() {
    return request.path();
  }

  @Override
  public String query() {
    return request.query();
  }

  @Override
  public Optional<String> header(String name) {
    return request.header(name);
  }

  @Override
  public List<Response.Header> headers() {
    return request.headers();
  }

  @Override
  public Provenance provenance() {
    return request.provenance();
  }

  @Override
  public OptionalLong contentLength() {
    return request.contentLength();
  }

  @Override
  public InputStream body() {
    return held.open();
  }
}
