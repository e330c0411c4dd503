package selvedge.spring;

import java.time.Duration;
import java.util.function.Supplier;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import selvedge.model.Aged;
import selvedge.model.Key;
import selvedge.model.Lookup;
import selvedge.model.Namespace;
import selvedge.model.ReadOptions;

/** Reports whether the store answers, its version, and the age of its answers. */
public final class SelvedgeHealthIndicator extends AbstractHealthIndicator {
  private static final Key PROBE = Key.of("health");

  private final Supplier<Namespace> namespace;

  /**
   * Creates an indicator without a request to the store.
   *
   * @param namespace returns the namespace that each check reads
   */
  public SelvedgeHealthIndicator(Supplier<Namespace> namespace) {
    super("Selvedge does not answer");
    this.namespace = namespace;
  }

  @Override
  protected void doHealthCheck(Health.Builder builder) {
    Aged answer = namespace.get().getAged(PROBE, ReadOptions.PLAIN);
    builder
        .up()
        .withDetail("version", version(answer.lookup()))
        .withDetail("age", answer.age().map(Duration::toString).orElse("unknown"));
  }

  private static long version(Lookup lookup) {
    return switch (lookup) {
      case Lookup.Found found -> found.asOf().number();
      case Lookup.Missing missing -> missing.asOf().number();
    };
  }
}
