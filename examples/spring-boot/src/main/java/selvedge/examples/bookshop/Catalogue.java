package selvedge.examples.bookshop;

import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.stereotype.Service;

/** A slow catalogue of books, whose results are cached. */
@Service
public class Catalogue {
  private final Map<String, String> titles =
      Map.of("9780141439518", "Pride and Prejudice", "9780141439600", "A Tale of Two Cities");
  private final AtomicInteger lookups = new AtomicInteger();

  /** Returns the book, or null if there is none. Both results are cached. */
  @Cacheable(cacheNames = "books", sync = true)
  public @Nullable Book find(String isbn) {
    lookups.incrementAndGet();
    String title = titles.get(isbn);
    return title == null ? null : new Book(isbn, title, Instant.now());
  }

  @CacheEvict("books")
  public void forget(String isbn) {}

  @CacheEvict(cacheNames = "books", allEntries = true)
  public void forgetAll() {}

  /** Returns the number of lookups that were not cached. */
  public int lookups() {
    return lookups.get();
  }
}
