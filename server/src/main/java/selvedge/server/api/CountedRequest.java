package selvedge.server.api;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongConsumer;
import selvedge.server.share.Owner;

/**
 * A request whose body is counted while it is read.
 *
 * @param counting is given the number of bytes that were read, and may refuse more
 */
public record CountedRequest(Request request, LongConsumer counting) implements Request {

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
  public OptionalLong contentLength() {
    return request.contentLength();
  }

  @Override
  public RequestSource provenance() {
    return request.provenance();
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
    return new FilterInputStream(request.body()) {
      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
      }

      @Override
      public int read(byte[] target, int offset, int length) throws IOException {
        int count = in.read(target, offset, length);
        if (count > 0) {
          counting.accept(count);
        }
        return count;
      }
    };
  }
}
