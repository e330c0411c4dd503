package selvedge.patterns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import selvedge.model.Bytes;
import selvedge.model.InvalidRequestException;
import selvedge.patterns.WorkQueue.DeadLetter;
import selvedge.patterns.WorkQueue.Message;

@Timeout(30)
final class WorkQueueTest {
  private static final Duration LEASE = Duration.ofSeconds(10);

  private final Fixture at = new Fixture();
  private final WorkQueue queue = new WorkQueue(at.namespace, "queue/", new Random(1), at.clock);

  private Message taken() {
    return queue.take(LEASE).orElseThrow();
  }

  @Test
  void messagesAreTakenInTheirOrderAndOnce() {
    assertThat(queue.take(LEASE)).isEmpty();
    for (int i = 1; i <= 12; i++) {
      assertThat(queue.put(Bytes.utf8("m" + i))).isEqualTo(i);
    }
    for (int i = 1; i <= 12; i++) {
      Message message = taken();
      assertThat(message.number()).isEqualTo(i);
      assertThat(message.data()).isEqualTo(Bytes.utf8("m" + i));
    }
    assertThat(queue.take(LEASE)).isEmpty();
    assertThat(queue.size()).isEqualTo(12);
  }

  @Test
  void aMessageThatIsDoneIsRemoved() {
    queue.put(Bytes.utf8("m"));
    assertThat(queue.done(taken())).isTrue();
    at.clock.advance(LEASE);
    assertThat(queue.take(LEASE)).isEmpty();
    assertThat(at.namespace.keys("queue/").map(listed -> listed.key().name()))
        .containsExactly("queue/last");
  }

  @Test
  void aMessageIsTakenAgainWhenItsLeaseEndsOrWhenItIsGivenBack() {
    queue.put(Bytes.utf8("m"));
    Message lost = taken();
    at.clock.advance(LEASE);
    Message again = taken();
    assertThat(again.number()).isEqualTo(lost.number());
    assertThat(again.lease().fence()).isGreaterThan(lost.lease().fence());
    assertThat(queue.renew(lost, LEASE)).isEmpty();
    at.clock.advance(Duration.ofSeconds(6));
    Message renewed = queue.renew(again, LEASE).orElseThrow();
    at.clock.advance(Duration.ofSeconds(6));
    assertThat(queue.take(LEASE)).isEmpty();
    queue.giveBack(renewed);
    assertThat(queue.done(taken())).isTrue();
  }

  @Test
  void aMessageThatIsDoneAfterItsLeaseIsReportedAndRemoved() {
    queue.put(Bytes.utf8("m"));
    Message lost = taken();
    at.clock.advance(LEASE);
    Message again = taken();
    assertThat(queue.done(lost)).isFalse();
    assertThat(queue.size()).isZero();
    assertThat(queue.done(again)).isTrue();
  }

  @Test
  void aMessageBecomesADeadLetterAfterItsAttempts() {
    WorkQueue twice = queue.attemptsMax(2);
    twice.put(Bytes.utf8("poison"));
    twice.put(Bytes.utf8("good"));
    for (int attempt = 1; attempt <= 2; attempt++) {
      Message poison = twice.take(LEASE).orElseThrow();
      assertThat(poison.data()).isEqualTo(Bytes.utf8("poison"));
      assertThat(poison.attempt()).isEqualTo(attempt);
      at.clock.advance(LEASE);
    }

    Message next = twice.take(LEASE).orElseThrow();

    assertThat(next.data()).isEqualTo(Bytes.utf8("good"));
    assertThat(queue.dead())
        .containsExactly(
            new DeadLetter(
                1,
                Bytes.utf8("poison"),
                2,
                "it was taken 2 times and not done",
                at.clock.instant()));
    assertThat(queue.size()).isEqualTo(1);
  }

  @Test
  void aRejectedMessageIsADeadLetterAtOnce() {
    queue.put(Bytes.utf8("m"));

    assertThat(queue.reject(taken(), "no such customer, " + "x".repeat(1000))).isTrue();

    assertThat(queue.take(LEASE)).isEmpty();
    DeadLetter letter = queue.dead().findFirst().orElseThrow();
    assertThat(letter.reason()).startsWith("no such customer, xx").hasSize(150);
    assertThat(letter.attempts()).isEqualTo(1);
  }

  @Test
  void aDeadLetterIsPutBackOrRemoved() {
    queue.put(Bytes.utf8("m1"));
    queue.put(Bytes.utf8("m2"));
    queue.reject(taken(), "");
    queue.reject(taken(), "");
    List<DeadLetter> letters = queue.dead().toList();

    queue.putBack(letters.get(0));
    queue.remove(letters.get(1));

    assertThat(queue.dead()).isEmpty();
    Message again = taken();
    assertThat(again.number()).isEqualTo(1);
    assertThat(again.data()).isEqualTo(Bytes.utf8("m1"));
    assertThat(again.attempt()).isEqualTo(1);
  }

  @Test
  void aMessageThatIsGivenBackWithAPauseIsTakenAfterIt() {
    queue.put(Bytes.utf8("m"));
    queue.giveBack(taken(), Duration.ofMinutes(1));

    at.clock.advance(LEASE);
    assertThat(queue.take(LEASE)).isEmpty();
    at.clock.advance(Duration.ofMinutes(1));
    assertThat(taken().attempt()).isEqualTo(2);
  }

  @Test
  void theNumberOfAttemptsIsPositive() {
    assertThatThrownBy(() -> queue.attemptsMax(0))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessage("attemptsMax must be at least 1, got 0");
  }

  @Test
  void takesAMessageThatArrivesWhileItWaits() throws Exception {
    assertThat(queue.take(LEASE, Duration.ofMillis(1))).isEmpty();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Optional<Message>> waiting =
          threads.submit(() -> queue.take(LEASE, Duration.ofSeconds(30)));
      queue.put(Bytes.utf8("m"));
      assertThat(waiting.get().orElseThrow().data()).isEqualTo(Bytes.utf8("m"));
    }
  }

  @Test
  void concurrentWorkersTakeEachMessageOnce() throws InterruptedException {
    for (int i = 0; i < 100; i++) {
      queue.put(Bytes.utf8("m" + i));
    }
    List<List<Long>> numbers =
        Crowd.of(
            8,
            () -> {
              List<Long> taken = new ArrayList<>();
              for (Optional<Message> next = queue.take(LEASE);
                  next.isPresent();
                  next = queue.take(LEASE)) {
                taken.add(next.get().number());
                queue.done(next.get());
              }
              return taken;
            });
    assertThat(numbers.stream().flatMap(List::stream)).hasSize(100).doesNotHaveDuplicates();
  }
}
