package selvedge.server.edge;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import selvedge.model.Bytes;
import selvedge.server.api.Memory;
import selvedge.server.api.Request;
import selvedge.server.api.RequestSource;
import selvedge.server.api.Response;
import selvedge.server.share.Owner;

/** A request whose body can be read more than once, because it is in memory. */
record RepeatableRequest(Request request, Bytes held) implements Request {
  /** Reading a stream to its end takes the bytes twice. */
  private static final int COPIES = 2;

  /** Leaves a body as it is that is longer than that, or whose length nobody has told. */
  static Request of(Request request, long bytesMax) throws IOException {
    long length = request.contentLength().orElse(Long.MAX_VALUE);
    if (length == 0 || length > bytesMax) {
      return request;
    }
    request.memory().hold(COPIES * length);
    return new RepeatableRequest(request, Bytes.adopt(request.body().readAllBytes()));
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
  public RequestSource provenance() {
    return request.provenance();
  }

  @Override
  public List<String> peerNames() {
    return request.peerNames();
  }

  @Override
  public OptionalLong contentLength() {
    return request.contentLength();
  }

  @Override
  public Memory memory() {
    return request.memory();
  }

  @Override
  public Owner owner() {
    return request.owner();
  }

  @Override
  public InputStream body() {
    return held.open();
  }
}
