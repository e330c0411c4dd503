package selvedge.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.observation.ObservationRegistry;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.cache.autoconfigure.CacheAutoConfiguration;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.session.autoconfigure.SessionAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.session.SessionRepository;
import selvedge.client.Client;
import selvedge.client.Observer;
import selvedge.micrometer.MicrometerObserver;
import selvedge.model.Namespace;
import selvedge.model.Selvedge;
import selvedge.spring.cache.SelvedgeCaches;
import selvedge.spring.session.SelvedgeSessionRepository;

final class SelvedgeAutoConfigurationTest {
  private static final AutoConfigurations ALL =
      AutoConfigurations.of(
          SelvedgeAutoConfiguration.class,
          SelvedgeCacheAutoConfiguration.class,
          SelvedgeSessionAutoConfiguration.class,
          CacheAutoConfiguration.class,
          SessionAutoConfiguration.class);

  private final ApplicationContextRunner program =
      new ApplicationContextRunner().withConfiguration(ALL);
  private final ApplicationContextRunner inMemory =
      program.withPropertyValues("selvedge.in-memory=true");

  @Configuration(proxyBeanMethods = false)
  @EnableCaching
  static class Caching {}

  @Configuration(proxyBeanMethods = false)
  static class Observing {
    @Bean
    ObservationRegistry observationRegistry() {
      return ObservationRegistry.create();
    }
  }

  @Test
  void connectsToALocalServerByDefaultWithoutARequest() {
    program.run(
        context -> {
          assertThat(context).hasNotFailed().hasSingleBean(Client.class);
          assertThat(context).doesNotHaveBean(CacheManager.class);
          assertThat(context).doesNotHaveBean(SessionRepository.class);
        });
  }

  @Test
  void providesANamespaceAndTheHealthOfTheStore() {
    inMemory.run(
        context -> {
          context.getBean(Namespace.class).put("k", "v");
          assertThat(context.getBean(Selvedge.class).namespace("default").getText("k"))
              .contains("v");
          Health health = context.getBean(SelvedgeHealthIndicator.class).health();
          assertThat(health.getStatus()).isEqualTo(Status.UP);
          assertThat(health.getDetails()).containsEntry("version", 1L).containsKey("age");
        });
  }

  @Test
  void aStoreThatDoesNotAnswerIsDown() {
    program
        .withPropertyValues("selvedge.servers=http://127.0.0.1:1", "selvedge.deadline=1s")
        .run(
            context ->
                assertThat(context.getBean(SelvedgeHealthIndicator.class).health().getStatus())
                    .isEqualTo(Status.DOWN));
  }

  @Test
  void cachesAreInSelvedgeUnlessAnotherKindIsChosen() {
    ApplicationContextRunner caching = inMemory.withUserConfiguration(Caching.class);
    caching.run(context -> assertThat(context).hasSingleBean(SelvedgeCaches.class));
    caching
        .withPropertyValues("spring.cache.type=simple")
        .run(context -> assertThat(context).doesNotHaveBean(SelvedgeCaches.class));
    caching
        .withPropertyValues("selvedge.cache.enabled=false")
        .run(context -> assertThat(context).doesNotHaveBean(SelvedgeCaches.class));
  }

  @Test
  void sessionsAreInSelvedgeIfEnabled() {
    var web =
        new WebApplicationContextRunner()
            .withConfiguration(ALL)
            .withPropertyValues("selvedge.in-memory=true", "spring.session.timeout=5m");
    web.run(context -> assertThat(context).doesNotHaveBean(SessionRepository.class));
    web.withPropertyValues("selvedge.session.enabled=true")
        .run(
            context ->
                assertThat(
                        context
                            .getBean(SelvedgeSessionRepository.class)
                            .createSession()
                            .getMaxInactiveInterval())
                    .hasMinutes(5));
  }

  @Test
  void aClientIsObservedIfTheProgramHasARegistry() {
    program
        .withUserConfiguration(Observing.class)
        .run(
            context ->
                assertThat(context.getBean(Observer.class)).isInstanceOf(MicrometerObserver.class));
  }

  @Test
  void refusesContradictingProperties() {
    inMemory
        .withPropertyValues("selvedge.servers=http://127.0.0.1:5820")
        .run(
            context ->
                assertThat(context)
                    .getFailure()
                    .hasStackTraceContaining(
                        "selvedge.in-memory must not be set together with selvedge.servers or"
                            + " selvedge.directory"));
  }
}
