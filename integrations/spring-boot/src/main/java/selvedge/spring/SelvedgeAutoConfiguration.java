package selvedge.spring;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import java.net.URI;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.cache.metrics.CacheMeterBinderProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import selvedge.client.Client;
import selvedge.client.ClientOptions;
import selvedge.client.Observer;
import selvedge.micrometer.MicrometerObserver;
import selvedge.model.Codec;
import selvedge.model.Namespace;
import selvedge.model.Selvedge;
import selvedge.spring.cache.SelvedgeCache;
import selvedge.spring.cache.SelvedgeCacheMetrics;

/** The store where the configuration says that it is, and what watches over it. */
@AutoConfiguration(
    afterName = {
      "org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration"
    })
@EnableConfigurationProperties(SelvedgeProperties.class)
public final class SelvedgeAutoConfiguration {

  /** How objects are kept in caches and sessions; a bean of this name takes its place. */
  public static final String CODEC = "selvedgeCodec";

  @Bean
  @ConditionalOnMissingBean
  Selvedge selvedge(
      SelvedgeProperties properties,
      ObjectProvider<Observer> observers,
      ObjectProvider<InstantSource> clocks) {
    if (properties.inMemory()) {
      return Selvedge.inMemory(clock(clocks));
    }
    return properties
        .directory()
        .map(
            directory ->
                properties.servers().isEmpty()
                    ? Selvedge.open(directory)
                    : Selvedge.open(directory, properties.servers().getFirst(), properties.token()))
        .orElseGet(() -> connect(properties, observers.getIfAvailable(() -> Observer.NONE)));
  }

  private static Selvedge connect(SelvedgeProperties properties, Observer observer) {
    return Client.of(
        ClientOptions.of(properties.serversToAsk().toArray(URI[]::new))
            .token(properties.token())
            .account(properties.account())
            .deadline(properties.deadline())
            .failFast(properties.failFast())
            .maxConcurrent(properties.maxConcurrent())
            .observer(observer));
  }

  /** The clock that a program has as a bean, or the system's. */
  static InstantSource clock(ObjectProvider<InstantSource> clocks) {
    return clocks.getIfUnique(InstantSource::system);
  }

  /** Opened when it is used first, so that a program starts before its store. */
  @Bean
  @Lazy
  @ConditionalOnMissingBean
  Namespace selvedgeNamespace(Selvedge selvedge, SelvedgeProperties properties) {
    return selvedge.namespace(properties.namespace());
  }

  @Bean(CODEC)
  @ConditionalOnMissingBean(name = CODEC)
  Codec<Object> codec(ApplicationContext context) {
    return new JavaCodec(
        Optional.ofNullable(context.getClassLoader()).orElseGet(ClassLoader::getSystemClassLoader));
  }

  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(HealthIndicator.class)
  @ConditionalOnEnabledHealthIndicator("selvedge")
  static class HealthConfiguration {

    @Bean
    @ConditionalOnMissingBean(name = "selvedgeHealthIndicator")
    SelvedgeHealthIndicator selvedgeHealthIndicator(
        Selvedge selvedge, SelvedgeProperties properties) {
      Supplier<Namespace> namespace = () -> selvedge.namespace(properties.namespace());
      return new SelvedgeHealthIndicator(namespace);
    }
  }

  /** Metrics, and spans where the program traces. */
  @Bean
  @ConditionalOnBean(ObservationRegistry.class)
  @ConditionalOnMissingBean
  Observer selvedgeObserver(ObservationRegistry registry) {
    return new MicrometerObserver(registry);
  }

  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(MeterRegistry.class)
  static class MetricsConfiguration {

    @Bean
    CacheMeterBinderProvider<SelvedgeCache> selvedgeCacheMeterBinderProvider() {
      return SelvedgeCacheMetrics::new;
    }
  }
}
