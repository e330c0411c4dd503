package selvedge.spring;

import java.time.Duration;
import java.time.InstantSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.session.autoconfigure.SessionAutoConfiguration;
import org.springframework.boot.session.autoconfigure.SessionTimeout;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;
import org.springframework.session.MapSession;
import org.springframework.session.SessionIdGenerator;
import org.springframework.session.SessionRepository;
import org.springframework.session.UuidSessionIdGenerator;
import org.springframework.session.config.annotation.web.http.SpringHttpSessionConfiguration;
import org.springframework.web.servlet.DispatcherServlet;
import org.springframework.web.servlet.support.SessionFlashMapManager;
import selvedge.model.Codec;
import selvedge.model.Selvedge;
import selvedge.spring.session.SelvedgeFailureFilter;
import selvedge.spring.session.SelvedgeFlashMaps;
import selvedge.spring.session.SelvedgeSessionRepository;

/** Stores HTTP sessions in Selvedge if the configuration enables it. */
@AutoConfiguration(
    after = SelvedgeAutoConfiguration.class,
    before = SessionAutoConfiguration.class,
    beforeName = "org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration")
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnMissingBean(SessionRepository.class)
@ConditionalOnBooleanProperty("selvedge.session.enabled")
@Import(SpringHttpSessionConfiguration.class)
public final class SelvedgeSessionAutoConfiguration {

  /** Creates the configuration. Spring calls it. */
  public SelvedgeSessionAutoConfiguration() {}

  @Bean
  SelvedgeSessionRepository sessionRepository(
      Selvedge selvedge,
      SelvedgeProperties properties,
      @Qualifier(SelvedgeAutoConfiguration.CODEC) Codec<Object> codec,
      ObjectProvider<SessionIdGenerator> ids,
      ObjectProvider<InstantSource> clocks,
      ObjectProvider<SessionTimeout> timeouts) {
    SelvedgeProperties.Session session = properties.session();
    return new SelvedgeSessionRepository(
        () -> selvedge.namespace(session.namespace()),
        session.maxAge(),
        new SelvedgeSessionRepository.Surroundings(
            idle(timeouts),
            session.saveMode(),
            codec,
            ids.getIfAvailable(UuidSessionIdGenerator::getInstance),
            SelvedgeAutoConfiguration.clock(clocks)));
  }

  @Bean
  SelvedgeFailureFilter selvedgeFailureFilter() {
    return new SelvedgeFailureFilter();
  }

  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(SessionFlashMapManager.class)
  static class WebMvcConfiguration {
    private static final String PUBLISH_EVENTS = "spring.mvc.publish-request-handled-events";

    @Bean
    @ConditionalOnMissingBean(name = "flashMapManager")
    SelvedgeFlashMaps flashMapManager() {
      return new SelvedgeFlashMaps();
    }

    /**
     * Turns off the event after each request unless the program has turned it on: it contains the
     * id of the session, so the session of a request that does not use it would be read.
     */
    @Bean
    static BeanPostProcessor selvedgeRequestEvents(Environment environment) {
      return new BeanPostProcessor() {
        @Override
        public Object postProcessAfterInitialization(Object bean, String name) {
          if (bean instanceof DispatcherServlet servlet
              && !environment.getProperty(PUBLISH_EVENTS, Boolean.class, false)) {
            servlet.setPublishEvents(false);
          }
          return bean;
        }
      };
    }
  }

  /** Returns {@code spring.session.timeout}, or else {@code server.servlet.session.timeout}. */
  private static Duration idle(ObjectProvider<SessionTimeout> timeouts) {
    SessionTimeout configured = timeouts.getIfAvailable();
    Duration idle = configured == null ? null : configured.getTimeout();
    return idle == null ? MapSession.DEFAULT_MAX_INACTIVE_INTERVAL : idle;
  }
}
