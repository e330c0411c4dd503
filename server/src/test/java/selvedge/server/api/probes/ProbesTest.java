package selvedge.server.api.probes;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import selvedge.server.access.Admission;
import selvedge.server.access.OpenCaller;
import selvedge.server.api.Answer;
import selvedge.server.api.TestRequest;
import selvedge.server.health.Health;
import selvedge.server.health.State;

final class ProbesTest {
  private final AtomicReference<Health> health = new AtomicReference<>(Health.SERVING);
  private final AtomicReference<Optional<Duration>> age =
      new AtomicReference<>(Optional.of(Duration.ofSeconds(3)));
  private final Probes probes =
      new Probes(
          _ -> new Admission.Admitted(new OpenCaller(false)),
          health::get,
          age::get,
          Optional::empty,
          UnaryOperator.identity());

  private String ask(String target) {
    Answer answer = Answer.of(probes.answer(new TestRequest("GET", target)));
    return answer.response().status() + " " + answer.bytes().utf8();
  }

  @Test
  void aServerThatServesIsReadyForEverything() {
    assertThat(ask("/livez")).isEqualTo("200 alive\n");
    assertThat(ask("/readyz")).isEqualTo("200 ready\n");
    assertThat(ask("/readyz?for=writes")).isEqualTo("200 ready\n");
  }

  @Test
  void aServerThatCannotWriteIsReadyForReadsOnly() {
    health.set(new Health(State.READ_ONLY, "the disk is full", "/data has 3 bytes"));

    assertThat(ask("/livez")).startsWith("200");
    assertThat(ask("/readyz")).isEqualTo("200 ready\nread-only: the disk is full\n");
    assertThat(ask("/readyz?for=writes")).isEqualTo("503 read-only: the disk is full\n");
  }

  @Test
  void aServerThatStopsOrStartsIsNotReady() {
    health.set(new Health(State.DRAINING, "the server is stopping"));
    assertThat(ask("/readyz")).isEqualTo("503 draining: the server is stopping\n");
    health.set(new Health(State.RECOVERING, "a snapshot is being loaded"));
    assertThat(ask("/readyz?for=reads")).isEqualTo("503 recovering: a snapshot is being loaded\n");
  }

  @Test
  void aDamagedServerIsReady() {
    health.set(new Health(State.DAMAGED, "damaged in 1 places", "/data/000009.sst"));

    assertThat(ask("/readyz?for=writes")).isEqualTo("200 ready\ndamaged: damaged in 1 places\n");
  }

  @Test
  void aClientMayRequireAnAge() {
    assertThat(ask("/readyz?max_age=3")).startsWith("200");
    assertThat(ask("/readyz?max_age=2")).isEqualTo("503 stale: the data is 3 s old\n");
    age.set(Optional.empty());
    assertThat(ask("/readyz?max_age=2")).isEqualTo("503 stale: the age is not known yet\n");
    assertThat(ask("/readyz")).startsWith("200");
  }

  @Test
  void invalidQueriesAreRefused() {
    assertThat(ask("/readyz?for=all")).isEqualTo("400 for must be reads or writes, got all\n");
    assertThat(ask("/readyz?max_age=soon"))
        .isEqualTo("400 max_age must be a number of seconds, got soon\n");
  }
}
