package selvedge.spring;

import java.time.InstantSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.cache.autoconfigure.CacheAutoConfiguration;
import org.springframework.cache.CacheManager;
import org.springframework.cache.interceptor.CacheAspectSupport;
import org.springframework.context.annotation.Bean;
import selvedge.model.Codec;
import selvedge.model.Selvedge;
import selvedge.spring.cache.SelvedgeCaches;

/**
 * Stores Spring's caches in Selvedge if caching is enabled and no other kind of cache is chosen.
 */
@AutoConfiguration(after = SelvedgeAutoConfiguration.class, before = CacheAutoConfiguration.class)
@ConditionalOnBean(CacheAspectSupport.class)
@ConditionalOnMissingBean(CacheManager.class)
@ConditionalOnBooleanProperty(name = "selvedge.cache.enabled", matchIfMissing = true)
@ConditionalOnProperty(name = "spring.cache.type", havingValue = "generic", matchIfMissing = true)
public final class SelvedgeCacheAutoConfiguration {

  /** Creates the configuration. Spring calls it. */
  public SelvedgeCacheAutoConfiguration() {}

  @Bean
  SelvedgeCaches cacheManager(
      Selvedge selvedge,
      SelvedgeProperties properties,
      @Qualifier(SelvedgeAutoConfiguration.CODEC) Codec<Object> codec,
      ObjectProvider<InstantSource> clocks) {
    return new SelvedgeCaches(
        selvedge, properties.cache(), codec, SelvedgeAutoConfiguration.clock(clocks));
  }
}
