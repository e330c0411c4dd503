package selvedge.spring.test;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.annotation.Bean;
import selvedge.model.Selvedge;
import selvedge.model.testing.MemoryEdge;
import selvedge.model.testing.MemoryNamespaces;
import selvedge.model.testing.SettableClock;
import selvedge.spring.SelvedgeAutoConfiguration;

/** Creates an edge in memory as the store, on a clock that the test sets. */
@AutoConfiguration(before = SelvedgeAutoConfiguration.class)
final class FakeSelvedgeAutoConfiguration {

  @Bean
  SettableClock selvedgeClock() {
    return new SettableClock(Instant.now().truncatedTo(ChronoUnit.MILLIS));
  }

  @Bean
  MemoryNamespaces selvedgeOrigin(SettableClock clock) {
    return new MemoryNamespaces(clock);
  }

  @Bean
  MemoryEdge selvedgeEdge(MemoryNamespaces origin) {
    return origin.edge();
  }

  @Bean
  Selvedge selvedge(MemoryEdge edge) {
    return Selvedge.of(edge);
  }
}
