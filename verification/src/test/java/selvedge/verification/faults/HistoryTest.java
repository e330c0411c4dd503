package selvedge.verification.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static selvedge.verification.faults.Operation.ABSENT;
import static selvedge.verification.faults.Operation.NEVER;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import selvedge.verification.process.Seed;

/** Tests the linearizability checker itself. */
final class HistoryTest {
  @RegisterExtension final Seed seed = new Seed();

  private static boolean isLinearizable(Operation... operations) {
    return new History(ABSENT, List.of(operations)).isLinearizable();
  }

  private static Operation call(long invoked, long returned, Operation.Step step) {
    return new Operation(0, invoked, returned, step);
  }

  private static Operation put(long invoked, long returned, String value) {
    return call(invoked, returned, new Operation.Put(value));
  }

  private static Operation get(long invoked, long returned, String value) {
    return call(invoked, returned, new Operation.Get(value));
  }

  private static Operation swap(
      long invoked, long returned, String from, String to, boolean swapped) {
    return call(invoked, returned, new Operation.Swap(from, to, swapped));
  }

  private static Operation add(long invoked, long returned, long amount, long sum) {
    return call(invoked, returned, new Operation.Add(amount, sum));
  }

  @Test
  void acceptsSequentialCalls() {
    assertThat(isLinearizable()).isTrue();
    assertThat(isLinearizable(get(1, 2, ABSENT), put(3, 4, "a"), get(5, 6, "a"))).isTrue();
  }

  @Test
  void rejectsAReadOfAReplacedValue() {
    assertThat(isLinearizable(put(1, 2, "a"), put(3, 4, "b"), get(5, 6, "a"))).isFalse();
  }

  @Test
  void rejectsAReadThatMissesAnAnsweredWrite() {
    assertThat(isLinearizable(put(1, 2, "a"), get(3, 4, ABSENT))).isFalse();
  }

  @Test
  void rejectsAReadOfAValueThatWasNotWritten() {
    assertThat(isLinearizable(put(1, 2, "a"), get(3, 4, "b"))).isFalse();
  }

  @Test
  void acceptsEitherOrderOfConcurrentCalls() {
    assertThat(isLinearizable(put(1, 5, "a"), put(2, 4, "b"), get(6, 7, "a"))).isTrue();
    assertThat(isLinearizable(put(1, 5, "a"), put(2, 4, "b"), get(6, 7, "b"))).isTrue();
  }

  @Test
  void rejectsReadersThatSeeDifferentOrders() {
    assertThat(isLinearizable(put(1, 10, "a"), put(1, 10, "b"), get(11, 12, "a"), get(13, 14, "b")))
        .isFalse();
    assertThat(isLinearizable(put(1, 10, "a"), get(2, 3, "a"), get(4, 5, ABSENT))).isFalse();
  }

  @Test
  void rejectsTwoSwapsOfTheSameValue() {
    assertThat(
            isLinearizable(put(1, 2, "a"), swap(3, 9, "a", "b", true), swap(3, 9, "a", "c", true)))
        .isFalse();
    assertThat(
            isLinearizable(put(1, 2, "a"), swap(3, 9, "a", "b", true), swap(3, 9, "a", "c", false)))
        .isTrue();
  }

  @Test
  void rejectsASwapThatWasRefusedAlthoughItsConditionHeld() {
    assertThat(isLinearizable(put(1, 2, "a"), swap(3, 4, "a", "b", false))).isFalse();
  }

  @Test
  void rejectsALostIncrement() {
    assertThat(isLinearizable(add(1, 9, 1, 1), add(2, 8, 1, 2), add(3, 7, 1, 3))).isTrue();
    assertThat(isLinearizable(add(1, 9, 1, 1), add(2, 8, 1, 1))).isFalse();
  }

  @Test
  void acceptsAnUnansweredCallThatHappensLateOrNever() {
    assertThat(isLinearizable(put(1, NEVER, "a"), get(2, 3, ABSENT), get(4, 5, "a"))).isTrue();
    assertThat(isLinearizable(put(1, NEVER, "a"), get(2, 3, ABSENT))).isTrue();
    assertThat(isLinearizable(put(1, NEVER, "a"), get(2, 3, "a"), get(4, 5, ABSENT))).isFalse();
    assertThat(
            isLinearizable(
                call(1, NEVER, new Operation.AddUnanswered(5)), add(2, 3, 1, 1), add(4, 5, 1, 7)))
        .isTrue();
  }

  @Test
  void acceptsADeleteThatHappensAfterAConcurrentPut() {
    assertThat(
            isLinearizable(
                call(1, 9, new Operation.Delete()), put(2, 8, "a"), get(3, 4, "a"), get(5, 6, "")))
        .isTrue();
  }

  @Test
  void acceptsTheHistoryOfARegisterAndRejectsItWithOneStaleRead() {
    SplittableRandom random = seed.random(0);
    List<Operation> operations = new ArrayList<>();
    String held = ABSENT;
    String replaced = "never";
    for (int i = 0; i < 1000; i++) {
      // Each call takes effect at 10 i and overlaps with up to ten other calls.
      long invoked = 10L * i - random.nextInt(50);
      long returned = 10L * i + random.nextInt(50);
      if (random.nextInt(3) == 0) {
        replaced = held;
        held = "v" + i;
        operations.add(put(invoked, returned, held));
      } else {
        operations.add(get(invoked, returned, held));
      }
    }

    assertThat(new History(ABSENT, operations).isLinearizable()).isTrue();

    operations.add(put(11_000, 11_001, "last"));
    operations.add(get(11_002, 11_003, replaced));
    assertThat(new History(ABSENT, operations).isLinearizable()).isFalse();
  }

  @Test
  void decidesACounterWithManyCallsWithoutAResponse() {
    List<Operation> calls = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      calls.add(call(i, NEVER, new Operation.AddUnanswered(1 + i % 9)));
    }
    long sum = 0;
    for (int i = 0; i < 200; i++) {
      long time = 100 + 10L * i;
      calls.add(add(time, time + 15, 1, sum + 3));
      calls.add(add(time + 1, time + 16, 2, sum + 2));
      sum += 3;
    }

    assertThat(new History(ABSENT, calls).isLinearizable()).isTrue();
    calls.add(get(10_000, 10_001, Long.toString(sum - 1)));
    assertThat(new History(ABSENT, calls).isLinearizable()).isFalse();
  }

  @Test
  void acceptsARegisterWithManyCallsWithoutAResponse() {
    List<Operation> calls = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      calls.add(call(2L * i, NEVER, new Operation.Put("open " + i)));
      calls.add(call(2L * i + 1, NEVER, new Operation.Delete()));
    }
    for (int i = 0; i < 100; i++) {
      long time = 1000 + 10L * i;
      calls.add(put(time, time + 15, "made " + i));
      calls.add(get(time + 2, time + 3, i % 3 == 0 ? ABSENT : "made " + i));
    }
    calls.add(get(5000, 5001, "open 99"));

    assertThat(new History(ABSENT, calls).isLinearizable()).isTrue();
  }
}
