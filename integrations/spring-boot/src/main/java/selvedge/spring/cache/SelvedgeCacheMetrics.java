package selvedge.spring.cache;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.binder.cache.CacheMeterBinder;
import org.jspecify.annotations.Nullable;

/** Reports the numbers of operations of a cache in this process, with Micrometer's names. */
public final class SelvedgeCacheMetrics extends CacheMeterBinder<SelvedgeCache> {
  private final SelvedgeCache.Counts counts;

  /**
   * Creates the metrics of a cache.
   *
   * @param cache the cache
   * @param tags further tags of each metric
   */
  public SelvedgeCacheMetrics(SelvedgeCache cache, Iterable<Tag> tags) {
    super(cache, cache.getName(), tags);
    this.counts = cache.counts();
  }

  /** Returns null: other processes change the cache, so its size is not known here. */
  @Override
  protected @Nullable Long size() {
    return null;
  }

  @Override
  protected long hitCount() {
    return counts.hits().sum();
  }

  @Override
  protected Long missCount() {
    return counts.misses().sum();
  }

  @Override
  protected @Nullable Long evictionCount() {
    return counts.evictions().sum();
  }

  @Override
  protected long putCount() {
    return counts.puts().sum();
  }

  @Override
  protected void bindImplementationSpecificMetrics(MeterRegistry registry) {}
}
