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
 * A view of a namespace that contains only the keys with a prefix. Safe for use by many threads.
 *
 * <p>Reads do not find keys outside the prefix. Writes outside it throw {@link
 * OutsideGrantException} before anything changes. A clear of a shorter prefix clears only this
 * part.
 */
public final class NamespacePart implements Namespace {
  private final Namespace namespace;
  private final Bytes prefix;

  private NamespacePart(Namespace namespace, Bytes prefix) {
    this.namespace = namespace;
    this.prefix = prefix;
  }

  /** Returns the namespace itself if the prefix is empty. */
  public static Namespace of(Namespace namespace, Bytes prefix) {
    return prefix.isEmpty() ? namespace : new NamespacePart(namespace, prefix);
  }

  /** Returns the prefix of the keys that start with both prefixes; empty if no key can. */
  public static Optional<Bytes> both(Bytes one, Bytes other) {
    if (one.startsWith(other)) {
      return Optional.of(one);
    }
    return other.startsWith(one) ? Optional.of(other) : Optional.empty();
  }

  /**
   * Requires that a key starts with the prefix.
   *
   * @throws OutsideGrantException if it does not
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
  public Lookup get(Key key, ReadOptions options) {
    return has(key) ? namespace.get(key, options) : missing();
  }

  private Lookup missing() {
    return new Lookup.Missing(namespace.latest());
  }

  @Override
  public List<Lookup> getAll(List<Key> keys, ReadOptions options) {
    Iterator<Lookup> found =
        namespace.getAll(keys.stream().filter(this::has).toList(), options).iterator();
    List<Lookup> all = new ArrayList<>();
    for (Key key : keys) {
      all.add(has(key) ? found.next() : missing());
    }
    return all;
  }

  @Override
  public Aged getAged(Key key, ReadOptions options) {
    return has(key) ? namespace.getAged(key, options) : Namespace.super.getAged(key, options);
  }

  @Override
  public Page list(Listing listing) {
    return both(listing.prefix(), prefix)
        .map(narrow -> namespace.list(new Listing(narrow, listing.from(), listing.limit())))
        .orElseGet(() -> new Page(List.of(), true));
  }

  @Override
  public long count(Bytes keyPrefix) {
    return both(keyPrefix, prefix).map(namespace::count).orElse(0L);
  }

  @Override
  public Outcome put(Key key, Value value, WriteOptions options) {
    require(prefix, key);
    return namespace.put(key, value, options);
  }

  @Override
  public Outcome put(Key key, InputStream value, WriteOptions options) {
    require(prefix, key);
    return namespace.put(key, value, options);
  }

  @Override
  public Outcome delete(Key key, Condition condition) {
    require(prefix, key);
    return namespace.delete(key, condition);
  }

  @Override
  public Version write(List<Mutation> mutations) {
    return namespace.write(mutations.stream().map(this::narrow).toList());
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
   * Returns a clear of the keys that match both the prefix of the clear and the given prefix.
   *
   * @throws OutsideGrantException if no key can match both
   */
  public static Mutation.Clear narrow(Mutation.Clear clear, Bytes prefix) {
    return both(clear.prefix(), prefix)
        .map(Mutation.Clear::new)
        .orElseThrow(OutsideGrantException::new);
  }

  @Override
  public Counted increment(Key key, long amount, WriteOptions options) {
    require(prefix, key);
    return namespace.increment(key, amount, options);
  }

  @Override
  public Version latest() {
    return namespace.latest();
  }

  @Override
  public Watch watch(Bytes keyPrefix, Version after) {
    return namespace.watch(both(keyPrefix, prefix).orElseThrow(OutsideGrantException::new), after);
  }
}
