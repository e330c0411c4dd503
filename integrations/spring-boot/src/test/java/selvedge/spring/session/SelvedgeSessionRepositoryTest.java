package selvedge.spring.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.springframework.session.FindByIndexNameSessionRepository.PRINCIPAL_NAME_INDEX_NAME;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.session.SaveMode;
import org.springframework.session.UuidSessionIdGenerator;
import selvedge.model.Codec;
import selvedge.model.InvalidRequestException;
import selvedge.model.Namespace;
import selvedge.model.Selvedge;
import selvedge.model.Version;
import selvedge.model.testing.MemoryEdge;
import selvedge.model.testing.MemoryNamespaces;
import selvedge.model.testing.SettableClock;
import selvedge.spring.JavaCodec;

final class SelvedgeSessionRepositoryTest {
  private static final Duration IDLE = Duration.ofMinutes(30);

  private final SettableClock clock = new SettableClock(Instant.parse("2026-11-01T00:00:00Z"));
  private final MemoryNamespaces origin = new MemoryNamespaces(clock);
  private final Namespace namespace = Selvedge.of(origin).namespace("sessions");
  private final Codec<Object> codec =
      new JavaCodec(SelvedgeSessionRepositoryTest.class.getClassLoader());
  private SelvedgeSessionRepository sessions = repository(namespace, codec);

  @BeforeEach
  void writtenAtTheOrigin() {
    sessions = repository(namespace, codec);
  }

  private SelvedgeSessionRepository repository(Namespace in, Codec<Object> with) {
    return repository(in, with, SaveMode.ON_SET_ATTRIBUTE);
  }

  private SelvedgeSessionRepository repository(
      Namespace in, Codec<Object> with, SaveMode saveMode) {
    return new SelvedgeSessionRepository(
        () -> in,
        Duration.ofMinutes(1),
        new SelvedgeSessionRepository.Surroundings(
            IDLE, saveMode, with, UuidSessionIdGenerator.getInstance(), clock));
  }

  private SelvedgeSession found(String id) {
    return Objects.requireNonNull(sessions.findById(id), "the session is gone");
  }

  private String stored(String attribute, Object value) {
    SelvedgeSession session = sessions.createSession();
    session.setAttribute(attribute, value);
    sessions.save(session);
    return session.getId();
  }

  /** Runs a request: finds its session, uses it, and saves it. */
  private void use(String id) {
    SelvedgeSession session = found(id);
    session.setLastAccessedTime(clock.instant());
    sessions.save(session);
  }

  @Test
  void findsASavedSession() {
    String id = stored("name", "value");
    SelvedgeSession session = found(id);
    assertThat(session.<String>getAttribute("name")).isEqualTo("value");
    assertThat(session.getAttributeNames()).containsExactly("name");
    assertThat(session.getCreationTime()).isEqualTo(clock.instant());
    assertThat(session.getMaxInactiveInterval()).isEqualTo(IDLE);
    assertThat(session.isExpired()).isFalse();
    assertThat(sessions.findById("not " + id)).isNull();
    assertThat(sessions.findById("x".repeat(5000))).isNull();
  }

  @Test
  void mergesTheChangesOfConcurrentRequests() {
    String id = stored("before", 0);
    SelvedgeSession one = found(id);
    SelvedgeSession other = found(id);
    one.setAttribute("one", 1);
    other.setAttribute("other", 2);
    other.removeAttribute("before");
    sessions.save(one);
    sessions.save(other);
    assertThat(found(id).getAttributeNames()).containsExactlyInAnyOrder("one", "other");
  }

  @Test
  void aCrowdOfRequestsLosesNothing() throws InterruptedException {
    String id = stored("before", 0);
    CountDownLatch done = new CountDownLatch(16);
    for (int i = 0; i < 16; i++) {
      String name = "attribute " + i;
      Thread.startVirtualThread(
          () -> {
            SelvedgeSession session = found(id);
            session.setAttribute(name, "value");
            sessions.save(session);
            done.countDown();
          });
    }
    done.await();
    assertThat(found(id).getAttributeNames()).hasSize(17);
  }

  @Test
  void aSessionInUseLastsAndAnUnusedOneEnds() {
    String id = stored("name", "value");
    for (int i = 0; i < 10; i++) {
      clock.advance(Duration.ofMinutes(29));
      use(id);
    }
    clock.advance(IDLE.minusSeconds(1));
    assertThat(sessions.findById(id)).isNotNull();
    clock.advance(Duration.ofMinutes(4));
    assertThat(sessions.findById(id)).isNull();
  }

  @Test
  void aUseThatWasNotStoredExtendsTheSession() {
    String id = stored("name", "value");
    clock.advance(Duration.ofMinutes(2).plusSeconds(59));
    Version before = namespace.latest();
    use(id);
    assertThat(namespace.latest()).isEqualTo(before);
    clock.advance(IDLE);
    assertThat(sessions.findById(id)).isNotNull();
  }

  @Test
  void aDeletedSessionStaysDeleted() {
    String id = stored("name", "value");
    SelvedgeSession late = found(id);
    sessions.deleteById(id);
    late.setAttribute("late", true);
    sessions.save(late);
    assertThat(sessions.findById(id)).isNull();
  }

  @Test
  void aNewIdKeepsTheSession() {
    String before = stored(PRINCIPAL_NAME_INDEX_NAME, "alice");
    SelvedgeSession session = found(before);
    String after = session.changeSessionId();
    session.setAttribute("name", "value");
    sessions.save(session);
    assertThat(sessions.findById(before)).isNull();
    assertThat(found(after).getAttributeNames()).contains("name", PRINCIPAL_NAME_INDEX_NAME);
    assertThat(sessions.findByPrincipalName("alice")).containsOnlyKeys(after);
  }

  @Test
  void findsAllSessionsOfOnePrincipalOnly() {
    String one = stored(PRINCIPAL_NAME_INDEX_NAME, "alice");
    String other = stored(PRINCIPAL_NAME_INDEX_NAME, "alice");
    stored(PRINCIPAL_NAME_INDEX_NAME, "alice/" + one);
    assertThat(sessions.findByPrincipalName("alice")).containsOnlyKeys(one, other);
    sessions.deleteById(one);
    assertThat(sessions.findByPrincipalName("alice")).containsOnlyKeys(other);
    assertThat(sessions.findByIndexNameAndIndexValue("another index", "alice")).isEmpty();
  }

  @Test
  void findsASessionUnderItsNewPrincipal() {
    String id = stored(PRINCIPAL_NAME_INDEX_NAME, "alice");
    SelvedgeSession session = found(id);
    session.setAttribute(PRINCIPAL_NAME_INDEX_NAME, "bob");
    sessions.save(session);
    assertThat(sessions.findByPrincipalName("alice")).isEmpty();
    assertThat(sessions.findByPrincipalName("bob")).containsOnlyKeys(id);
    assertThat(namespace.keys("principal/")).hasSize(1);
  }

  @Test
  void aUsedSessionRemainsInTheIndex() {
    String id = stored(PRINCIPAL_NAME_INDEX_NAME, "alice");
    for (int i = 0; i < 100; i++) {
      clock.advance(Duration.ofMinutes(1));
      SelvedgeSession session = found(id);
      session.setLastAccessedTime(clock.instant());
      session.setAttribute("count", i);
      sessions.save(session);
    }
    assertThat(sessions.findByPrincipalName("alice")).containsOnlyKeys(id);
  }

  @Test
  void anEdgeWithoutASessionAsksTheOrigin() {
    MemoryEdge edge = origin.edge();
    edge.setLag(Duration.ofSeconds(5));
    sessions = repository(namespace, codec);
    String id = stored("name", "value");
    var elsewhere = repository(Selvedge.of(edge).namespace("sessions"), codec);
    assertThat(elsewhere.findById(id)).isNotNull();
  }

  @Test
  void anAttributeThatCannotBeDecodedIsLeftOutAndKept() {
    String id = stored(PRINCIPAL_NAME_INDEX_NAME, "alice");
    Codec<Object> newer =
        Codec.of(
            codec::encode,
            bytes -> {
              throw new InvalidRequestException("of another release");
            });
    sessions = repository(namespace, newer);
    SelvedgeSession session = found(id);
    assertThat(session.<String>getAttribute(PRINCIPAL_NAME_INDEX_NAME)).isNull();
    session.setAttribute("name", "value");
    sessions.save(session);
    sessions = repository(namespace, codec);
    assertThat(found(id).<String>getAttribute(PRINCIPAL_NAME_INDEX_NAME)).isEqualTo("alice");
    assertThat(sessions.findByPrincipalName("alice")).containsOnlyKeys(id);
  }

  @Test
  void savesAttributesThatWereReadIfConfigured() {
    sessions = repository(namespace, codec, SaveMode.ON_GET_ATTRIBUTE);
    String id = stored("count", new AtomicInteger(1));
    SelvedgeSession session = found(id);
    Objects.requireNonNull(session.<AtomicInteger>getAttribute("count")).incrementAndGet();
    sessions.save(session);
    assertThat(found(id).<AtomicInteger>getAttribute("count")).hasValue(2);
  }

  @Test
  void aSessionWithoutALimitDoesNotExpire() {
    SelvedgeSession session = sessions.createSession();
    session.setMaxInactiveInterval(Duration.ofSeconds(-1));
    sessions.save(session);
    clock.advance(Duration.ofSeconds(1));
    Version before = namespace.latest();
    use(session.getId());
    assertThat(namespace.latest()).isEqualTo(before);
    clock.advance(Duration.ofDays(1000));
    assertThat(sessions.findById(session.getId())).isNotNull();
  }

  @Test
  void refusesAnEntryThatIsNotASession() {
    namespace.put("id/odd", "text");
    assertThatThrownBy(() -> sessions.findById("odd")).isInstanceOf(InvalidRequestException.class);
  }
}
