package selvedge.server.quota;

import java.util.StringJoiner;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/** The operations of one account in one day. Safe for use by many threads. */
final class Day {
  private final long number;
  private final AtomicLong reads = new AtomicLong();
  private final AtomicLong writes = new AtomicLong();
  private final AtomicLong deletes = new AtomicLong();
  private final AtomicLong lists = new AtomicLong();
  private final AtomicBoolean changed = new AtomicBoolean();

  /**
   * @param number days since 1970 in UTC
   */
  Day(long number) {
    this.number = number;
  }

  long number() {
    return number;
  }

  private AtomicLong counter(Quota quota) {
    return switch (quota) {
      case READS -> reads;
      case WRITES -> writes;
      case DELETES -> deletes;
      case LISTS -> lists;
    };
  }

  long used(Quota quota) {
    return counter(quota).get();
  }

  /**
   * Adds the count and returns the new sum; returns -1 and adds nothing if the sum would exceed the
   * limit.
   */
  long spend(Quota quota, long count, long most) {
    AtomicLong counter = counter(quota);
    while (true) {
      long used = counter.get();
      if (count > most - used) {
        return -1;
      }
      if (counter.compareAndSet(used, used + count)) {
        changed.set(true);
        return used + count;
      }
    }
  }

  void giveBack(Quota quota, long count) {
    counter(quota).addAndGet(-count);
    changed.set(true);
  }

  boolean takeChanged() {
    return changed.getAndSet(false);
  }

  /** Returns the day and the four counts, in the order of {@link Quota}. */
  String format() {
    var text = new StringJoiner(" ").add(Long.toString(number));
    for (Quota quota : Quota.values()) {
      text.add(Long.toString(used(quota)));
    }
    return text.toString();
  }

  static Day parse(String text) {
    String[] numbers = text.split(" ", -1);
    var day = new Day(Long.parseLong(numbers[0]));
    int at = 1;
    for (Quota quota : Quota.values()) {
      day.counter(quota).set(Long.parseLong(numbers[at]));
      at++;
    }
    return day;
  }
}
