package selvedge.model;

import java.io.InputStream;
import java.util.List;

/**
 * A named set of keys that can be read, written and listed.
 *
 * <p>The contract of the fake, the origin, the edge and the client. Safe for use by many threads;
 * every method may block. A write that has returned is durable and is seen by every later read at
 * the same place.
 */
public interface Namespace {

  default Lookup get(Key key) {
    return get(key, Get.PLAIN);
  }

  Lookup get(Key key, Get how);

  /** Returns what each key holds, in the order of the keys. */
  default List<Lookup> getAll(List<Key> keys, Get how) {
    return keys.stream().map(key -> get(key, how)).toList();
  }

  /** Returns keys in unsigned byte order. An incomplete page is never empty. */
  Page list(Listing listing);

  /** Returns how many readable entries start with the prefix. */
  long count(Bytes prefix);

  Outcome put(Key key, Value value, Put how);

  /** Reads the stream to its end; if it fails half-way, nothing has changed. */
  Outcome put(Key key, InputStream value, Put how);

  /** Deleting a missing key is accepted, unless the condition asks for a version. */
  Outcome delete(Key key, Condition condition);

  /** Applies all mutations or none, in order, and returns the version of the last. */
  Version write(List<Mutation> mutations);

  /**
   * Adds to the whole number stored as decimal text under the key; a missing key counts as 0.
   *
   * @param how metadata and expiry for an entry that is created; an entry in place keeps its own
   */
  Counted increment(Key key, long amount, Put how);
}
