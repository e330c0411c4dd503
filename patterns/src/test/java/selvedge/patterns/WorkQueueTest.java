package selvedge.patterns;

import static org.assertj.core.api.Assertions.assertThat;

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
