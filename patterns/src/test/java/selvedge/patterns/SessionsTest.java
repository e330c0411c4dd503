package selvedge.patterns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import selvedge.model.InvalidRequestException;
import selvedge.model.Put;
import selvedge.model.Version;

final class SessionsTest {
  private static final Duration HOUR = Duration.ofHours(1);

  private final Fixture at = new Fixture();
  private final Sessions sessions =
      new Sessions(at.namespace, "session/", HOUR, at.clock, new Random(1));

  @Test
  void aSessionLastsAsLongAsItIsUsed() {
    Session made = sessions.create("alice", Map.of("cart", "a&b=c"));
    for (int i = 0; i < 5; i++) {
      at.clock.advance(Duration.ofMinutes(50));
      Session read = sessions.get(made.id()).orElseThrow();
      assertThat(read.user()).isEqualTo("alice");
      assertThat(read.data()).isEqualTo(Map.of("cart", "a&b=c"));
    }
    at.clock.advance(HOUR);
    assertThat(sessions.get(made.id())).isEmpty();
    assertThat(sessions.of("alice")).isEmpty();
  }

  @Test
  void usingASessionIsWrittenDownOnlyWhenItMatters() {
    Session made = sessions.create("alice", Map.of());
    Version before = at.namespace.latest();
    at.clock.advance(Duration.ofMinutes(20));
    sessions.get(made.id());
    assertThat(at.namespace.latest()).isEqualTo(before);
    at.clock.advance(Duration.ofMinutes(20));
    sessions.get(made.id());
    assertThat(at.namespace.latest()).isGreaterThan(before);
  }

  @Test
  void aCrowdOfChangesLosesNone() throws InterruptedException {
    Session made = sessions.create("alice", Map.of());
    var number = new AtomicInteger();
    Crowd.of(
        Crowd.SIZE,
        () -> {
          String field = "f" + number.incrementAndGet();
          return sessions.update(
              made.id(),
              data -> {
                data.put(field, "v");
                return data;
              });
        });
    assertThat(sessions.get(made.id()).orElseThrow().data()).hasSize(Crowd.SIZE);
  }

  @Test
  void aSessionThatIsReadAndWrittenWholeLosesWhatOthersChanged() throws InterruptedException {
    var both = new CyclicBarrier(2);
    var number = new AtomicInteger();
    Crowd.of(
        2,
        () -> {
          Map<String, String> data =
              new HashMap<>(at.namespace.get("naive", Form.CODEC).orElse(Map.of()));
          both.await();
          data.put("f" + number.incrementAndGet(), "v");
          return at.namespace.put("naive", data, Form.CODEC, Put.PLAIN);
        });
    assertThat(at.namespace.get("naive", Form.CODEC).orElseThrow()).hasSize(1);
  }

  @Test
  void allSessionsOfAUserEndAndNobodyElses() {
    for (int i = 0; i < 20; i++) {
      sessions.create("alice", Map.of());
    }
    Session other = sessions.create("alice/b", Map.of());
    assertThat(sessions.of("alice")).hasSize(20);
    assertThat(sessions.destroyAll("alice")).isEqualTo(20);
    assertThat(sessions.of("alice")).isEmpty();
    assertThat(sessions.get(other.id())).isPresent();
    sessions.destroy(other.id());
    assertThat(sessions.get(other.id())).isEmpty();
    assertThat(at.namespace.keys("session/")).isEmpty();
  }

  @Test
  void aCookieCarriesTheIdAndNothingElseReadsIt() {
    var cookie = new SessionCookie("sid", true, "Lax", HOUR);
    assertThat(cookie.make("abc"))
        .isEqualTo("sid=abc; Path=/; HttpOnly; SameSite=Lax; Max-Age=3600; Secure");
    assertThat(cookie.clear()).contains("sid=;").contains("Max-Age=0");
    assertThat(cookie.parse("a=b; sid=abc; c=d")).contains("abc");
    assertThat(cookie.parse("xsid=no")).isEmpty();
    assertThat(cookie.parse("")).isEmpty();
    assertThatThrownBy(() -> new SessionCookie("sid", false, "None", HOUR))
        .isInstanceOf(InvalidRequestException.class);
  }
}
