package selvedge.examples.bookshop;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.ComponentScan.Filter;
import org.springframework.context.annotation.FilterType;
import selvedge.model.Selvedge;
import selvedge.model.testing.MemoryEdge;
import selvedge.model.testing.MemoryNamespaces;
import selvedge.model.testing.SettableClock;
import selvedge.spring.test.SelvedgeTest;

/** The catalogue and its cache on the fake, with a clock that the test sets. */
@SelvedgeTest(
    includeFilters = @Filter(type = FilterType.ASSIGNABLE_TYPE, classes = Catalogue.class),
    properties = "selvedge.cache.caches.books.refresh-ahead=0s")
final class CatalogueTest {
  private static final String ISBN = "9780141439518";

  @Autowired private Catalogue catalogue;
  @Autowired private SettableClock clock;
  @Autowired private MemoryEdge edge;
  @Autowired private MemoryNamespaces origin;

  @BeforeEach
  void forget() {
    edge.setLag(Duration.ZERO);
    catalogue.forgetAll();
  }

  @Test
  void aBookIsLookedUpOnce() {
    int before = catalogue.lookups();
    Book first = catalogue.find(ISBN);
    assertThat(catalogue.find(ISBN)).isEqualTo(first);
    assertThat(catalogue.lookups() - before).isEqualTo(1);
  }

  @Test
  void aMissingBookIsCachedForAMinute() {
    int before = catalogue.lookups();
    assertThat(catalogue.find("none")).isNull();
    assertThat(catalogue.find("none")).isNull();
    clock.advance(Duration.ofMinutes(1));
    assertThat(catalogue.find("none")).isNull();
    assertThat(catalogue.lookups() - before).isEqualTo(2);
  }

  @Test
  void aDistantEdgeRemovesABookLater() {
    catalogue.find(ISBN);
    edge.setLag(Duration.ofSeconds(1));
    clock.advance(Duration.ofSeconds(2));
    int before = catalogue.lookups();
    Selvedge.of(origin).namespace("cache").clear("books:");
    catalogue.find(ISBN);
    assertThat(catalogue.lookups() - before).isEqualTo(0);
    clock.advance(Duration.ofSeconds(1));
    catalogue.find(ISBN);
    assertThat(catalogue.lookups() - before).isEqualTo(1);
  }
}
