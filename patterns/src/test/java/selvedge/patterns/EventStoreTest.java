package selvedge.patterns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import selvedge.model.Bytes;
import selvedge.model.Codec;
import selvedge.model.InvalidRequestException;
import selvedge.model.Key;
import selvedge.model.Lookup;
import selvedge.model.ReadOptions;
import selvedge.patterns.EventStore.Appended;
import selvedge.patterns.EventStore.Draft;
import selvedge.patterns.EventStore.Event;
import selvedge.patterns.EventStore.Folded;

final class EventStoreTest {
  private final Fixture at = new Fixture();
  private final EventStore events =
      new EventStore(at.namespace, "events/", new Random(1), at.clock);

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
    assertThat(events.read("s", 1).map(event -> event.number() + " " + event.data().utf8()))
        .containsExactly("1 1", "2 2", "3 3");
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

  @Test
  void anAppendWithoutANumberIsMadeAtTheEnd() throws InterruptedException {
    fill("s", 130);
    Event appended =
        new EventStore(at.namespace, "events/").append("s", "placed", Bytes.utf8("an order"));
    assertThat(appended.number()).isEqualTo(131);
    assertThat(events.last("s")).isEqualTo(131);
    assertThat(events.last("none")).isZero();
    Crowd.of(Crowd.SIZE, () -> events.append("s", "placed", data(1)));
    assertThat(events.read("s", 132).map(Event::number))
        .hasSize(Crowd.SIZE)
        .doesNotHaveDuplicates()
        .isSorted()
        .endsWith(131L + Crowd.SIZE);
  }

  @Test
  void findsTheEndOfAStreamThatWasDeletedOrHasOnlyItsSnapshot() {
    fill("s", 20);
    assertThat(events.last("s")).isEqualTo(20);
    events.snapshot("s", sum("s"), Codec.NUMBER);
    at.namespace.clear("events/event/s/");
    assertThat(events.append("s", "", data(21)).number()).isEqualTo(21);
    at.namespace.clear("events/");
    assertThat(events.append("s", "", data(1)).number()).isEqualTo(1);
  }

  @Test
  void anAppendThatIsRepeatedWithItsIdIsMadeOnce() {
    var draft = new Draft("placed", "order-7", data(1));
    assertThat(events.append("s", 0, draft)).isEqualTo(new Appended.At(1));
    assertThat(events.append("s", 0, draft)).isEqualTo(new Appended.At(1));
    assertThat(events.append("s", 0, new Draft("placed", "order-8", data(1))))
        .isEqualTo(new Appended.Conflict());
    assertThat(events.read("s", 1)).hasSize(1);
  }

  @Test
  void anEventHasTypeIdAndATimeThatNeverDecreases() {
    Instant start = at.clock.instant();
    Event first = events.append("s", new Draft("placed", "order-7", data(1)));
    assertThat(first).isEqualTo(new Event(1, "placed", "order-7", start, data(1)));
    var slow = new EventStore(at.namespace, "events/", new Random(1), () -> start.minusSeconds(5));
    Event second = slow.append("s", "paid", data(2));
    assertThat(second.at()).isEqualTo(start);
    assertThat(second.id()).hasSize(32);
    assertThat(events.read("s", 1)).containsExactly(first, second);
  }

  @Test
  void readsAStreamFromATime() {
    Instant start = at.clock.instant();
    for (int i = 1; i <= 150; i++) {
      events.append("s", "", data(i));
      at.clock.advance(Duration.ofSeconds(i % 3));
    }
    for (int seconds = -1; seconds <= 151; seconds++) {
      Instant from = start.plusSeconds(seconds);
      assertThat(events.readFrom("s", from).toList())
          .isEqualTo(events.read("s", 1).filter(event -> !event.at().isBefore(from)).toList());
    }
    assertThat(events.readFrom("none", start)).isEmpty();
    for (int i = 1; i <= 70; i++) {
      at.namespace.delete("events/event/s/" + Names.padded(i, 19));
    }
    assertThat(events.readFrom("s", start).findFirst().orElseThrow().number()).isEqualTo(71);
  }

  @Test
  void returnsTheLatestSnapshot() {
    assertThat(events.latestSnapshot("s", Codec.NUMBER)).isEmpty();
    fill("s", 3);
    events.snapshot("s", sum("s"), Codec.NUMBER);
    assertThat(events.latestSnapshot("s", Codec.NUMBER)).contains(new Folded<>(6L, 3));
  }

  @Test
  void keysDoNotDependOnTheLanguageOfTheMachine() {
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
      events.append("s", 0, data(1));
    } finally {
      Locale.setDefault(before);
    }
    assertThat(at.namespace.get(Key.of("events/event/s/0000000000000000001"), ReadOptions.PLAIN))
        .isInstanceOf(Lookup.Found.class);
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
