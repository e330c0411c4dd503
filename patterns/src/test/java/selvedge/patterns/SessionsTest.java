package selvedge.patterns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import selvedge.model.Codec;
import selvedge.model.InvalidRequestException;
import selvedge.model.Version;
import selvedge.model.WriteOptions;

final class SessionsTest {
  private static final Duration HOUR = Duration.ofHours(1);

  private final Fixture at = new Fixture();
  private final Sessions sessions =
      new Sessions(at.namespace, "session/", SessionOptions.lifetime(HOUR).clock(at.clock));

  @Test
  void aSessionLastsAsLongAsItIsUsed() {
    Session made = sessions.create("alice", Map.of("cart", "a&b=c"));
    for (int i = 0; i < 5; i++) {
      at.clock.advance(Duration.ofMinutes(50));
      Session read = sessions.get(made.id()).orElseThrow();
      assertThat(read.user()).isEqualTo("alice");
      assertThat(read.data()).isEqualTo(Map.of("cart", "a&b=c"));
    }
    at.clock.advance(HOUR.plus(HOUR.dividedBy(10)));
    assertThat(sessions.get(made.id())).isEmpty();
    assertThat(sessions.of("alice")).isEmpty();
  }

  @Test
  void storesAUseOnlyAfterATenthOfTheLifetime() {
    Session made = sessions.create("alice", Map.of());
    Version before = at.namespace.latest();
    at.clock.advance(Duration.ofMinutes(5));
    sessions.get(made.id());
    assertThat(at.namespace.latest()).isEqualTo(before);
    at.clock.advance(Duration.ofMinutes(5));
    sessions.get(made.id());
    assertThat(at.namespace.latest()).isGreaterThan(before);
  }

  @Test
  void concurrentChangesAreAllKept() throws InterruptedException {
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
  void aNaiveSessionLosesConcurrentChanges() throws InterruptedException {
    var both = new CyclicBarrier(2);
    var number = new AtomicInteger();
    Crowd.of(
        2,
        () -> {
          String data = at.namespace.getText("naive").orElse("");
          both.await();
          return at.namespace.put("naive", data + "f" + number.incrementAndGet());
        });
    assertThat(at.namespace.getText("naive").orElseThrow()).hasSize(2);
  }

  @Test
  void endsAllSessionsOfOneUserOnly() {
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
  void aCookieCarriesTheIdAndScriptsCannotReadIt() {
    var cookie = SessionCookie.of("sid", HOUR);
    assertThat(cookie.make("abc"))
        .isEqualTo("sid=abc; Path=/; HttpOnly; SameSite=Lax; Max-Age=3600; Secure");
    for (String id : List.of("a\r\nSet-Cookie: admin=1", "a;Domain=evil", "a b", "")) {
      assertThatThrownBy(() -> cookie.make(id)).isInstanceOf(InvalidRequestException.class);
    }
    assertThat(cookie.clear()).contains("sid=;").contains("Max-Age=0");
    assertThat(cookie.parse("a=b; sid=abc; c=d")).contains("abc");
    assertThat(cookie.parse("xsid=no")).isEmpty();
    assertThat(cookie.parse("")).isEmpty();
    assertThatThrownBy(() -> SessionCookie.of("sid", HOUR).sameSite("None").secure(false))
        .isInstanceOf(InvalidRequestException.class);
  }

  @Test
  void aSessionLastsForItsLifetimeAfterTheLastUse() {
    Session made = sessions.create("alice", Map.of());
    at.clock.advance(Duration.ofMinutes(29));
    assertThat(sessions.get(made.id())).isPresent();
    at.clock.advance(Duration.ofMinutes(32));
    assertThat(sessions.get(made.id())).isPresent();
  }

  @Test
  void anAttributeDoesNotReplaceTheUser() {
    Session made = sessions.create("eve", Map.of("", "admin", "user", "admin"));
    Session read = sessions.get(made.id()).orElseThrow();
    assertThat(read.user()).isEqualTo("eve");
    assertThat(read.data()).isEqualTo(Map.of("", "admin", "user", "admin"));
    sessions.update(
        made.id(),
        data -> {
          data.put("", "root");
          return data;
        });
    assertThat(sessions.get(made.id()).orElseThrow().user()).isEqualTo("eve");
    assertThat(sessions.of("eve")).containsExactly(made.id());
  }

  @Test
  void anIdOfAnyLengthThatABrowserSendsIsNoSession() {
    for (String id : List.of("", "x".repeat(9_000), "a/b", "\u00e9\n", "..", "\ud800")) {
      assertThat(sessions.get(id)).isEmpty();
      assertThat(sessions.update(id, data -> data)).isEmpty();
      sessions.destroy(id);
    }
  }

  @Test
  void aSessionMayBeLargerThanOneBatchOfWritesTakes() {
    Session made = sessions.create("alice", Map.of("cart", "x".repeat(100_000)));
    assertThat(sessions.get(made.id()).orElseThrow().data().get("cart")).hasSize(100_000);
    assertThat(sessions.of("alice")).containsExactly(made.id());
  }

  @Test
  void aUserWithALongNameHasSessions() {
    Session made = sessions.create("u".repeat(2_000), Map.of());
    assertThat(sessions.of("u".repeat(2_000))).containsExactly(made.id());
    assertThat(sessions.destroyAll("u".repeat(2_000))).isEqualTo(1);
    assertThat(sessions.get(made.id())).isEmpty();
  }

  @Test
  void aSessionReportsItsTimesAndTypedAttributes() {
    Session made = sessions.create("alice", Map.of());
    at.clock.advance(Duration.ofMinutes(10));
    sessions.set(made.id(), "visits", 7L, Codec.NUMBER);
    Session read = sessions.all("alice").getFirst();
    assertThat(read.createdAt()).isEqualTo(made.createdAt());
    assertThat(read.lastAccessed()).isEqualTo(at.clock.instant());
    assertThat(read.expires()).isEqualTo(at.clock.instant().plus(HOUR));
    assertThat(read.get("visits", Codec.NUMBER)).contains(7L);
    assertThat(read.get("none", Codec.NUMBER)).isEmpty();
    assertThat(sessions.all("bob")).isEmpty();
  }

  @Test
  void aSessionWithoutAFormNumberIsReadAndWrittenWithOneWhenItIsUsed() {
    String id = "ab".repeat(24);
    Instant expires = at.clock.instant().plus(HOUR);
    at.namespace.put(
        "session/id/" + id, "=alice&form=1&cart=book", WriteOptions.PLAIN.expiresAt(expires));
    Session read = sessions.get(id).orElseThrow();
    assertThat(read.user()).isEqualTo("alice");
    assertThat(read.data()).isEqualTo(Map.of("form", "1", "cart", "book"));
    assertThat(at.namespace.getText("session/id/" + id).orElseThrow())
        .startsWith("{\"form\":1,\"user\":\"alice\",");
    at.clock.advance(Duration.ofMinutes(59));
    assertThat(sessions.get(id).orElseThrow().data()).isEqualTo(read.data());
  }
}
