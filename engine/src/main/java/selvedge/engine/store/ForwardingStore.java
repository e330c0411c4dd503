package selvedge.engine.store;

import java.time.Instant;
import java.util.Optional;
import selvedge.engine.work.AnyThread;
import selvedge.engine.work.WriterOnly;
import selvedge.model.Key;
import selvedge.model.Listing;
import selvedge.model.Lookup;
import selvedge.model.NamespaceId;
import selvedge.model.Page;
import selvedge.model.Version;

/**
 * A store that forwards everything but commits to another one. A wrapper overrides what it does
 * differently. It must implement commits itself, so that {@link #commit} and {@link #begin} agree.
 */
public interface ForwardingStore extends Store {

  /** Returns the store that receives the calls. */
  @AnyThread
  Store delegate();

  @AnyThread
  @Override
  default long epoch() {
    return delegate().epoch();
  }

  @WriterOnly
  @Override
  default void adopt(long epoch) {
    delegate().adopt(epoch);
  }

  @AnyThread
  @Override
  default Version latest() {
    return delegate().latest();
  }

  @AnyThread
  @Override
  default Instant changedAt() {
    return delegate().changedAt();
  }

  @AnyThread
  @Override
  default Instant trustedAt() {
    return delegate().trustedAt();
  }

  @AnyThread
  @Override
  default void trusted(Instant at) {
    delegate().trusted(at);
  }

  @AnyThread
  @Override
  default Lookup get(NamespaceId namespace, Key key) {
    return delegate().get(namespace, key);
  }

  @AnyThread
  @Override
  default Optional<Lookup> peek(NamespaceId namespace, Key key) {
    return delegate().peek(namespace, key);
  }

  @AnyThread
  @Override
  default Page list(NamespaceId namespace, Listing listing) {
    return delegate().list(namespace, listing);
  }

  @AnyThread
  @Override
  default Upload upload() {
    return delegate().upload();
  }

  @WriterOnly
  @Override
  default boolean sweep(Instant moment, int limit) {
    return delegate().sweep(moment, limit);
  }

  @AnyThread
  @Override
  default long freeBytes() {
    return delegate().freeBytes();
  }

  @AnyThread
  @Override
  default long roomBytes() {
    return delegate().roomBytes();
  }

  @AnyThread
  @Override
  default boolean mustReopen() {
    return delegate().mustReopen();
  }

  @AnyThread
  @Override
  default void close() {
    delegate().close();
  }
}
