package selvedge.server.api;

import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import selvedge.model.NamespaceId;
import selvedge.server.fairness.Owner;

/**
 * One HTTP request of any version of HTTP. Belongs to one thread at a time.
 *
 * <p>Text is raw here: each char of the target and of header values is one byte as it was sent.
 */
public interface Request {

  String method();

  /** Returns the path as it was sent, percent-encoded, without the query. */
  String path();

  /** Returns the query as it was sent, without the question mark; empty if there is none. */
  String query();

  /** Returns the first header of that name, in any case. */
  Optional<String> header(String name);

  /** Returns all headers in the order in which they came. */
  List<Response.Header> headers();

  /** Returns where the request comes from, according to its header fields. */
  default RequestSource provenance() {
    return RequestSource.of(headers());
  }

  /** Returns {@code Content-Length}; empty for a body of unknown length, 0 without a body. */
  OptionalLong contentLength();

  /**
   * Returns whether the event loop of the request has no other connection now, so that it may wait
   * for the disk. Must be called on that loop.
   */
  default boolean isAlone() {
    return false;
  }

  /** Returns the names in the certificate of the client, if a trusted authority has issued it. */
  default List<String> peerNames() {
    return List.of();
  }

  /** Returns the network address of the client; empty if there is none. */
  default String clientAddress() {
    return "";
  }

  /**
   * Returns a value that is computed from the head. A request that is repeated keeps one value.
   *
   * @param kind the class of the value
   * @param reading computes it, and must return an equal value each time
   */
  default <T> T once(Class<T> kind, Function<Request, T> reading) {
    return reading.apply(this);
  }

  /**
   * Sets the namespace whose operations include the request, once the caller may read it; {@link
   * NamespaceId#SYSTEM} for none, as for a request that another server answers.
   */
  default void countFor(NamespaceId namespace) {}

  /** Returns the namespace that was set last, {@link NamespaceId#SYSTEM} if none was. */
  default NamespaceId countedFor() {
    return NamespaceId.SYSTEM;
  }

  /** Keeps the span of the request, whose id was sent to another server. */
  default void trace(TraceContext context) {}

  /** Returns the span that was kept, and forgets it; empty if there is none. */
  default Optional<TraceContext> takeTrace() {
    return Optional.empty();
  }

  /**
   * Returns the memory that the request may take in addition to what the transport holds for it.
   */
  default Memory memory() {
    return Memory.UNCOUNTED;
  }

  /** Returns the owner that the request counts for where limits are shared. */
  default Owner owner() {
    return Owner.SERVER;
  }

  /**
   * Returns the body, which is read at the reader's pace. A read throws an {@link
   * java.io.IOException} when the client disconnects or is too slow. The rest is read and dropped
   * after the answer.
   */
  InputStream body();
}
