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
 * Entries that were read elsewhere, as many as there is room for. Safe for use by many threads; one
 * tells it of the changes, in their order.
 *
 * <p>A copy is put in as of the version at which it was read. Every change leaves its version with
 * the stripe of its key first, and then looks for a copy within the cache's lock on the key; a copy
 * is put in, under the same lock, only if no change of the stripe is newer. So whichever of the two
 * comes first, nothing older than the change is held afterwards. A clear does not look for copies:
 * one that is older than the newest clear of its namespace counts no more.
 */
public final class HeldEntries {
  private final int inlineBytes;
  private final Cache<Name, Held> held;
  private final AtomicLongArray newest = new AtomicLongArray(Name.STRIPES);
  private final Map<NamespaceId, Version> cleared = new ConcurrentHashMap<>();

  /**
   * What a key held, or that it held nothing.
   *
   * @param lookup as of its version; the value may be {@link Omitted}
   * @param tick when that was known to be all there was, if it ever was
   * @param dated whether it was
   */
  public record Held(Lookup lookup, long tick, boolean dated) {}

  /**
   * @param latest the newest change that copies will not be told of
   */
  public HeldEntries(Limits limits, Version latest) {
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

  public Optional<Held> find(Name name) {
    @Nullable Held copy = held.getIfPresent(name);
    return copy == null || copy.lookup().asOf().compareTo(clearOf(name.namespace())) < 0
        ? Optional.empty()
        : Optional.of(copy);
  }

  private Version clearOf(NamespaceId namespace) {
    return cleared.getOrDefault(namespace, Version.NONE);
  }

  /** Puts in what was read, unless something newer is known here. */
  public void fill(Name name, Held fresh) {
    Held small = new Held(small(fresh.lookup()), fresh.tick(), fresh.dated());
    Version asOf = fresh.lookup().asOf();
    held.asMap()
        .compute(
            name,
            (_, there) ->
                asOf.number() < newest.get(name.stripe())
                        || (there != null && there.lookup().asOf().compareTo(asOf) > 0)
                    ? there
                    : small);
  }

  /** Brings what is held up to these changes. */
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

  /** Must take the lock also when the key seems absent: a reader may be about to put it here. */
  private void replace(Name name, Lookup lookup) {
    Lookup small = small(lookup);
    newest.accumulateAndGet(name.stripe(), lookup.asOf().number(), Math::max);
    held.asMap()
        .compute(
            name,
            (_, there) ->
                there == null || there.lookup().asOf().compareTo(lookup.asOf()) >= 0
                    ? there
                    : new Held(small, there.tick(), there.dated()));
  }

  private Lookup small(Lookup lookup) {
    return lookup instanceof Lookup.Found(Entry entry, Version asOf)
            && !(entry.value() instanceof Bytes && entry.value().length() <= inlineBytes)
        ? new Lookup.Found(Omitted.outline(entry), asOf)
        : lookup;
  }

  /** How many copies are held. */
  public long size() {
    return held.estimatedSize();
  }
}
