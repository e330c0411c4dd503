package selvedge.spring;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import java.net.URI;
import java.nio.file.Path;
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
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import selvedge.client.Client;
import selvedge.client.ClientOptions;
import selvedge.client.Observer;
import selvedge.micrometer.MicrometerObserver;
import selvedge.model.AccountId;
import selvedge.model.Codec;
import selvedge.model.Namespace;
import selvedge.model.Selvedge;
import selvedge.model.testing.MemoryNamespaces;
import selvedge.spring.cache.SelvedgeCache;
import selvedge.spring.cache.SelvedgeCacheMetrics;

/** Creates the store that the configuration names, its health indicator and its metrics. */
@AutoConfiguration(
    afterName = {
      "org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration"
    })
@EnableConfigurationProperties(SelvedgeProperties.class)
public final class SelvedgeAutoConfiguration {

  /** Name of the codec of caches and sessions. A bean of this name replaces it. */
  public static final String CODEC = "selvedgeCodec";

  /** Creates the configuration. Spring calls it. */
  public SelvedgeAutoConfiguration() {}

  @Bean
  @ConditionalOnMissingBean
  Selvedge selvedge(
      SelvedgeProperties properties,
      ObjectProvider<Observer> observers,
      ObjectProvider<InstantSource> clocks,
      ObjectProvider<SslBundles> bundles,
      ObjectProvider<SelvedgeClientCustomizer> customizers) {
    if (properties.inMemory()) {
      return MemoryNamespaces.selvedge(clock(clocks));
    }
    return properties
        .directory()
        .map(directory -> open(directory, properties))
        .orElseGet(
            () -> {
              ClientOptions options =
                  secured(options(properties), properties.sslBundle(), bundles)
                      .observer(observers.getIfAvailable(() -> Observer.NONE));
              for (SelvedgeClientCustomizer customizer : customizers.orderedStream().toList()) {
                options = customizer.apply(options);
              }
              return Client.of(options);
            });
  }

  private static Selvedge open(Path directory, SelvedgeProperties properties) {
    if (properties.servers().isEmpty()) {
      return Selvedge.open(directory);
    }
    URI origin = properties.servers().getFirst();
    return properties.token().isEmpty()
        ? Selvedge.open(directory, origin)
        : Selvedge.open(directory, origin, properties.token());
  }

  private static ClientOptions secured(
      ClientOptions options, String bundle, ObjectProvider<SslBundles> bundles) {
    return bundle.isEmpty()
        ? options
        : options.ssl(bundles.getObject().getBundle(bundle).createSslContext());
  }

  private static ClientOptions options(SelvedgeProperties properties) {
    ClientOptions options =
        ClientOptions.of(properties.serversToAsk().toArray(URI[]::new))
            .deadline(properties.deadline())
            .failFast(properties.failFast())
            .maxConcurrent(properties.maxConcurrent());
    if (!properties.token().isEmpty()) {
      options = options.token(properties.token());
    }
    if (!properties.account().isEmpty()) {
      options = options.account(new AccountId(properties.account()));
    }
    return options;
  }

  /** Returns the clock bean of the program, or the clock of the system. */
  static InstantSource clock(ObjectProvider<InstantSource> clocks) {
    return clocks.getIfUnique(InstantSource::system);
  }

  /** Opens the namespace at its first use, so that a program can start before its store. */
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

  /** Reports metrics, and spans in a program with tracing. */
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
