package selvedge.engine.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;
import selvedge.engine.store.Name;
import selvedge.model.Bytes;
import selvedge.model.Change;
import selvedge.model.Entry;
import selvedge.model.Key;
import selvedge.model.Limit;
import selvedge.model.Limits;
import selvedge.model.Lookup;
import selvedge.model.Mutation;
import selvedge.model.NamespaceId;
import selvedge.model.Version;
import selvedge.model.wire.Omitted;

/**
 * Copies of entries that were read from another server, up to a limit of bytes. Safe for use by
 * many threads, one of which applies the changes in their order.
 *
 * <p>A copy has the opening of an origin and the version at which it was read. Another opening may
 * have other changes with the same versions, so only copies of the newest opening are used. A
 * change first records its version with the stripe of its key and then replaces a copy under the
 * cache's lock on the key. A copy is inserted under the same lock, and only if no change of the
 * stripe is newer. So no copy is older than the change, whichever comes first. A clear does not
 * search for copies: a copy that is older than the newest clear of its namespace is ignored.
 */
public final class HeldEntries {
  private final int inlineBytes;
  private final Cache<Name, Held> held;
  private final AtomicLongArray newest = new AtomicLongArray(Name.STRIPES);
  private final Map<NamespaceId, Version> cleared = new ConcurrentHashMap<>();
  private volatile long opening;

  /**
   * A copy of an entry, or the record that a key has none.
   *
   * @param lookup the entry as of its version; the value may be {@link Omitted}
   * @param tick the time at which the copy was known to be the newest, if {@code dated}
   * @param dated whether that time is known
   * @param opening the newest opening of the server that was read
   */
  public record Held(Lookup lookup, long tick, boolean dated, long opening) {}

  /**
   * @param latest the version after which {@link #apply} receives every change
   * @param opening the newest opening up to that version; 0 if there is none
   */
  public HeldEntries(Limits limits, Version latest, long opening) {
    this.opening = opening;
    this.inlineBytes = limits.size(Limit.INLINE_BYTES);
    this.held =
        Caffeine.newBuilder()
            .maximumWeight(limits.get(Limit.CACHED_BYTES))
            .weigher((Name name, Held copy) -> name.weight(copy.lookup()))
            .executor(Runnable::run)
            .build();
    for (int i = 0; i < Name.STRIPES; i++) {
      newest.set(i, latest.number());
    }
  }

  /** Returns the copy of an entry, if it is held. */
  public Optional<Held> find(Name name) {
    @Nullable Held copy = held.getIfPresent(name);
    return copy == null
            || copy.opening() != opening
            || copy.lookup().asOf().compareTo(clearOf(name.namespace())) < 0
        ? Optional.empty()
        : Optional.of(copy);
  }

  private Version clearOf(NamespaceId namespace) {
    return cleared.getOrDefault(namespace, Version.NONE);
  }

  /** Returns the newest opening of an origin, which all copies are of. */
  public long opening() {
    return opening;
  }

  /**
   * Drops all copies, because the next changes are of a new opening. A copy that was read ahead of
   * the feed may be of a change that this opening does not have.
   */
  public void follow(long next) {
    opening = next;
    held.invalidateAll();
  }

  /** Inserts a copy of the newest opening, unless a newer one or a newer change is known. */
  public void fill(Name name, Held fresh) {
    Held small = with(fresh, small(fresh.lookup()));
    Version asOf = fresh.lookup().asOf();
    held.asMap()
        .compute(
            name,
            (_, present) ->
                fresh.opening() != opening
                        || asOf.number() < newest.get(name.stripe())
                        || (present != null
                            && present.opening() == fresh.opening()
                            && present.lookup().asOf().compareTo(asOf) > 0)
                    ? present
                    : small);
  }

  /** Applies changes to the copies. */
  public void apply(Iterable<Change> changes) {
    for (Change change : changes) {
      Version version = change.version();
      switch (change.mutation()) {
        case Mutation.Put put -> {
          var entry = new Entry(put.key(), put.value(), put.metadata(), put.expiry(), version);
          replace(new Name(change.namespace(), put.key()), new Lookup.Found(entry, version));
        }
        case Mutation.Delete(Key key) ->
            replace(new Name(change.namespace(), key), new Lookup.Missing(version));
        case Mutation.Clear _ -> cleared.put(change.namespace(), version);
      }
    }
  }

  /** Must lock the key even if no copy is present, because a reader may be about to insert one. */
  private void replace(Name name, Lookup lookup) {
    Lookup small = small(lookup);
    newest.accumulateAndGet(name.stripe(), lookup.asOf().number(), Math::max);
    held.asMap()
        .compute(
            name,
            (_, present) ->
                present == null || present.lookup().asOf().compareTo(lookup.asOf()) >= 0
                    ? present
                    : with(present, small));
  }

  private static Held with(Held copy, Lookup lookup) {
    return new Held(lookup, copy.tick(), copy.dated(), copy.opening());
  }

  private Lookup small(Lookup lookup) {
    return lookup instanceof Lookup.Found(Entry entry, Version asOf)
            && !(entry.value() instanceof Bytes && entry.value().length() <= inlineBytes)
        ? new Lookup.Found(Omitted.outline(entry), asOf)
        : lookup;
  }

  /** Returns about how many copies are held. */
  public long size() {
    return held.estimatedSize();
  }
}
