package selvedge.spring.cache;

import java.time.InstantSource;
import java.util.Collection;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;
import selvedge.model.Codec;
import selvedge.model.Selvedge;
import selvedge.patterns.CacheOptions;
import selvedge.spring.SelvedgeProperties;

/** Spring's caches, all in one namespace. Safe for use by many threads. */
public final class SelvedgeCaches implements CacheManager, DisposableBean {
  private static final Log LOG = LogFactory.getLog(SelvedgeCaches.class);

  private final Selvedge selvedge;
  private final SelvedgeProperties.Cache properties;
  private final Codec<Object> codec;
  private final InstantSource clock;
  private final Map<String, Cache> caches = new ConcurrentHashMap<>();
  private final PendingEvictions evictions;

  /**
   * Creates the caches without a request to the store.
   *
   * @param selvedge the store, which {@link #destroy} leaves open
   * @param properties the configuration of all caches
   * @param codec encodes cached values
   * @param clock the clock by which values become stale
   */
  public SelvedgeCaches(
      Selvedge selvedge,
      SelvedgeProperties.Cache properties,
      Codec<Object> codec,
      InstantSource clock) {
    this.selvedge = selvedge;
    this.properties = properties;
    this.codec = codec;
    this.clock = clock;
    this.evictions = new PendingEvictions(properties.pendingEvictions());
  }

  @Override
  public Cache getCache(String name) {
    return caches.computeIfAbsent(name, this::open);
  }

  private Cache open(String name) {
    SelvedgeProperties.Cache of = properties.of(name);
    CacheOptions options =
        CacheOptions.fresh(of.timeToLive())
            .stale(of.stale())
            .refreshAhead(of.refreshAhead())
            .missing(of.missing())
            .clock(clock)
            .warned(
                (key, failure) ->
                    LOG.warn("cache \"" + name + "\", key \"" + key + "\": " + failure));
    return new SelvedgeCache(
        name,
        () ->
            new selvedge.patterns.Cache<>(
                selvedge.namespace(properties.namespace()),
                CacheKeys.escaped(name) + ":",
                codec,
                options),
        !of.missing().isZero(),
        evictions,
        properties.fallThrough());
  }

  /** Returns the caches that were used in this process, and those of the configuration. */
  @Override
  public Collection<String> getCacheNames() {
    Collection<String> names = new TreeSet<>(properties.caches().keySet());
    names.addAll(caches.keySet());
    return names;
  }

  /**
   * Returns the number of pending evictions.
   *
   * @return the number of changes of all caches that failed and have not been made since
   */
  public int pendingEvictions() {
    return evictions.size();
  }

  /** Tries the pending evictions once more, and logs how many failed. */
  @Override
  public void destroy() {
    evictions.close();
  }
}
