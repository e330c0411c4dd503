package selvedge.server.api;

import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import selvedge.server.share.Owner;

/**
 * One HTTP request, whatever version of HTTP brought it. Belongs to one thread at a time.
 *
 * <p>Text here is raw: each char of the target and of header values is one byte as it was sent.
 */
public interface Request {

  String method();

  /** The path as it was sent, still percent-encoded, without the query. */
  String path();

  /** The query as it was sent, without the question mark; empty when there is none. */
  String query();

  /** The first header of that name, in any case. */
  Optional<String> header(String name);

  /** All headers, in the order in which they came. */
  List<Response.Header> headers();

  /** Where the request comes from, as far as its header fields say. */
  default RequestSource provenance() {
    return RequestSource.of(headers());
  }

  /** What {@code Content-Length} says; empty for a body of unknown length. 0 without a body. */
  OptionalLong contentLength();

  /**
   * Whether the event loop that brings it serves nobody else at this moment, so that it may wait
   * for the disk. Asked on that loop.
   */
  default boolean isAlone() {
    return false;
  }

  /** The names in the certificate of the client, if a trusted authority has issued one. */
  default List<String> peerNames() {
    return List.of();
  }

  /**
   * Returns what is read out of the head, which a request that comes again and again keeps.
   *
   * @param kind tells it from what others keep
   * @param reading returns an equal value each time
   */
  default <T> T once(Class<T> kind, Function<Request, T> reading) {
    return reading.apply(this);
  }

  /** The memory that the request may take beside what the transport holds for it. */
  default Memory memory() {
    return Memory.UNCOUNTED;
  }

  /** The party that the request counts for where bounds are shared. */
  default Owner owner() {
    return Owner.SERVER;
  }

  /**
   * The body, read at the reader's pace. Reading fails with an {@link java.io.IOException} when the
   * client goes away or is too slow. What is left unread is drained after the answer.
   */
  InputStream body();
}
