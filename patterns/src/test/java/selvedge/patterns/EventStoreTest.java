package selvedge.patterns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import selvedge.model.Bytes;
import selvedge.model.Codec;
import selvedge.model.InvalidRequestException;
import selvedge.patterns.EventStore.Appended;
import selvedge.patterns.EventStore.Event;
import selvedge.patterns.EventStore.Folded;

final class EventStoreTest {
  private final Fixture at = new Fixture();
  private final EventStore events = new EventStore(at.namespace, "events/");

  private static Bytes data(long number) {
    return Bytes.utf8(Long.toString(number));
  }

  private void fill(String stream, int count) {
    for (int i = 0; i < count; i++) {
      assertThat(events.append(stream, i, data(i + 1))).isEqualTo(new Appended.At(i + 1));
    }
  }

  @Test
  void numbersEventsWithoutAGap() {
    fill("s", 3);
    assertThat(events.append("s", 2, data(9))).isEqualTo(new Appended.Conflict());
    assertThat(events.append("s", 7, data(9))).isEqualTo(new Appended.Conflict());
    assertThat(events.read("s", 1))
        .containsExactly(new Event(1, data(1)), new Event(2, data(2)), new Event(3, data(3)));
    assertThat(events.read("none", 1)).isEmpty();
    assertThatThrownBy(() -> events.append("a/b", 0, data(1)))
        .isInstanceOf(InvalidRequestException.class);
  }

  @Test
  void concurrentAppendsMakeOneHistory() throws InterruptedException {
    var conflicts = new AtomicInteger();
    Crowd.of(
        16,
        () -> {
          long last = 0;
          for (int i = 0; i < 10; i++) {
            while (!(events.append("s", last, data(1)) instanceof Appended.At)) {
              conflicts.incrementAndGet();
              last = events.read("s", last + 1).count() + last;
            }
            last++;
          }
          return last;
        });
    List<Long> numbers = events.read("s", 1).map(Event::number).toList();
    assertThat(numbers).hasSize(160).doesNotHaveDuplicates().isSorted();
    assertThat(numbers.getLast()).isEqualTo(160);
  }

  @Test
  void readsALongStreamFromAnyNumber() {
    fill("long", 2500);
    assertThat(events.read("long", 1)).hasSize(2500);
    assertThat(events.read("long", 2490).map(Event::number)).hasSize(11).startsWith(2490L);
    assertThat(events.read("long", 1).limit(3).map(Event::number)).containsExactly(1L, 2L, 3L);
  }

  @Test
  void aStreamInOneEntryLosesConcurrentEvents() {
    at.namespace.put("naive", "a");
    String one = at.namespace.getText("naive").orElse("");
    String other = at.namespace.getText("naive").orElse("");
    at.namespace.put("naive", one + "b");
    at.namespace.put("naive", other + "c");
    assertThat(at.namespace.getText("naive")).contains("ac");
  }

  @Test
  void aFoldBeginsWithTheLastSnapshot() {
    fill("s", 100);
    Folded<Long> all = sum("s");
    assertThat(all).isEqualTo(new Folded<>(5050L, 100));
    events.snapshot("s", all, Codec.NUMBER);
    events.snapshot("s", new Folded<>(1L, 1), Codec.NUMBER);
    for (long i = 1; i <= 90; i++) {
      at.namespace.delete("events/event/s/" + String.format("%019d", i));
    }
    events.append("s", 100, data(101));
    assertThat(sum("s")).isEqualTo(new Folded<>(5151L, 101));
  }

  private Folded<Long> sum(String stream) {
    return events.fold(
        stream, 0L, Codec.NUMBER, (sum, event) -> sum + Long.parseLong(event.data().utf8()));
  }

  @Test
  void aProjectionReceivesExistingAndLaterEventsOnce() {
    fill("s", 150);
    fill("other", 1);
    List<Long> seen = new ArrayList<>();
    try (EventStore.Projection projection = events.follow("s", 1)) {
      for (int i = 0; i < 100; i++) {
        seen.add(projection.next(Duration.ZERO).orElseThrow().number());
      }
      for (int i = 150; i < 180; i++) {
        events.append("s", i, data(i));
        events.append("other", i - 149, data(i));
      }
      for (var next = projection.next(Duration.ZERO);
          next.isPresent();
          next = projection.next(Duration.ZERO)) {
        seen.add(next.get().number());
      }
    }
    assertThat(seen).hasSize(180).doesNotHaveDuplicates().isSorted();
  }
}
