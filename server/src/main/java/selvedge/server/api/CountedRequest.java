package selvedge.server.api;

import java.io.IOException;
import java.io.InputStream;
import java.util.function.LongConsumer;

/** A request whose body is counted while it is read. Belongs to one thread at a time. */
public final class CountedRequest extends ForwardingRequest {
  private final LongConsumer counter;

  /**
   * @param counter receives the number of bytes of each read, and may refuse more by throwing
   */
  public CountedRequest(Request request, LongConsumer counter) {
    super(request);
    this.counter = counter;
  }

  @Override
  public InputStream body() {
    InputStream body = request.body();
    return new BlockInputStream() {
      @Override
      public int read(byte[] target, int offset, int length) throws IOException {
        int count = body.read(target, offset, length);
        if (count > 0) {
          counter.accept(count);
        }
        return count;
      }

      @Override
      public void close() throws IOException {
        body.close();
      }
    };
  }
}
