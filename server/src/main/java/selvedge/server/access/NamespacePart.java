package selvedge.server.access;

import java.io.InputStream;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import selvedge.model.Aged;
import selvedge.model.Bytes;
import selvedge.model.Condition;
import selvedge.model.Counted;
import selvedge.model.Key;
import selvedge.model.Listing;
import selvedge.model.Lookup;
import selvedge.model.Mutation;
import selvedge.model.Namespace;
import selvedge.model.Outcome;
import selvedge.model.Page;
import selvedge.model.ReadOptions;
import selvedge.model.Value;
import selvedge.model.Version;
import selvedge.model.Watch;
import selvedge.model.WriteOptions;

/**
 * The keys of a namespace that start with a prefix, as if there were no more. Safe for use by many
 * threads.
 *
 * <p>Reads find nothing outside the prefix. Changes outside it throw {@link OutsideGrantException}
 * before anything is changed. A clear of more is a clear of this part.
 */
public final class NamespacePart implements Namespace {
  private final Namespace whole;
  private final Bytes prefix;

  private NamespacePart(Namespace whole, Bytes prefix) {
    this.whole = whole;
    this.prefix = prefix;
  }

  /** Returns the namespace itself if the prefix is empty. */
  public static Namespace of(Namespace whole, Bytes prefix) {
    return prefix.isEmpty() ? whole : new NamespacePart(whole, prefix);
  }

  /** Returns the prefix of the keys that start with both; nothing if there can be no such key. */
  public static Optional<Bytes> both(Bytes one, Bytes other) {
    if (one.startsWith(other)) {
      return Optional.of(one);
    }
    return other.startsWith(one) ? Optional.of(other) : Optional.empty();
  }

  /**
   * Requires that a key may be changed.
   *
   * @throws OutsideGrantException if it does not start with the prefix
   */
  public static void require(Bytes prefix, Key key) {
    if (!key.bytes().startsWith(prefix)) {
      throw new OutsideGrantException();
    }
  }

  private boolean has(Key key) {
    return key.bytes().startsWith(prefix);
  }

  @Override
  public Lookup get(Key key, ReadOptions how) {
    return has(key) ? whole.get(key, how) : missing();
  }

  private Lookup missing() {
    return new Lookup.Missing(whole.latest());
  }

  @Override
  public List<Lookup> getAll(List<Key> keys, ReadOptions how) {
    Iterator<Lookup> found = whole.getAll(keys.stream().filter(this::has).toList(), how).iterator();
    List<Lookup> all = new ArrayList<>();
    for (Key key : keys) {
      all.add(has(key) ? found.next() : missing());
    }
    return all;
  }

  @Override
  public Aged getAged(Key key, ReadOptions how) {
    return has(key) ? whole.getAged(key, how) : Namespace.super.getAged(key, how);
  }

  @Override
  public Page list(Listing listing) {
    return both(listing.prefix(), prefix)
        .map(narrow -> whole.list(new Listing(narrow, listing.from(), listing.limit())))
        .orElseGet(() -> new Page(List.of(), true));
  }

  @Override
  public long count(Bytes keyPrefix) {
    return both(keyPrefix, prefix).map(whole::count).orElse(0L);
  }

  @Override
  public Outcome put(Key key, Value value, WriteOptions how) {
    require(prefix, key);
    return whole.put(key, value, how);
  }

  @Override
  public Outcome put(Key key, InputStream value, WriteOptions how) {
    require(prefix, key);
    return whole.put(key, value, how);
  }

  @Override
  public Outcome delete(Key key, Condition condition) {
    require(prefix, key);
    return whole.delete(key, condition);
  }

  @Override
  public Version write(List<Mutation> mutations) {
    return whole.write(mutations.stream().map(this::narrow).toList());
  }

  private Mutation narrow(Mutation mutation) {
    switch (mutation) {
      case Mutation.Put put -> require(prefix, put.key());
      case Mutation.Delete delete -> require(prefix, delete.key());
      case Mutation.Clear clear -> {
        return narrow(clear, prefix);
      }
    }
    return mutation;
  }

  /**
   * Returns the clear of the keys that it has in common with the prefix.
   *
   * @throws OutsideGrantException if there are none
   */
  public static Mutation.Clear narrow(Mutation.Clear clear, Bytes prefix) {
    return both(clear.prefix(), prefix)
        .map(Mutation.Clear::new)
        .orElseThrow(OutsideGrantException::new);
  }

  @Override
  public Counted increment(Key key, long amount, WriteOptions how) {
    require(prefix, key);
    return whole.increment(key, amount, how);
  }

  @Override
  public Version latest() {
    return whole.latest();
  }

  @Override
  public Watch watch(Bytes keyPrefix, Version after) {
    return whole.watch(both(keyPrefix, prefix).orElseThrow(OutsideGrantException::new), after);
  }
}
