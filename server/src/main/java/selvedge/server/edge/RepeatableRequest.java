package selvedge.server.edge;

import java.io.IOException;
import java.io.InputStream;
import selvedge.model.Bytes;
import selvedge.server.api.ForwardingRequest;
import selvedge.server.api.Request;

/** A request whose body is in memory and can be read again. Belongs to one thread at a time. */
final class RepeatableRequest extends ForwardingRequest {
  /** A stream that is read to its end needs its bytes twice. */
  private static final int COPIES = 2;

  private final Bytes held;

  private RepeatableRequest(Request request, Bytes held) {
    super(request);
    this.held = held;
  }

  /** Returns the same request if its body is empty, too long, or of unknown length. */
  static Request of(Request request, long bytesMax) throws IOException {
    long length = request.contentLength().orElse(Long.MAX_VALUE);
    if (length == 0 || length > bytesMax) {
      return request;
    }
    request.memory().hold(COPIES * length);
    return new RepeatableRequest(request, Bytes.adopt(request.body().readAllBytes()));
  }

  @Override
  public InputStream body() {
    return held.open();
  }
}
