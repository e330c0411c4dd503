package selvedge.verification.faults;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A search for a sequential order of calls in which all responses are right and that keeps the
 * real-time order of calls (the algorithm of Wing and Gong). It takes calls from the front while
 * their responses fit and backtracks otherwise. It checks each pair of a set of calls and a content
 * only once. Calls without a response may be in the order or not. A read that fits is never undone,
 * because it does not change the content. The content of a counter never gets smaller, so an order
 * is given up once it has passed what a later call must find. Of the calls without a response that
 * do the same, such as deletes, the one that began first is taken first.
 */
final class Order {
  private static final int PLACES_MAX = 500_000;

  private final List<Operation> operations;

  /** The largest content of a counter before each call; empty for a key that is no counter. */
  private final long[] countsBefore;

  private final int[] twinBefore;

  private final Moment first = new Moment(-1, 0, null);
  private final BitSet taken = new BitSet();
  private final Set<Place> seen = new HashSet<>();
  private String held;

  /** A call or its return, in a linked list that calls are removed from and added to again. */
  private static final class Moment {
    private final int operation;
    private final long time;
    private final @Nullable Moment end;
    private @Nullable Moment before;
    private @Nullable Moment after;

    /**
     * @param end the return of a call; null for a return and for a call without a response
     */
    Moment(int operation, long time, @Nullable Moment end) {
      this.operation = operation;
      this.time = time;
      this.end = end;
    }

    void takeOut() {
      if (before != null) {
        before.after = after;
      }
      if (after != null) {
        after.before = before;
      }
    }

    void putBack() {
      if (before != null) {
        before.after = this;
      }
      if (after != null) {
        after.before = this;
      }
    }
  }

  private record Place(BitSet taken, String held) {}

  private record Choice(Moment call, String heldBefore) {}

  /**
   * @param held the content of the key before the first call
   */
  Order(String held, List<Operation> operations) {
    this.held = held;
    this.operations = List.copyOf(operations);
    List<OptionalLong> counts = operations.stream().map(each -> each.step().countBefore()).toList();
    this.countsBefore =
        counts.stream().allMatch(OptionalLong::isPresent)
            ? counts.stream().mapToLong(OptionalLong::getAsLong).toArray()
            : new long[0];
    this.twinBefore = twins(this.operations);
  }

  /**
   * Returns for each call the last earlier one without a response that does the same; -1 if none.
   */
  private static int[] twins(List<Operation> operations) {
    int[] twins = new int[operations.size()];
    Arrays.fill(twins, -1);
    Map<Operation.Step, Integer> last = new HashMap<>();
    IntStream.range(0, operations.size())
        .filter(i -> !operations.get(i).isAnswered())
        .boxed()
        .sorted(Comparator.comparingLong(i -> operations.get(i).invoked()))
        .forEach(
            i -> {
              Integer before = last.put(operations.get(i).step(), i);
              twins[i] = before == null ? -1 : before;
            });
    return twins;
  }

  private List<Moment> moments() {
    List<Moment> moments = new ArrayList<>();
    for (int i = 0; i < operations.size(); i++) {
      Operation operation = operations.get(i);
      Moment end = operation.isAnswered() ? new Moment(i, operation.returned(), null) : null;
      moments.add(new Moment(i, operation.invoked(), end));
      if (end != null) {
        moments.add(end);
      }
    }
    moments.sort(Comparator.comparingLong(moment -> moment.time));
    return moments;
  }

  private void link() {
    Moment last = first;
    for (Moment moment : moments()) {
      last.after = moment;
      moment.before = last;
      last = moment;
    }
  }

  /** Returns whether there is one. Must be called once. */
  boolean exists() {
    link();
    ArrayDeque<Choice> choices = new ArrayDeque<>();
    long left = operations.stream().filter(Operation::isAnswered).count();
    Moment at = first.after;
    while (left > 0) {
      if (at != null && isCall(at)) {
        if (take(at, choices)) {
          left -= at.end == null ? 0 : 1;
          at = first.after;
        } else {
          at = at.after;
        }
      } else {
        boolean changed = false;
        while (!changed) {
          if (choices.isEmpty()) {
            return false;
          }
          Choice choice = choices.pop();
          Moment call = undo(choice);
          changed = !operations.get(call.operation).step().onlyReads();
          left += call.end == null ? 0 : 1;
          at = call.after;
        }
      }
    }
    return true;
  }

  private boolean isCall(Moment moment) {
    return moment.end != null || !operations.get(moment.operation).isAnswered();
  }

  private boolean take(Moment call, ArrayDeque<Choice> choices) {
    Optional<String> next = operations.get(call.operation).step().from(held);
    int twin = twinBefore[call.operation];
    if (next.isEmpty() || (twin >= 0 && !taken.get(twin))) {
      return false;
    }
    taken.set(call.operation);
    if (hasPassed(next.get())) {
      taken.clear(call.operation);
      return false;
    }
    if (seen.size() > PLACES_MAX) {
      throw new IllegalStateException("the search is too large for this history");
    }
    if (!seen.add(new Place((BitSet) taken.clone(), next.get()))) {
      taken.clear(call.operation);
      return false;
    }
    choices.push(new Choice(call, held));
    held = next.get();
    call.takeOut();
    if (call.end != null) {
      call.end.takeOut();
    }
    return true;
  }

  /** Returns whether a call of a counter that is left must find a smaller number. */
  private boolean hasPassed(String content) {
    for (int i = taken.nextClearBit(0); i < countsBefore.length; i = taken.nextClearBit(i + 1)) {
      if (countsBefore[i] < Operation.count(content)) {
        return true;
      }
    }
    return false;
  }

  private Moment undo(Choice choice) {
    Moment call = choice.call();
    if (call.end != null) {
      call.end.putBack();
    }
    call.putBack();
    taken.clear(call.operation);
    held = choice.heldBefore();
    return call;
  }
}
