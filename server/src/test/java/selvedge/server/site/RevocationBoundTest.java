package selvedge.server.site;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import selvedge.model.Bytes;
import selvedge.model.Limit;
import selvedge.model.Limits;
import selvedge.model.Profile;
import selvedge.model.testing.SettableClock;
import selvedge.server.api.Json;

final class RevocationBoundTest {
  private static final Limits FIVE_MINUTES =
      Limits.of(Profile.OPEN).with(Map.of(Limit.REVOCATION_BOUND_SECONDS, 300L));

  @TempDir Path data;

  private final SettableClock clock = new SettableClock(Instant.parse("2026-01-01T00:00:00Z"));
  private Optional<Duration> age = Optional.empty();

  private RevocationBound opened() {
    age = Optional.empty();
    return new RevocationBound(data, FIVE_MINUTES, () -> age, clock);
  }

  private static String status(RevocationBound bound) {
    Bytes json =
        Json.bytes(
            out -> {
              out.writeStartObject();
              bound.write(out);
              out.writeEndObject();
            });
    return json.utf8();
  }

  /** Advances the clock. The edge is disconnected if {@code since} is set. */
  private void pass(RevocationBound bound, Duration time, Duration since) {
    clock.advance(time);
    age = Optional.of(since);
    bound.step();
  }

  @Test
  void refusesTokensAfterTheBoundUntilTheOriginIsReachable() {
    RevocationBound bound = opened();
    pass(bound, Duration.ofMinutes(1), Duration.ZERO);
    assertThat(bound.isPast()).isFalse();

    pass(bound, Duration.ofMinutes(5), Duration.ofMinutes(5));
    assertThat(bound.isPast()).isFalse();
    pass(bound, Duration.ofSeconds(1), Duration.ofSeconds(301));

    assertThat(bound.isPast()).isTrue();
    assertThat(bound.reason()).contains("301 s", "300 s (revocation-bound-seconds)");
    assertThat(status(bound))
        .isEqualTo(
            "{\"revocation\":{\"bound_seconds\":300,\"cut_off_seconds\":301,\"refuses\":true}}");
    pass(bound, Duration.ofSeconds(1), Duration.ZERO);
    assertThat(bound.isPast()).isFalse();
  }

  @Test
  void aRestartNeitherExtendsNorShortensTheTime() {
    RevocationBound before = opened();
    pass(before, Duration.ofMinutes(10), Duration.ZERO);
    pass(before, Duration.ofMinutes(2), Duration.ofMinutes(2));

    clock.advance(Duration.ofMinutes(1));
    RevocationBound after = opened();
    assertThat(after.isPast()).as("after 3 minutes").isFalse();
    clock.advance(Duration.ofMinutes(2));
    after.step();
    assertThat(after.isPast()).as("after 5 minutes").isFalse();
    clock.advance(Duration.ofSeconds(1));
    after.step();
    assertThat(after.isPast()).as("after more than 5 minutes").isTrue();

    assertThat(opened().isPast()).as("after another restart").isTrue();
  }

  @Test
  void refusesTokensWithADamagedFileUntilTheOriginIsReachable() throws IOException {
    Files.writeString(data.resolve("last-contact"), "2026-");
    RevocationBound bound = opened();
    assertThat(bound.isPast()).isTrue();

    pass(bound, Duration.ZERO, Duration.ZERO);

    assertThat(bound.isPast()).isFalse();
    assertThat(Files.exists(data.resolve("last-contact"))).isTrue();
  }

  @Test
  void withoutABoundRefusesAndStoresNothing() {
    var bound =
        new RevocationBound(
            data, Limits.of(Profile.OPEN), () -> Optional.of(Duration.ofDays(30)), clock);
    bound.step();

    assertThat(bound.isPast()).isFalse();
    assertThat(status(bound)).isEqualTo("{}");
    assertThat(data).isEmptyDirectory();
  }
}
