package selvedge.model;

import java.time.Duration;

/**
 * How a value is got.
 *
 * @param cacheTtl how old the copy may be that an edge answers with in a namespace that it does not
 *     replicate but cache
 */
public record Get(Duration cacheTtl) {

  /** As Workers KV does when nothing is said. */
  public static final Get PLAIN = new Get(Duration.ofSeconds(60));

  public Get {
    if (cacheTtl.isNegative()) {
      throw new InvalidRequestException("a cacheTtl is not negative: " + cacheTtl);
    }
  }
}
