package selvedge.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.cache.autoconfigure.CacheAutoConfiguration;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.session.autoconfigure.SessionAutoConfiguration;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.cache.Cache;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import selvedge.client.Observer;
import selvedge.client.UnreachableException;
import selvedge.model.Namespace;
import selvedge.model.Selvedge;
import selvedge.model.testing.MemoryNamespaces;
import selvedge.model.testing.SettableClock;
import selvedge.spring.cache.SelvedgeCaches;
import selvedge.spring.session.SelvedgeFailureFilter;
import selvedge.spring.session.SelvedgeSessionRepository;
import selvedge.spring.session.SessionStoreException;

/** A program whose store does not answer. */
@Timeout(30)
final class OutageTest {
  private final AtomicBoolean down = new AtomicBoolean();
  private final SettableClock clock = new SettableClock(Instant.ofEpochSecond(1_000_000));

  /** A cached method of a program. */
  static class Catalogue {
    private final AtomicInteger calls = new AtomicInteger();

    @Cacheable("books")
    public String title(String isbn) {
      calls.incrementAndGet();
      return "title of " + isbn;
    }
  }

  @Configuration(proxyBeanMethods = false)
  @EnableCaching(proxyTargetClass = true)
  static class Program {
    @Bean
    Catalogue catalogue() {
      return new Catalogue();
    }

    @Bean
    AtomicInteger attempts() {
      return new AtomicInteger();
    }

    @Bean
    Observer observer(AtomicInteger attempts) {
      return attempt -> {
        attempts.incrementAndGet();
        return (status, time) -> {};
      };
    }
  }

  private static WebApplicationContextRunner program(String server) {
    return new WebApplicationContextRunner()
        .withConfiguration(
            AutoConfigurations.of(
                SelvedgeAutoConfiguration.class,
                SelvedgeCacheAutoConfiguration.class,
                SelvedgeSessionAutoConfiguration.class,
                CacheAutoConfiguration.class,
                SessionAutoConfiguration.class))
        .withUserConfiguration(Program.class)
        .withPropertyValues(
            "selvedge.servers=" + server,
            "selvedge.session.enabled=true",
            "selvedge.deadline=300ms");
  }

  @Test
  void aServerThatRefusesConnectionsIsTriedOnce() {
    program("http://127.0.0.1:1")
        .run(
            context -> {
              Catalogue catalogue = context.getBean(Catalogue.class);
              for (int i = 0; i < 20; i++) {
                assertThat(catalogue.title("1")).isEqualTo("title of 1");
              }
              var sessions = context.getBean(SelvedgeSessionRepository.class);
              assertThatThrownBy(() -> sessions.findById("some-session"))
                  .isInstanceOf(SessionStoreException.class);
              assertThat(context.getBean(SelvedgeHealthIndicator.class).health().getStatus())
                  .isEqualTo(Status.DOWN);

              assertThat(context.getBean("attempts", AtomicInteger.class)).hasValue(1);
              assertThat(context.getBean(SelvedgeCaches.class).pendingEvictions()).isEqualTo(1);
            });
  }

  @Test
  void aSilentServerIsTriedAFewTimesOnly() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      program("http://127.0.0.1:" + silent.getLocalPort())
          .run(
              context -> {
                Catalogue catalogue = context.getBean(Catalogue.class);
                for (int i = 0; i < 50; i++) {
                  assertThat(catalogue.title("1")).isEqualTo("title of 1");
                }
                assertThat(context.getBean("attempts", AtomicInteger.class)).hasValueLessThan(8);
              });
    }
  }

  @Test
  void aFailedEvictionIsMadeBeforeTheCacheIsReadAgain() {
    SelvedgeCaches caches = caches(10);
    Cache cache = caches.getCache("books");
    cache.put("k", "old");
    cache.put("other", "value");
    down.set(true);

    cache.evict("k");
    cache.put("put", "never stored");
    assertThat(cache.get("k")).isNull();
    assertThat(caches.pendingEvictions()).isEqualTo(2);

    down.set(false);
    while (caches.pendingEvictions() > 0) {
      assertThat(cache.get("k")).isNull();
    }
    assertThat(cache.get("k")).isNull();
    assertThat(cache.get("put")).isNull();
    assertThat(cache.get("other", String.class)).isEqualTo("value");
  }

  @Test
  void pastTheBoundTheWholeCacheIsCleared() {
    SelvedgeCaches caches = caches(10);
    Cache cache = caches.getCache("books");
    cache.put("other", "value");
    down.set(true);

    for (int i = 0; i < 100; i++) {
      cache.evict("k" + i);
    }
    assertThat(caches.pendingEvictions()).isEqualTo(1);

    down.set(false);
    while (caches.pendingEvictions() > 0) {
      Thread.onSpinWait();
    }
    assertThat(cache.get("other")).isNull();
  }

  @Test
  void triesPendingEvictionsOnceMoreAtTheEnd() {
    SelvedgeCaches caches = caches(10);
    Cache cache = caches.getCache("books");
    cache.put("k", "old");
    down.set(true);
    cache.evict("k");

    down.set(false);
    caches.destroy();

    assertThat(caches.pendingEvictions()).isZero();
    assertThat(caches(10).getCache("books").get("k")).isNull();
  }

  @Test
  void returnsALoadedValueThatCannotBeStored() {
    Cache cache = caches(10).getCache("books");
    assertThat(
            cache.<String>get(
                "k",
                () -> {
                  down.set(true);
                  return "loaded";
                }))
        .isEqualTo("loaded");
    assertThat(cache.<String>get("k", () -> "again")).isEqualTo("again");
  }

  @Test
  void aRequestWhoseSessionCannotBeReadIsAnsweredWith503() throws Exception {
    var status = new AtomicInteger();
    var body = new StringWriter();
    var response =
        (HttpServletResponse)
            Proxy.newProxyInstance(
                OutageTest.class.getClassLoader(),
                new Class<?>[] {HttpServletResponse.class},
                (proxy, method, arguments) ->
                    switch (method.getName()) {
                      case "isCommitted" -> false;
                      case "getWriter" -> new PrintWriter(body);
                      case "setStatus" -> {
                        status.set((int) arguments[0]);
                        yield null;
                      }
                      default -> null;
                    });
    var request =
        (ServletRequest)
            Proxy.newProxyInstance(
                OutageTest.class.getClassLoader(),
                new Class<?>[] {ServletRequest.class},
                (proxy, method, arguments) -> null);
    FilterChain chain =
        (ignored, also) ->
            program("http://127.0.0.1:1")
                .run(context -> context.getBean(SelvedgeSessionRepository.class).findById("some"));

    new SelvedgeFailureFilter().doFilter(request, response, chain);

    assertThat(status).hasValue(503);
  }

  private final Selvedge memory = MemoryNamespaces.selvedge(clock);

  private SelvedgeCaches caches(int pendingMax) {
    var properties =
        new SelvedgeProperties.Cache(
            true,
            "cache",
            Duration.ofMinutes(10),
            Duration.ZERO,
            Duration.ZERO,
            Duration.ofMinutes(1),
            true,
            pendingMax,
            Map.of());
    Selvedge breakable =
        new Selvedge() {
          @Override
          public Namespace namespace(String title) {
            return breakable(memory.namespace(title));
          }

          @Override
          public List<String> titles() {
            return memory.titles();
          }

          @Override
          public Namespace create(String title) {
            return breakable(memory.create(title));
          }

          @Override
          public void rename(String title, String newTitle) {
            memory.rename(title, newTitle);
          }

          @Override
          public void delete(String title) {
            memory.delete(title);
          }

          @Override
          public void close() {}
        };
    ClassLoader classes = OutageTest.class.getClassLoader();
    return new SelvedgeCaches(breakable, properties, new JavaCodec(classes), clock);
  }

  /** Returns a namespace that throws the exception of a client while the store is down. */
  private Namespace breakable(Namespace namespace) {
    return (Namespace)
        Proxy.newProxyInstance(
            OutageTest.class.getClassLoader(),
            new Class<?>[] {Namespace.class},
            (proxy, method, arguments) -> {
              if (down.get()) {
                throw new UnreachableException("down", null);
              }
              try {
                return method.invoke(namespace, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }
}
